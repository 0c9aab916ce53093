//! `forProvider` of the provider-gcp kinds used here: only fields that we set, each known to every
//! supported release (docs/compatibility.md). Checked against the CRDs by tests/it/conformance.rs.

use serde::Serialize;

use crate::plan::{
    object::{Ref, kinds},
    required::Required,
    tags::Tags,
};

mod enabled;
mod nodes;

pub(super) use enabled::Enabled;
pub(super) use nodes::{
    Autoscaling, GpuDriver, GuestAccelerator, KubeletConfig, Management, NodeConfig, NodeDrain,
    NodePool, NodePoolInit, NodeTaint, ShieldedInstance, UpgradeSettings, WorkloadMetadata,
};

kinds! {
    Network => "compute.gcp" "Network" "v1beta1" Function;
    Subnetwork => "compute.gcp" "Subnetwork" "v1beta2" Function;
    Router => "compute.gcp" "Router" "v1beta2" Function;
    RouterNat => "compute.gcp" "RouterNAT" "v1beta2" Function;
    GlobalAddress => "compute.gcp" "GlobalAddress" "v1beta1" Function;
    Project => "cloudplatform.gcp" "Project" "v1beta1" Function;
    ProjectService => "cloudplatform.gcp" "ProjectService" "v1beta1" Cloud;
    ProjectIamMember => "cloudplatform.gcp" "ProjectIAMMember" "v1beta2" Cloud;
    ServiceAccount => "cloudplatform.gcp" "ServiceAccount" "v1beta1" Function;
    KeyRing => "kms.gcp" "KeyRing" "v1beta1" Function;
    CryptoKey => "kms.gcp" "CryptoKey" "v1beta2" Function;
    CryptoKeyIamMember => "kms.gcp" "CryptoKeyIAMMember" "v1beta2" Cloud;
    Cluster => "container.gcp" "Cluster" "v1beta2" Function;
    NodePool => "container.gcp" "NodePool" "v1beta2" Function;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Network {
    pub(super) project: Required,
    pub(super) auto_create_subnetworks: bool,
    pub(super) routing_mode: &'static str,
    pub(super) description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subnetwork {
    pub(super) project: Required,
    pub(super) region: String,
    pub(super) network_ref: Ref,
    pub(super) ip_cidr_range: String,
    pub(super) private_ip_google_access: bool,
    pub(super) stack_type: &'static str,
    pub(super) secondary_ip_range: Vec<SecondaryRange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecondaryRange {
    pub(super) range_name: &'static str,
    pub(super) ip_cidr_range: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Router {
    pub(super) project: Required,
    pub(super) region: String,
    pub(super) network_ref: Ref,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RouterNat {
    pub(super) project: Required,
    pub(super) region: String,
    pub(super) router_ref: Ref,
    pub(super) nat_ip_allocate_option: &'static str,
    pub(super) source_subnetwork_ip_ranges_to_nat: &'static str,
    pub(super) enable_dynamic_port_allocation: bool,
    pub(super) enable_endpoint_independent_mapping: bool,
    pub(super) min_ports_per_vm: u32,
    pub(super) max_ports_per_vm: u32,
    pub(super) log_config: NatLog,
}

#[derive(Serialize)]
pub(super) struct NatLog {
    pub(super) enable: bool,
    pub(super) filter: &'static str,
}

/// Its name is in the external name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GlobalAddress {
    pub(super) project: Required,
    pub(super) address_type: &'static str,
}

/// Only observed; its name is in the external name.
#[derive(Serialize)]
pub(super) struct Project {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProjectService {
    pub(super) project: Required,
    pub(super) service: String,
    pub(super) disable_on_destroy: bool,
    pub(super) disable_dependent_services: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceAccount {
    pub(super) project: Required,
    pub(super) display_name: String,
}

#[derive(Serialize)]
pub(super) struct ProjectIamMember {
    pub(super) project: Required,
    pub(super) role: &'static str,
    pub(super) member: String,
    pub(super) condition: Option<IamCondition>,
}

#[derive(Serialize)]
pub(super) struct IamCondition {
    pub(super) title: String,
    pub(super) expression: Required,
}

#[derive(Serialize)]
pub(super) struct KeyRing {
    pub(super) project: Required,
    pub(super) location: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CryptoKey {
    pub(super) key_ring_ref: Ref,
    pub(super) purpose: &'static str,
    pub(super) rotation_period: &'static str,
    pub(super) labels: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CryptoKeyIamMember {
    pub(super) crypto_key_id_ref: Ref,
    pub(super) role: &'static str,
    pub(super) member: String,
}

/// A cluster. The fields of Standard and of Autopilot clusters exclude each other even where they
/// would be false or zero, so each is left out for the other.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster {
    pub(super) project: Required,
    pub(super) location: String,
    pub(super) description: String,
    pub(super) deletion_protection: bool,
    pub(super) min_master_version: String,
    pub(super) release_channel: ReleaseChannel,
    pub(super) maintenance_policy: Option<MaintenancePolicy>,
    pub(super) resource_labels: Tags,
    pub(super) network_ref: Option<Ref>,
    pub(super) subnetwork_ref: Option<Ref>,
    pub(super) ip_allocation_policy: IpAllocationPolicy,
    pub(super) private_cluster_config: PrivateClusterConfig,
    pub(super) control_plane_endpoints_config: ControlPlaneEndpoints,
    pub(super) master_authorized_networks_config: Option<AuthorizedNetworks>,
    pub(super) database_encryption: DatabaseEncryption,
    pub(super) gateway_api_config: Channel,
    pub(super) cost_management_config: Enabled,
    pub(super) security_posture_config: SecurityPosture,
    pub(super) enable_intranode_visibility: bool,
    pub(super) enable_autopilot: Option<bool>,
    pub(super) cluster_autoscaling: Option<ClusterAutoscaling>,
    pub(super) remove_default_node_pool: Option<bool>,
    pub(super) node_locations: Option<Vec<String>>,
    pub(super) datapath_provider: Option<&'static str>,
    pub(super) enable_shielded_nodes: Option<bool>,
    pub(super) enable_l4_ilb_subsetting: Option<bool>,
    pub(super) default_max_pods_per_node: Option<u32>,
    pub(super) master_auth: Option<MasterAuth>,
    pub(super) workload_identity_config: Option<WorkloadIdentity>,
    pub(super) addons_config: Option<AddonsConfig>,
    pub(super) logging_config: Option<Logging>,
    pub(super) monitoring_config: Option<Monitoring>,
}

#[derive(Default, Serialize)]
pub(super) struct ReleaseChannel {
    pub(super) channel: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MaintenancePolicy {
    pub(super) recurring_window: Option<RecurringWindow>,
    /// None where there is none: a provider writes no empty list, and would be sent one again and again.
    pub(super) maintenance_exclusion: Option<Vec<MaintenanceExclusion>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecurringWindow {
    pub(super) start_time: String,
    pub(super) end_time: String,
    pub(super) recurrence: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MaintenanceExclusion {
    pub(super) exclusion_name: String,
    pub(super) start_time: String,
    pub(super) end_time: String,
    pub(super) exclusion_options: ExclusionOptions,
}

#[derive(Serialize)]
pub(super) struct ExclusionOptions {
    pub(super) scope: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IpAllocationPolicy {
    pub(super) cluster_secondary_range_name: &'static str,
    pub(super) services_secondary_range_name: &'static str,
    pub(super) stack_type: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PrivateClusterConfig {
    pub(super) enable_private_nodes: bool,
    pub(super) enable_private_endpoint: bool,
    pub(super) master_global_access_config: Option<Enabled>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ControlPlaneEndpoints {
    pub(super) dns_endpoint_config: DnsEndpoint,
    pub(super) ip_endpoints_config: Enabled,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DnsEndpoint {
    pub(super) allow_external_traffic: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizedNetworks {
    pub(super) cidr_blocks: Vec<CidrBlock>,
    pub(super) gcp_public_cidrs_access_enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CidrBlock {
    pub(super) cidr_block: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DatabaseEncryption {
    pub(super) state: &'static str,
    pub(super) key_name: String,
}

#[derive(Default, Serialize)]
pub(super) struct Channel {
    pub(super) channel: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecurityPosture {
    pub(super) mode: &'static str,
    pub(super) vulnerability_mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClusterAutoscaling {
    pub(super) auto_provisioning_defaults: AutoProvisioning,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AutoProvisioning {
    pub(super) service_account: String,
    pub(super) oauth_scopes: &'static [&'static str],
}

/// What of a cluster is for its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClusterInit {
    pub(super) initial_node_count: u32,
    pub(super) node_config: DefaultPoolConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DefaultPoolConfig {
    pub(super) service_account_ref: Ref,
    pub(super) disk_type: &'static str,
    pub(super) disk_size_gb: u32,
    pub(super) shielded_instance_config: ShieldedInstance,
    pub(super) kubelet_config: KubeletConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MasterAuth {
    pub(super) client_certificate_config: ClientCertificate,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientCertificate {
    pub(super) issue_client_certificate: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkloadIdentity {
    pub(super) workload_pool: Required,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddonsConfig {
    pub(super) dns_cache_config: Enabled,
    pub(super) gce_persistent_disk_csi_driver_config: Enabled,
    pub(super) gcs_fuse_csi_driver_config: Enabled,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logging {
    pub(super) enable_components: &'static [&'static str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Monitoring {
    pub(super) enable_components: &'static [&'static str],
    pub(super) managed_prometheus: Enabled,
}
