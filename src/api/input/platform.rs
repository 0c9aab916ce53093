//! The Input as a whole.

use ipnet::IpNet;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    accounts::{self, Account},
    argocd::{self, ArgoCd},
    price_book::{self, PriceBook},
    traffic::{self, Service},
    ttl::{self, Ttl},
};
use crate::{
    api::{
        defaults,
        provider::{Clouds, PerCloud, Provider},
        reader::Object,
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

/// Platform facts.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// Accounts by the name of the provider configuration that reaches them.
    pub accounts: BTreeMap<String, Account>,
    /// Where clusters may be; anywhere when empty.
    pub allowed_regions: PerCloud<Vec<String>>,
    /// Which machine types a pool may name; any when empty. Sizes are always allowed.
    pub allowed_machine_types: PerCloud<Vec<String>>,
    /// From where control planes can be reached when a cluster names no ranges of its own.
    pub allowed_cidrs: Vec<IpNet>,
    /// Whether authors may set `cloudName` and `argocd.name`. A provider adopts what it finds under a
    /// name, so a cluster that takes another one's name shares its fate: allow it only where all
    /// authors may administer all clusters of the account.
    pub allow_name_overrides: bool,
    /// Where the managed resources of cluster-scoped XRs live.
    pub resource_namespace: String,
    /// How soon Crossplane asks again.
    pub ttl: Ttl,
    /// The Argo CD that clusters are registered in.
    pub argocd: ArgoCd,
    /// The service that clusters serve, where its records in DNS are kept here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Service>,
    /// Prices that go before those of the embedded price book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_book: Option<PriceBook>,
}

/// Reads the Input; `None` is an empty one. Every unknown field and wrong value is a violation.
pub fn parse(input: Option<&Struct>, clouds: Clouds<'_>, violations: &Violations) -> Input {
    let empty = Struct::default();
    let input = input.unwrap_or(&empty);
    let mut object = Object::of_struct("input", input, violations);
    for (key, expected) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if let Some(found) = object.value(key)
            && found.as_str() != Some(expected)
        {
            object.refuse(
                key,
                found,
                "is not what this function reads",
                format!("use {expected}"),
            );
        }
    }
    let parsed = Input {
        accounts: accounts::accounts(&mut object, clouds),
        allowed_regions: accounts::per_cloud(object.object("allowedRegions"), clouds),
        allowed_machine_types: accounts::per_cloud(object.object("allowedMachineTypes"), clouds),
        allowed_cidrs: cidrs(&mut object, "allowedCidrs"),
        allow_name_overrides: object.boolean("allowNameOverrides", defaults::ALLOW_NAME_OVERRIDES),
        resource_namespace: object
            .string_that("resourceNamespace", &NAMESPACE)
            .unwrap_or_else(|| defaults::RESOURCE_NAMESPACE.to_owned()),
        ttl: ttl::ttl(object.object("ttl")),
        argocd: argocd::argocd(object.object("argocd"), clouds),
        traffic: object.optional_object("traffic").and_then(traffic::read),
        price_book: object
            .optional_object("priceBook")
            .and_then(|object| price_book::read(object, clouds)),
    };
    object.finish_except(&["metadata"]);
    parsed
}

impl Input {
    /// The regions that the platform allows on a cloud; any when empty.
    pub fn regions_on(&self, provider: Provider) -> &[String] {
        list(&self.allowed_regions, provider)
    }

    /// The machine types that pools may name on a cloud; any when empty.
    pub fn machine_types_on(&self, provider: Provider) -> &[String] {
        list(&self.allowed_machine_types, provider)
    }
}

fn list(lists: &PerCloud<Vec<String>>, provider: Provider) -> &[String] {
    lists.get(&provider).map_or(&[], Vec::as_slice)
}
