//! The composite resource as its author means it: typed, defaulted and valid.

mod argocd;
mod budget;
pub mod defaults;
mod node_pool;
mod parse;
mod rules;
mod traffic;
mod validate;

use std::collections::BTreeMap;

use ipnet::{IpNet, Ipv4Net};
use serde::Serialize;

pub use argocd::{ArgoCd, Auth, AuthMode};
pub use budget::{Budget, Pods, Traffic};
pub use node_pool::{Capacity, Gpu, GpuModel, MachineTypes, NodePool, Size, Taint, TaintEffect};
pub(crate) use parse::cidrs;
pub use parse::parse;
pub(crate) use rules::{
    HOST, HOSTED_ZONE, NAMESPACE, PROVIDER_CONFIG, REQUEST_PATH, is_address, is_dns_label, is_label,
};
pub use traffic::{Steering, TrafficState};
pub use validate::{account, validate};

use crate::reader::Choice;

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

/// A cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Provider {
    /// Amazon Web Services: EKS.
    Aws,
    /// Google Cloud: GKE.
    Gcp,
}

impl Choice for Provider {
    const ALL: &'static [(&'static str, Self)] = &[("aws", Self::Aws), ("gcp", Self::Gcp)];
}

/// A Kubernetes minor version: `1.36`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The number after `1.`.
    pub minor: u16,
}

impl Version {
    /// Reads the minor version out of `1.36`, `1.36.2-gke.100` or `v1.36.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
        let digits = rest.split(['.', '-', '+']).next()?;
        let sound = digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit());
        Some(Self {
            minor: digits.parse().ok().filter(|_| sound)?,
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Who runs the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// The author declares node pools: EKS managed node groups, GKE Standard.
    Standard,
    /// The cloud adds nodes as Pods need them: EKS Auto Mode, GKE Autopilot.
    Auto,
}

impl Choice for Mode {
    const ALL: &'static [(&'static str, Self)] =
        &[("standard", Self::Standard), ("auto", Self::Auto)];
}

/// The cluster's own network.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// The private range everything in the network is cut from.
    pub cidr: Ipv4Net,
    /// How many zones to use.
    pub zones: u32,
    /// Which zones, instead of the region's first ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zone_names: Vec<String>,
    /// Outbound internet access of private nodes.
    pub nat: Nat,
}

impl Network {
    /// The named zones. They are a set: their order means nothing.
    pub fn sorted_zones(&self) -> Vec<String> {
        let mut zones = self.zone_names.clone();
        zones.sort_unstable();
        zones
    }
}

/// Outbound internet access of private nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Nat {
    /// Survives the loss of a zone.
    PerZone,
    /// One NAT gateway: cheaper, and a single zone carries it.
    Single,
    /// None at all.
    None,
}

impl Choice for Nat {
    const ALL: &'static [(&'static str, Self)] = &[
        ("perZone", Self::PerZone),
        ("single", Self::Single),
        ("none", Self::None),
    ];
}

/// Who can reach the control plane. It is always reachable from the cluster's own network.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Whether it can be reached from outside at all.
    pub public: bool,
    /// From where.
    pub allowed_cidrs: Vec<IpNet>,
}

/// Encryption of Kubernetes Secrets with a key of the customer's.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Encryption {
    /// An existing key: its ARN or resource name. Without one, a key is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
}

/// Add-ons of the cluster.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Addons {
    /// Pod networking and network policies.
    pub networking: Pinned,
    /// Service routing.
    pub kube_proxy: Pinned,
    /// Cloud identities for Pods.
    pub pod_identity: Pinned,
    /// Cluster DNS.
    pub dns: Pinned,
    /// Persistent volumes on block storage.
    pub block_storage: Switch,
    /// CPU and memory metrics for autoscalers.
    pub metrics_server: Switch,
}

/// An add-on that every cluster has.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pinned {
    /// Its version; the cloud's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An add-on that can be left out.
#[derive(Clone, Debug, Serialize)]
pub struct Switch {
    /// Whether the cluster has it.
    pub enabled: bool,
    /// Its version; the cloud's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Who may use the cluster: IAM principal ARNs on AWS, IAM members on GCP.
#[derive(Clone, Debug, Serialize)]
pub struct Access {
    /// Full control.
    pub admins: Vec<String>,
    /// Read only.
    pub viewers: Vec<String>,
}

/// The provider's credentials for the account or project.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderConfigRef {
    /// `ClusterProviderConfig` or `ProviderConfig`; the claims scope has only the latter and
    /// ignores this.
    pub kind: ProviderConfigKind,
    /// Its name.
    pub name: String,
}

/// The kind of a provider configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ProviderConfigKind {
    /// Cluster-scoped.
    ClusterProviderConfig,
    /// In the managed resources' namespace.
    ProviderConfig,
}

impl Choice for ProviderConfigKind {
    const ALL: &'static [(&'static str, Self)] = &[
        ("ClusterProviderConfig", Self::ClusterProviderConfig),
        ("ProviderConfig", Self::ProviderConfig),
    ];
}
