//! Values out of fixed lists.

use serde::Serialize;

/// A value out of a fixed list, such as `aws` or `gcp`.
pub trait Choice: Sized + Copy + PartialEq + 'static {
    /// Every value with its name in the API.
    const ALL: &'static [(&'static str, Self)];

    /// The value's name in the API.
    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, value)| *value == self)
            .map_or("", |(name, _)| name)
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

/// Whether a cluster serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TrafficState {
    /// It does.
    Active,
    /// New callers are sent elsewhere; its Pods stay, for late ones and for a short way back.
    Drained,
    /// New callers are sent elsewhere, and it has no Pods.
    Evacuated,
}

impl Choice for TrafficState {
    const ALL: &'static [(&'static str, Self)] = &[
        ("active", Self::Active),
        ("drained", Self::Drained),
        ("evacuated", Self::Evacuated),
    ];
}

/// How long a cloud supports a minor version of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SupportType {
    /// Some fourteen months, at no extra charge.
    Standard,
    /// About a year longer, at a higher price.
    Extended,
}

impl Choice for SupportType {
    const ALL: &'static [(&'static str, Self)] =
        &[("standard", Self::Standard), ("extended", Self::Extended)];
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "days have no more to say")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Choice for Day {
    const ALL: &'static [(&'static str, Self)] = &[
        ("monday", Self::Monday),
        ("tuesday", Self::Tuesday),
        ("wednesday", Self::Wednesday),
        ("thursday", Self::Thursday),
        ("friday", Self::Friday),
        ("saturday", Self::Saturday),
        ("sunday", Self::Sunday),
    ];
}

/// What must not happen for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Exclusion {
    /// Any upgrade.
    Upgrades,
    /// Another minor version, and any upgrade of nodes.
    MinorAndNodeUpgrades,
    /// Another minor version.
    MinorUpgrades,
}

impl Choice for Exclusion {
    const ALL: &'static [(&'static str, Self)] = &[
        ("upgrades", Self::Upgrades),
        ("minorAndNodeUpgrades", Self::MinorAndNodeUpgrades),
        ("minorUpgrades", Self::MinorUpgrades),
    ];
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
