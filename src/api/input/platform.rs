//! The Input as a whole.

use ipnet::IpNet;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    accounts::{self, Account},
    argocd::{self, ArgoCd, ArgoCdDraft},
    kubernetes_versions,
    members::{self, Members, MembersDraft},
    node_images::{self, NodeImage},
    price_book::{self, PriceBook},
    traffic::{self, Service, ServiceDraft},
    ttl::{self, Ttl, TtlDraft},
};
use crate::{
    api::{
        defaults,
        draft::{Entries, Field, Items, Maybe, drafted},
        minors::Minor,
        prices::Book,
        provider::{Clouds, PerCloud, Provider},
        reader::{Object, Optional as _},
        rules::NAMESPACE,
        spec::cidrs,
        violation::Violations,
    },
    wire::structpb::Struct,
};

/// `apiVersion` of the Input.
pub const API_VERSION: &str = "xcluster.fn.crossplane.io/v1beta1";

/// `kind` of the Input.
pub const KIND: &str = "Input";

drafted! {
    /// Platform facts.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Input, InputDraft {
        /// Accounts by the name of the provider configuration that reaches them.
        pub accounts: BTreeMap<String, Account> = Entries<String, Entries<Provider, Field<String>>>,
        /// Where clusters may be; anywhere when empty.
        pub allowed_regions: PerCloud<Vec<String>> = Entries<Provider, Items<Field<String>>>,
        /// Which machine types a pool may name; any when empty. Sizes are always allowed.
        pub allowed_machine_types: PerCloud<Vec<String>> = Entries<Provider, Items<Field<String>>>,
        /// From where control planes can be reached when a cluster names no ranges of its own.
        pub allowed_cidrs: Vec<IpNet> = Items<Field<IpNet>>,
        /// Whether authors may set `cloudName` and `argocd.name`. A provider adopts what it finds under a
        /// name, so a cluster that takes another one's name shares its fate: allow it only where all
        /// authors may administer all clusters of the account.
        pub allow_name_overrides: bool,
        /// Where the managed resources of cluster-scoped XRs live.
        pub resource_namespace: String,
        /// Minor versions of Kubernetes that go before those of the table of the release.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub kubernetes_versions: Vec<Minor> = Items<Field<Minor>>,
        /// Releases of node images that pools on EKS are brought to.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub node_images: Vec<NodeImage> = Items<Field<NodeImage>>,
        /// What the platform runs on clusters, by name, and on which.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        pub workloads: BTreeMap<String, Members> = Entries<String, MembersDraft>,
        /// How soon Crossplane asks again.
        pub ttl: Ttl = TtlDraft,
        /// The Argo CD that clusters are registered in.
        pub argocd: ArgoCd = ArgoCdDraft,
        /// The service that clusters serve, where its records in DNS are kept here.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub traffic: Option<Service> = Maybe<ServiceDraft>,
        /// Prices that go before those of the embedded price book.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub price_book: Option<PriceBook> = Maybe<Field<PriceBook>>,
    }
}

/// Reads the Input; `None` is an empty one. Every unknown field and wrong value is a violation.
pub fn parse(input: Option<&Struct>, clouds: Clouds<'_>, violations: &Violations) -> InputDraft {
    let empty = Struct::default();
    let input = input.unwrap_or(&empty);
    violations.reading(|violations| read(Object::of_struct("input", input, violations), clouds))
}

fn read(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> InputDraft {
    for (key, expected) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if let Ok(Some(found)) = object.value(key)
            && found.as_str() != Some(expected)
        {
            let fix = format!("use {expected}");
            object.refuse(key, found, "is not what this function reads", fix);
        }
    }
    let draft = InputDraft {
        accounts: accounts::accounts(&mut object, clouds),
        allowed_regions: accounts::per_cloud(object.object("allowedRegions"), clouds),
        allowed_machine_types: accounts::per_cloud(object.object("allowedMachineTypes"), clouds),
        allowed_cidrs: cidrs(&mut object, "allowedCidrs"),
        allow_name_overrides: object.boolean("allowNameOverrides", defaults::ALLOW_NAME_OVERRIDES),
        resource_namespace: object
            .string_that("resourceNamespace", &NAMESPACE)
            .default_to(defaults::RESOURCE_NAMESPACE),
        kubernetes_versions: kubernetes_versions::kubernetes_versions(&mut object, clouds),
        node_images: node_images::node_images(&mut object),
        workloads: members::workloads(&mut object),
        ttl: ttl::ttl(object.object("ttl")),
        argocd: argocd::argocd(object.object("argocd"), clouds),
        traffic: object.optional_object("traffic", traffic::read),
        price_book: object.optional_object("priceBook", |object| price_book::read(object, clouds)),
    };
    object.finish_except(&["metadata"]);
    draft
}

impl InputDraft {
    /// Prices that go before those of the embedded price book, where they are sound.
    pub fn prices(&self) -> Option<&Book> {
        let book = self.price_book.get().ok()??.as_ref().ok()?;
        Some(&book.prices)
    }

    /// Minor versions of Kubernetes that the platform adds or corrects.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when one of them is.
    pub fn minors(&self) -> Field<Vec<Minor>> {
        let rows = self.kubernetes_versions.all()?;
        Ok(rows.into_iter().cloned().collect())
    }

    /// The regions that the platform allows on a cloud; any when empty.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when one of them is.
    pub fn regions_on(&self, provider: Provider) -> Field<Vec<&String>> {
        list(&self.allowed_regions, provider)
    }

    /// The machine types that pools may name on a cloud; any when empty.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when one of them is.
    pub fn machine_types_on(&self, provider: Provider) -> Field<Vec<&String>> {
        list(&self.allowed_machine_types, provider)
    }
}

fn list(
    lists: &Entries<Provider, Items<Field<String>>>,
    provider: Provider,
) -> Field<Vec<&String>> {
    let list = lists.get()?.get(&provider);
    list.map_or(Ok(Vec::new()), Items::all)
}
