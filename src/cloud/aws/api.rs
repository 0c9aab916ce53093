//! `forProvider` of the provider-aws kinds used here: only fields that we set, each known to every
//! supported release (docs/compatibility.md). Strings where the CRD has strings ("true", versions). Checked against
//! the CRDs by tests/it/conformance.rs.

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
    BlockDevice, Ebs, LaunchTemplate, MetadataOptions, NodeGroup, NodeGroupInit, NodeGroupTaint,
    NodeGroupTemplate, ScalingConfig, TagSpecification, UpdateConfig,
};

kinds! {
    Vpc => "ec2.aws" "VPC" "v1beta1" Cloud;
    Subnet => "ec2.aws" "Subnet" "v1beta1" Cloud;
    InternetGateway => "ec2.aws" "InternetGateway" "v1beta1" Cloud;
    Eip => "ec2.aws" "EIP" "v1beta1" Cloud;
    NatGateway => "ec2.aws" "NATGateway" "v1beta1" Cloud;
    RouteTable => "ec2.aws" "RouteTable" "v1beta1" Cloud;
    Route => "ec2.aws" "Route" "v1beta2" Fields;
    RouteTableAssociation => "ec2.aws" "RouteTableAssociation" "v1beta1" Cloud;
    LaunchTemplate => "ec2.aws" "LaunchTemplate" "v1beta2" Cloud;
    Role => "iam.aws" "Role" "v1beta1" Function;
    KmsKey => "kms.aws" "Key" "v1beta1" Cloud;
    Alias => "kms.aws" "Alias" "v1beta1" Function;
    LogGroup => "cloudwatchlogs.aws" "Group" "v1beta1" Function;
    Cluster => "eks.aws" "Cluster" "v1beta2" Function;
    NodeGroup => "eks.aws" "NodeGroup" "v1beta2" Function;
    Addon => "eks.aws" "Addon" "v1beta1" Fields;
    AccessEntry => "eks.aws" "AccessEntry" "v1beta1" Fields;
    AccessPolicyAssociation => "eks.aws" "AccessPolicyAssociation" "v1beta1" Fields;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Vpc {
    pub(super) region: String,
    pub(super) cidr_block: String,
    pub(super) enable_dns_hostnames: bool,
    pub(super) enable_dns_support: bool,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subnet {
    pub(super) region: String,
    /// The zone by its letter, which is another zone in another account.
    pub(super) availability_zone: Option<String>,
    /// The zone by its id, which is the same in every account. Terraform takes one of the two.
    pub(super) availability_zone_id: Option<String>,
    pub(super) cidr_block: String,
    pub(super) map_public_ip_on_launch: bool,
    pub(super) vpc_id_ref: Ref,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InternetGateway {
    pub(super) region: String,
    pub(super) vpc_id_ref: Ref,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
pub(super) struct Eip {
    pub(super) region: String,
    pub(super) domain: &'static str,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NatGateway {
    pub(super) region: String,
    pub(super) connectivity_type: &'static str,
    pub(super) allocation_id_ref: Ref,
    pub(super) subnet_id_ref: Ref,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RouteTable {
    pub(super) region: String,
    pub(super) vpc_id_ref: Ref,
    pub(super) tags: Tags,
}

/// A route of one table to one gateway; the table by reference, or by id where it is the VPC's own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Route {
    pub(super) region: String,
    pub(super) destination_cidr_block: &'static str,
    pub(super) route_table_id: Option<String>,
    pub(super) route_table_id_ref: Option<Ref>,
    pub(super) gateway_id_ref: Option<Ref>,
    pub(super) nat_gateway_id_ref: Option<Ref>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RouteTableAssociation {
    pub(super) region: String,
    pub(super) route_table_id_ref: Ref,
    pub(super) subnet_id_ref: Ref,
}

/// A role. `managedPolicyArns` is the exclusive list of its policies: one object instead of one per
/// policy, and nothing that could be attached beside it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Role {
    pub(super) assume_role_policy: Required,
    pub(super) description: String,
    pub(super) managed_policy_arns: Vec<String>,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KmsKey {
    pub(super) region: String,
    pub(super) description: String,
    pub(super) enable_key_rotation: bool,
    pub(super) deletion_window_in_days: u32,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Alias {
    pub(super) region: String,
    pub(super) target_key_id_ref: Ref,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogGroup {
    pub(super) region: String,
    pub(super) retention_in_days: u32,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster {
    pub(super) region: String,
    pub(super) version: String,
    /// Whether EKS upgrades although its readiness checks advise against it.
    pub(super) force_update_version: Option<bool>,
    pub(super) role_arn: Option<String>,
    pub(super) role_arn_ref: Ref,
    pub(super) bootstrap_self_managed_addons: bool,
    pub(super) deletion_protection: bool,
    pub(super) access_config: AccessConfig,
    pub(super) compute_config: Option<ComputeConfig>,
    pub(super) enabled_cluster_log_types: &'static [&'static str],
    pub(super) encryption_config: EncryptionConfig,
    pub(super) kubernetes_network_config: KubernetesNetworkConfig,
    pub(super) storage_config: Option<StorageConfig>,
    pub(super) upgrade_policy: UpgradePolicy,
    pub(super) vpc_config: VpcConfig,
    pub(super) zonal_shift_config: Enabled,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessConfig {
    pub(super) authentication_mode: &'static str,
    pub(super) bootstrap_cluster_creator_admin_permissions: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ComputeConfig {
    pub(super) enabled: bool,
    pub(super) node_pools: &'static [&'static str],
    pub(super) node_role_arn: String,
}

#[derive(Serialize)]
pub(super) struct EncryptionConfig {
    pub(super) provider: EncryptionKey,
    pub(super) resources: &'static [&'static str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EncryptionKey {
    pub(super) key_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KubernetesNetworkConfig {
    pub(super) ip_family: &'static str,
    pub(super) service_ipv4_cidr: &'static str,
    pub(super) elastic_load_balancing: Option<Enabled>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StorageConfig {
    pub(super) block_storage: Enabled,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpgradePolicy {
    pub(super) support_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VpcConfig {
    pub(super) endpoint_private_access: bool,
    pub(super) endpoint_public_access: bool,
    pub(super) public_access_cidrs: Option<Vec<String>>,
    pub(super) subnet_id_refs: Vec<Ref>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Addon {
    pub(super) region: String,
    pub(super) cluster_name: String,
    pub(super) addon_name: &'static str,
    pub(super) addon_version: Option<String>,
    pub(super) configuration_values: Option<&'static str>,
    pub(super) resolve_conflicts_on_create: &'static str,
    pub(super) resolve_conflicts_on_update: &'static str,
    pub(super) preserve: bool,
    pub(super) pod_identity_association: Option<Vec<AddonIdentity>>,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddonIdentity {
    pub(super) role_arn: String,
    pub(super) service_account: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessEntry {
    pub(super) region: String,
    pub(super) cluster_name: String,
    pub(super) principal_arn: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessPolicyAssociation {
    pub(super) region: String,
    pub(super) cluster_name: String,
    pub(super) principal_arn: String,
    pub(super) policy_arn: String,
    pub(super) access_scope: AccessScope,
}

#[derive(Serialize)]
pub(super) struct AccessScope {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}
