//! Node pools.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Enabled;
use crate::{object::Ref, tags::Tags};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct NodePool {
    pub(in crate::gcp) project: String,
    pub(in crate::gcp) location: String,
    pub(in crate::gcp) cluster_ref: Ref,
    pub(in crate::gcp) node_count: Option<u32>,
    pub(in crate::gcp) autoscaling: Autoscaling,
    pub(in crate::gcp) management: Management,
    pub(in crate::gcp) upgrade_settings: UpgradeSettings,
    pub(in crate::gcp) node_drain_config: [NodeDrain; 1],
    pub(in crate::gcp) node_config: NodeConfig,
}

/// What of a node pool is for its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct NodePoolInit {
    pub(in crate::gcp) initial_node_count: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct Autoscaling {
    pub(in crate::gcp) total_min_node_count: u32,
    pub(in crate::gcp) total_max_node_count: u32,
    pub(in crate::gcp) location_policy: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct Management {
    pub(in crate::gcp) auto_repair: bool,
    pub(in crate::gcp) auto_upgrade: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct UpgradeSettings {
    pub(in crate::gcp) strategy: &'static str,
    pub(in crate::gcp) max_surge: u32,
    pub(in crate::gcp) max_unavailable: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct NodeConfig {
    pub(in crate::gcp) machine_type: String,
    pub(in crate::gcp) image_type: &'static str,
    pub(in crate::gcp) disk_type: &'static str,
    pub(in crate::gcp) disk_size_gb: u32,
    pub(in crate::gcp) spot: bool,
    pub(in crate::gcp) service_account_ref: Ref,
    pub(in crate::gcp) oauth_scopes: &'static [&'static str],
    pub(in crate::gcp) kubelet_config: KubeletConfig,
    pub(in crate::gcp) metadata: BTreeMap<String, String>,
    pub(in crate::gcp) workload_metadata_config: WorkloadMetadata,
    pub(in crate::gcp) shielded_instance_config: ShieldedInstance,
    pub(in crate::gcp) gvnic: Enabled,
    pub(in crate::gcp) gcfs_config: Enabled,
    pub(in crate::gcp) labels: BTreeMap<String, String>,
    pub(in crate::gcp) resource_labels: Tags,
    pub(in crate::gcp) guest_accelerator: Option<Vec<GuestAccelerator>>,
    pub(in crate::gcp) taint: Option<Vec<NodeTaint>>,
}

/// What happens to Pods when the pool is deleted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct NodeDrain {
    pub(in crate::gcp) respect_pdb_during_node_pool_deletion: bool,
}

/// Settings of the kubelet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct KubeletConfig {
    pub(in crate::gcp) cpu_cfs_quota: bool,
    pub(in crate::gcp) insecure_kubelet_readonly_port_enabled: &'static str,
}

impl KubeletConfig {
    /// GKE's own defaults. provider-gcp v3.0.0 panics on a node configuration without this block
    /// (Terraform 7.39, node_config.go: the value is null).
    pub(in crate::gcp) const DEFAULT: Self = Self {
        cpu_cfs_quota: true,
        insecure_kubelet_readonly_port_enabled: "FALSE",
    };
}

#[derive(Serialize)]
pub(in crate::gcp) struct WorkloadMetadata {
    pub(in crate::gcp) mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct ShieldedInstance {
    pub(in crate::gcp) enable_secure_boot: bool,
    pub(in crate::gcp) enable_integrity_monitoring: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct GuestAccelerator {
    #[serde(rename = "type")]
    pub(in crate::gcp) kind: &'static str,
    pub(in crate::gcp) count: u32,
    pub(in crate::gcp) gpu_driver_installation_config: GpuDriver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gcp) struct GpuDriver {
    pub(in crate::gcp) gpu_driver_version: &'static str,
}

#[derive(Serialize)]
pub(in crate::gcp) struct NodeTaint {
    pub(in crate::gcp) key: String,
    pub(in crate::gcp) value: String,
    pub(in crate::gcp) effect: &'static str,
}
