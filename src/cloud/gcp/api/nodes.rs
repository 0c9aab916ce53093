//! Node pools.

use std::collections::BTreeMap;

use serde::Serialize;

use super::enabled::Enabled;
use crate::plan::{object::Ref, required::Required, tags::Tags};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct NodePool {
    pub(in crate::cloud::gcp) project: Required,
    pub(in crate::cloud::gcp) location: String,
    pub(in crate::cloud::gcp) cluster_ref: Ref,
    pub(in crate::cloud::gcp) node_locations: Option<Vec<String>>,
    pub(in crate::cloud::gcp) version: Option<String>,
    pub(in crate::cloud::gcp) node_count: Option<u32>,
    pub(in crate::cloud::gcp) autoscaling: Autoscaling,
    pub(in crate::cloud::gcp) management: Management,
    pub(in crate::cloud::gcp) upgrade_settings: UpgradeSettings,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cloud::gcp) node_drain_config: Option<[NodeDrain; 1]>,
    pub(in crate::cloud::gcp) node_config: NodeConfig,
}

/// What of a node pool is for its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct NodePoolInit {
    pub(in crate::cloud::gcp) initial_node_count: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct Autoscaling {
    pub(in crate::cloud::gcp) total_min_node_count: u32,
    pub(in crate::cloud::gcp) total_max_node_count: u32,
    pub(in crate::cloud::gcp) location_policy: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct Management {
    pub(in crate::cloud::gcp) auto_repair: bool,
    pub(in crate::cloud::gcp) auto_upgrade: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct UpgradeSettings {
    pub(in crate::cloud::gcp) strategy: &'static str,
    pub(in crate::cloud::gcp) max_surge: u32,
    pub(in crate::cloud::gcp) max_unavailable: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct NodeConfig {
    pub(in crate::cloud::gcp) machine_type: Required,
    pub(in crate::cloud::gcp) image_type: &'static str,
    pub(in crate::cloud::gcp) disk_type: &'static str,
    pub(in crate::cloud::gcp) disk_size_gb: u32,
    pub(in crate::cloud::gcp) spot: bool,
    pub(in crate::cloud::gcp) service_account_ref: Ref,
    pub(in crate::cloud::gcp) oauth_scopes: &'static [&'static str],
    pub(in crate::cloud::gcp) kubelet_config: KubeletConfig,
    pub(in crate::cloud::gcp) metadata: BTreeMap<String, String>,
    pub(in crate::cloud::gcp) workload_metadata_config: WorkloadMetadata,
    pub(in crate::cloud::gcp) shielded_instance_config: ShieldedInstance,
    pub(in crate::cloud::gcp) gvnic: Enabled,
    pub(in crate::cloud::gcp) gcfs_config: Enabled,
    pub(in crate::cloud::gcp) labels: BTreeMap<String, String>,
    pub(in crate::cloud::gcp) resource_labels: Tags,
    pub(in crate::cloud::gcp) guest_accelerator: Option<Vec<GuestAccelerator>>,
    pub(in crate::cloud::gcp) taint: Option<Vec<NodeTaint>>,
}

/// What happens to Pods when the pool is deleted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct NodeDrain {
    pub(in crate::cloud::gcp) respect_pdb_during_node_pool_deletion: bool,
}

/// Settings of the kubelet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct KubeletConfig {
    pub(in crate::cloud::gcp) cpu_cfs_quota: bool,
    pub(in crate::cloud::gcp) insecure_kubelet_readonly_port_enabled: &'static str,
}

impl KubeletConfig {
    /// GKE's own defaults. provider-gcp from v3.0.0 on panics on a node configuration without this
    /// block (Terraform 7.39, node_config.go: the value is null; provider-upjet-gcp#1023).
    pub(in crate::cloud::gcp) const DEFAULT: Self = Self {
        cpu_cfs_quota: true,
        insecure_kubelet_readonly_port_enabled: "FALSE",
    };
}

#[derive(Serialize)]
pub(in crate::cloud::gcp) struct WorkloadMetadata {
    pub(in crate::cloud::gcp) mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct ShieldedInstance {
    pub(in crate::cloud::gcp) enable_secure_boot: bool,
    pub(in crate::cloud::gcp) enable_integrity_monitoring: bool,
}

impl ShieldedInstance {
    /// What no boot can have changed.
    pub(in crate::cloud::gcp) const ON: Self = Self {
        enable_secure_boot: true,
        enable_integrity_monitoring: true,
    };
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct GuestAccelerator {
    #[serde(rename = "type")]
    pub(in crate::cloud::gcp) kind: &'static str,
    pub(in crate::cloud::gcp) count: u32,
    pub(in crate::cloud::gcp) gpu_driver_installation_config: GpuDriver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::gcp) struct GpuDriver {
    pub(in crate::cloud::gcp) gpu_driver_version: &'static str,
}

#[derive(Serialize)]
pub(in crate::cloud::gcp) struct NodeTaint {
    pub(in crate::cloud::gcp) key: String,
    pub(in crate::cloud::gcp) value: String,
    pub(in crate::cloud::gcp) effect: &'static str,
}
