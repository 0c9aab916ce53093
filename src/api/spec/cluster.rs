//! The composite's `spec` as a whole: types, ranges, formats and defaults. Rules that span fields are in [`crate::api::check`],
//! those of a cloud in its folder.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    access::{self, Access, Encryption},
    addons::{self, Addons},
    argocd::{self, ArgoCd},
    budget::{self, Budget},
    network::{self, Endpoint, Network},
    node_pool::{self, NodePool},
    provider_config::{self, ProviderConfigRef},
    traffic::{self, Steering},
    version::Version,
};
use crate::{
    api::{
        choice::Mode,
        defaults,
        provider::{Clouds, Provider, names},
        reader::Object,
        rules,
        violation::Violations,
    },
    wire::structpb::Value,
};

/// Most node pools a cluster may have. A pool is two objects, and Crossplane's circuit breaker
/// has a burst of 100 tokens.
const MOST_POOLS: usize = 20;
/// Most tags.
const MOST_TAGS: usize = 40;

/// Fields of `spec` that belong to Crossplane: of modern XRs, of XRs with claims, and of claims.
const CROSSPLANE_FIELDS: [&str; 12] = [
    "crossplane",
    "claimRef",
    "resourceRef",
    "resourceRefs",
    "compositionRef",
    "compositionSelector",
    "compositionRevisionRef",
    "compositionRevisionSelector",
    "compositionUpdatePolicy",
    "compositeDeletePolicy",
    "writeConnectionSecretToRef",
    "publishConnectionDetailsTo",
];

/// A cluster's specification. [`parse`] is the only way to make one.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// The cloud.
    pub provider: Provider,
    /// The cloud's region.
    pub region: String,
    /// A label on everything: `prod`, `staging`.
    pub environment: String,
    /// AWS account id or GCP project id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The name on the cloud's side, instead of the derived one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_name: Option<String>,
    /// The Kubernetes minor version to reach.
    pub kubernetes_version: Version,
    /// Who runs the nodes.
    pub mode: Mode,
    /// The cluster's own network.
    pub network: Network,
    /// Who can reach the control plane.
    pub endpoint: Endpoint,
    /// The node pools, in `standard` mode.
    pub node_pools: Vec<NodePool>,
    /// Encryption of Kubernetes Secrets.
    pub encryption: Encryption,
    /// Add-ons.
    pub addons: Addons,
    /// Who may use the cluster.
    pub access: Access,
    /// Tags (labels on GCP) for every cloud resource that takes them.
    pub tags: BTreeMap<String, String>,
    /// Registration in Argo CD.
    pub argocd: ArgoCd,
    /// What share of the service's traffic it takes.
    pub traffic: Steering,
    /// What it may cost, and what decides that besides the rest.
    pub budget: Budget,
    /// Refuse deletes.
    pub deletion_protection: bool,
    /// The provider's credentials.
    pub provider_config_ref: ProviderConfigRef,
}

impl Spec {
    /// The pools whose nodes take Pods without tolerations.
    pub fn pools_for_system_pods(&self) -> impl Iterator<Item = &NodePool> {
        self.node_pools
            .iter()
            .filter(|pool| pool.takes_system_pods())
    }
}

/// Reads `spec`. Returns it if every field was sound; the violations say what was not.
pub fn parse(spec: Option<Value<'_>>, clouds: Clouds<'_>, violations: &Violations) -> Option<Spec> {
    let mut object = Object::new("spec", spec, violations);
    let provider = object
        .need("provider", format!("set it to {}", names(clouds)))
        .provider(clouds);
    let region = object
        .need(
            "region",
            "set it to a region such as us-east-1 or europe-west1",
        )
        .string_that(&rules::REGION);
    let environment = object
        .need("environment", "set it to a name such as prod")
        .string_that(&rules::ENVIRONMENT);
    let version = object
        .need(
            "kubernetesVersion",
            "set it to a quoted minor version such as \"1.36\"",
        )
        .string_that(&rules::VERSION)
        .and_then(|text| Version::parse(&text));
    let account = object.string_that("account", &rules::ACCOUNT);
    let cloud_name = object.string_that("cloudName", &rules::CLOUD_NAME);
    let mode = object.choice("mode").unwrap_or(defaults::MODE);
    let network = network::network(object.object("network"));
    let endpoint = network::endpoint(object.object("endpoint"));
    let node_pools = object
        .list("nodePools", MOST_POOLS)
        .into_iter()
        .filter_map(|(path, item)| {
            node_pool::node_pool(Object::new(path, Some(item), violations), clouds)
        })
        .collect();
    let encryption = access::encryption(object.object("encryption"));
    let addons = addons::addons(object.object("addons"));
    let access = access::access(object.object("access"));
    let tags = object.map_that("tags", MOST_TAGS, &rules::TAG_KEY, &rules::TAG_VALUE);
    let argocd = argocd::argocd(object.object("argocd"));
    let traffic = traffic::traffic(object.object("traffic"));
    let budget = budget::budget(object.object("budget"));
    let deletion_protection = object.boolean("deletionProtection", defaults::DELETION_PROTECTION);
    let provider_config_ref =
        provider_config::provider_config_ref(object.object("providerConfigRef"));
    object.finish_except(&CROSSPLANE_FIELDS);
    Some(Spec {
        provider: provider?,
        region: region?,
        environment: environment?,
        account,
        cloud_name,
        kubernetes_version: version?,
        mode,
        network: network?,
        endpoint,
        node_pools,
        encryption,
        addons,
        access,
        tags,
        argocd,
        traffic,
        budget,
        deletion_protection,
        provider_config_ref,
    })
    .filter(|_| violations.is_empty())
}
