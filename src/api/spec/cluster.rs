//! The composite's `spec`: types, ranges, formats and defaults. Rules that span fields are in [`crate::api::check`], those
//! of a cloud in its folder.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    access::{self, Access, AccessDraft, Encryption, EncryptionDraft},
    addons::{self, Addons, AddonsDraft},
    argocd::{self, ArgoCd, ArgoCdDraft},
    budget::{self, Budget, BudgetDraft},
    maintenance::{self, Maintenance, MaintenanceDraft},
    network::{self, Endpoint, EndpointDraft, Network, NetworkDraft},
    node_pool::{self, NodePool, NodePoolDraft},
    provider_config::{self, ProviderConfigRef, ProviderConfigRefDraft},
    traffic::{self, Steering, SteeringDraft},
    upgrade::{self, Upgrade, UpgradeDraft},
    version::Version,
};
use crate::{
    api::{
        choice::Mode,
        defaults,
        draft::{Entries, Field, Items, Unsound, drafted},
        provider::{Clouds, Provider, names},
        reader::{Object, Optional as _},
        rules,
        violation::Violations,
    },
    wire::structpb::Value,
};

const A_REGION: &str = "set it to a region such as us-east-1 or europe-west1";
const A_VERSION: &str = "set it to a quoted minor version such as \"1.36\"";

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

drafted! {
    /// A cluster's specification.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Spec, SpecDraft {
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
        /// How it gets there.
        pub upgrade: Upgrade = UpgradeDraft,
        /// When the cloud may upgrade by itself.
        pub maintenance: Maintenance = MaintenanceDraft,
        /// Who runs the nodes.
        pub mode: Mode,
        /// The cluster's own network.
        pub network: Network = NetworkDraft,
        /// Who can reach the control plane.
        pub endpoint: Endpoint = EndpointDraft,
        /// The node pools, in `standard` mode.
        pub node_pools: Vec<NodePool> = Items<NodePoolDraft>,
        /// Encryption of Kubernetes Secrets.
        pub encryption: Encryption = EncryptionDraft,
        /// Add-ons.
        pub addons: Addons = AddonsDraft,
        /// Who may use the cluster.
        pub access: Access = AccessDraft,
        /// Tags (labels on GCP) for every cloud resource that takes them.
        pub tags: BTreeMap<String, String> = Entries<String, Field<String>>,
        /// Registration in Argo CD.
        pub argocd: ArgoCd = ArgoCdDraft,
        /// What share of the service's traffic it takes.
        pub traffic: Steering = SteeringDraft,
        /// What it may cost, and what decides that besides the rest.
        pub budget: Budget = BudgetDraft,
        /// Refuse deletes.
        pub deletion_protection: bool,
        /// The provider's credentials.
        pub provider_config_ref: ProviderConfigRef = ProviderConfigRefDraft,
    }
}

impl Spec {
    /// The pools whose nodes take Pods without tolerations.
    pub fn pools_for_system_pods(&self) -> impl Iterator<Item = &NodePool> {
        self.node_pools
            .iter()
            .filter(|pool| pool.takes_system_pods())
    }
}

/// Reads `spec`. The violations say what is not sound.
pub fn parse(spec: Option<Value<'_>>, clouds: Clouds<'_>, violations: &Violations) -> SpecDraft {
    violations.reading(|violations| read(Object::new("spec", spec, violations), clouds))
}

fn read(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> SpecDraft {
    let draft = SpecDraft {
        provider: object
            .need("provider", format!("set it to {}", names(clouds)))
            .provider(clouds),
        region: object.need("region", A_REGION).string_that(&rules::REGION),
        environment: object
            .need("environment", "set it to a name such as prod")
            .string_that(&rules::ENVIRONMENT),
        kubernetes_version: object
            .need("kubernetesVersion", A_VERSION)
            .string_that(&rules::VERSION)
            .and_then(|text| Version::parse(&text).ok_or(Unsound)),
        upgrade: upgrade::upgrade(object.object("upgrade")),
        maintenance: maintenance::maintenance(object.object("maintenance")),
        account: object.string_that("account", &rules::ACCOUNT),
        cloud_name: object.string_that("cloudName", &rules::CLOUD_NAME),
        mode: object.choice("mode").default_to(defaults::MODE),
        network: network::network(object.object("network")),
        endpoint: network::endpoint(object.object("endpoint")),
        node_pools: object.items("nodePools", MOST_POOLS, |spec, path, pool| {
            node_pool::node_pool(spec.child(path, pool), clouds)
        }),
        encryption: access::encryption(object.object("encryption")),
        addons: addons::addons(object.object("addons")),
        access: access::access(object.object("access")),
        tags: object.map_that("tags", MOST_TAGS, &rules::TAG_KEY, &rules::TAG_VALUE),
        argocd: argocd::argocd(object.object("argocd")),
        traffic: traffic::traffic(object.object("traffic")),
        budget: budget::budget(object.object("budget")),
        deletion_protection: object.boolean("deletionProtection", defaults::DELETION_PROTECTION),
        provider_config_ref: provider_config::provider_config_ref(
            object.object("providerConfigRef"),
        ),
    };
    object.finish_except(&CROSSPLANE_FIELDS);
    draft
}
