//! The composite resource as its author means it: typed, defaulted and valid.

pub mod defaults;
mod parse;
mod rules;
mod validate;

use std::collections::BTreeMap;

use ipnet::{IpNet, Ipv4Net};
use serde::Serialize;

pub(crate) use parse::cidrs;
pub use parse::parse;
pub(crate) use rules::{NAMESPACE, PROVIDER_CONFIG};
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

/// A Kubernetes minor version: `1.34`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The number after `1.`.
    pub minor: u16,
}

impl Version {
    /// Reads the minor version out of `1.34`, `1.34.2-gke.100` or `v1.34.1`.
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

/// A group of equal nodes that scales together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodePool {
    /// Its name, unique in the cluster.
    pub name: String,
    /// Hardware by name, equal on both clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Hardware by each cloud's own name.
    #[serde(skip_serializing_if = "MachineTypes::is_empty")]
    pub machine_types: MachineTypes,
    /// GPUs per node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<Gpu>,
    /// Fewest nodes, over all zones.
    pub min: u32,
    /// Most nodes, over all zones.
    pub max: u32,
    /// How the nodes are bought.
    pub capacity: Capacity,
    /// Root disk, in GiB.
    pub disk_gib: u32,
    /// Kubernetes node labels.
    pub labels: BTreeMap<String, String>,
    /// Kubernetes node taints.
    pub taints: Vec<Taint>,
    /// Extra nodes during an upgrade.
    pub max_surge: u32,
    /// Nodes that may be missing during an upgrade.
    pub max_unavailable: u32,
    /// Whether the cluster is Ready only when this pool is.
    pub required: bool,
}

/// Hardware by name. vCPU and memory are equal on both clouds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Size {
    /// 2 vCPU, 8 GiB.
    Small,
    /// 4 vCPU, 16 GiB.
    Medium,
    /// 8 vCPU, 32 GiB.
    Large,
    /// 16 vCPU, 64 GiB.
    Xlarge,
}

impl Choice for Size {
    const ALL: &'static [(&'static str, Self)] = &[
        ("small", Self::Small),
        ("medium", Self::Medium),
        ("large", Self::Large),
        ("xlarge", Self::Xlarge),
    ];
}

/// Machine types by each cloud's own name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MachineTypes {
    /// EC2 instance types, best first; more than one helps spot capacity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aws: Vec<String>,
    /// The Compute Engine machine type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gcp: Option<String>,
}

impl MachineTypes {
    fn is_empty(&self) -> bool {
        self.aws.is_empty() && self.gcp.is_none()
    }
}

/// GPUs of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gpu {
    /// The model.
    #[serde(rename = "type")]
    pub model: GpuModel,
    /// How many a node has.
    pub count: u32,
}

/// A GPU model that both clouds rent out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum GpuModel {
    /// NVIDIA L4, 24 GiB.
    #[serde(rename = "nvidia-l4")]
    L4,
    /// NVIDIA A100, 40 GiB.
    #[serde(rename = "nvidia-a100-40gb")]
    A100,
    /// NVIDIA A100, 80 GiB.
    #[serde(rename = "nvidia-a100-80gb")]
    A100Large,
    /// NVIDIA H100, 80 GiB.
    #[serde(rename = "nvidia-h100-80gb")]
    H100,
    /// NVIDIA H200, 141 GiB.
    #[serde(rename = "nvidia-h200-141gb")]
    H200,
}

impl Choice for GpuModel {
    const ALL: &'static [(&'static str, Self)] = &[
        ("nvidia-l4", Self::L4),
        ("nvidia-a100-40gb", Self::A100),
        ("nvidia-a100-80gb", Self::A100Large),
        ("nvidia-h100-80gb", Self::H100),
        ("nvidia-h200-141gb", Self::H200),
    ];
}

/// How nodes are bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Capacity {
    /// At list price, kept until given back.
    OnDemand,
    /// Cheap, taken away at short notice.
    Spot,
}

impl Choice for Capacity {
    const ALL: &'static [(&'static str, Self)] =
        &[("onDemand", Self::OnDemand), ("spot", Self::Spot)];
}

/// A Kubernetes node taint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value; may be empty.
    pub value: String,
    /// What it does.
    pub effect: TaintEffect,
}

/// What a taint does to Pods that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TaintEffect {
    /// They are not scheduled.
    NoSchedule,
    /// They are scheduled elsewhere if possible.
    PreferNoSchedule,
    /// They are evicted.
    NoExecute,
}

impl Choice for TaintEffect {
    const ALL: &'static [(&'static str, Self)] = &[
        ("NoSchedule", Self::NoSchedule),
        ("PreferNoSchedule", Self::PreferNoSchedule),
        ("NoExecute", Self::NoExecute),
    ];
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

/// Registration in Argo CD.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCd {
    /// Whether to register at all.
    pub register: bool,
    /// The cluster's name in Argo CD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Argo CD's namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// How Argo CD proves who it is.
    pub auth: Auth,
    /// More labels on the cluster Secret.
    pub labels: BTreeMap<String, String>,
    /// More annotations on the cluster Secret.
    pub annotations: BTreeMap<String, String>,
    /// Tell Argo CD to leave the cluster alone.
    pub skip_reconcile: bool,
}

/// How Argo CD proves to the cluster who it is.
#[derive(Clone, Debug, Serialize)]
pub struct Auth {
    /// The way; the platform's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AuthMode>,
}

/// A keyless way for Argo CD to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthMode {
    /// EKS target; Argo CD has an AWS role by Pod Identity or IRSA.
    AwsPodIdentity,
    /// EKS target; Argo CD runs elsewhere and trades a projected token for an AWS role.
    AwsWebIdentity,
    /// EKS target; Argo CD has an AWS profile.
    AwsProfile,
    /// EKS target; Argo CD is the EKS capability.
    EksCapability,
    /// GKE target; Argo CD has Google application default credentials.
    GcpAdc,
    /// GKE target; Argo CD runs elsewhere and uses workload identity federation.
    GcpWif,
}

impl Choice for AuthMode {
    const ALL: &'static [(&'static str, Self)] = &[
        ("awsPodIdentity", Self::AwsPodIdentity),
        ("awsWebIdentity", Self::AwsWebIdentity),
        ("awsProfile", Self::AwsProfile),
        ("eksCapability", Self::EksCapability),
        ("gcpAdc", Self::GcpAdc),
        ("gcpWif", Self::GcpWif),
    ];
}

impl AuthMode {
    /// The modes of a cloud, as a message names them.
    pub fn names_on(provider: Provider) -> String {
        let of_cloud = Self::ALL
            .iter()
            .filter(|(_, mode)| mode.provider() == provider);
        let names: Vec<_> = of_cloud.map(|(name, _)| *name).collect();
        names.join(" or ")
    }

    /// The cloud whose clusters it reaches.
    pub fn provider(self) -> Provider {
        match self {
            Self::AwsPodIdentity
            | Self::AwsWebIdentity
            | Self::AwsProfile
            | Self::EksCapability => Provider::Aws,
            Self::GcpAdc | Self::GcpWif => Provider::Gcp,
        }
    }
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
