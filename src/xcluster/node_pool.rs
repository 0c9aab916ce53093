//! Node pools.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::reader::Choice;

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
    #[serde(rename = "diskGiB")]
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
    pub(super) fn is_empty(&self) -> bool {
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
