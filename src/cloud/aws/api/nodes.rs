//! Launch templates and node groups.

use std::collections::BTreeMap;

use serde::Serialize;

use super::enabled::Enabled;
use crate::plan::{object::Ref, tags::Tags};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct LaunchTemplate {
    pub(in crate::cloud::aws) region: String,
    pub(in crate::cloud::aws) name: String,
    pub(in crate::cloud::aws) block_device_mappings: Vec<BlockDevice>,
    pub(in crate::cloud::aws) metadata_options: MetadataOptions,
    pub(in crate::cloud::aws) tag_specifications: Vec<TagSpecification>,
    pub(in crate::cloud::aws) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct BlockDevice {
    pub(in crate::cloud::aws) device_name: &'static str,
    pub(in crate::cloud::aws) ebs: Ebs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct Ebs {
    pub(in crate::cloud::aws) volume_size: u32,
    pub(in crate::cloud::aws) volume_type: &'static str,
    pub(in crate::cloud::aws) encrypted: &'static str,
    pub(in crate::cloud::aws) delete_on_termination: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct MetadataOptions {
    pub(in crate::cloud::aws) http_endpoint: &'static str,
    pub(in crate::cloud::aws) http_tokens: &'static str,
    pub(in crate::cloud::aws) http_put_response_hop_limit: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct TagSpecification {
    pub(in crate::cloud::aws) resource_type: &'static str,
    pub(in crate::cloud::aws) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct NodeGroup {
    pub(in crate::cloud::aws) region: String,
    pub(in crate::cloud::aws) cluster_name: String,
    pub(in crate::cloud::aws) node_role_arn_ref: Ref,
    pub(in crate::cloud::aws) subnet_id_refs: Vec<Ref>,
    pub(in crate::cloud::aws) version: String,
    /// The release of the nodes' image; left alone without one.
    pub(in crate::cloud::aws) release_version: Option<String>,
    /// Whether EKS replaces nodes although a budget of Pods forbids it.
    pub(in crate::cloud::aws) force_update_version: Option<bool>,
    pub(in crate::cloud::aws) ami_type: &'static str,
    pub(in crate::cloud::aws) capacity_type: &'static str,
    pub(in crate::cloud::aws) instance_types: Vec<String>,
    pub(in crate::cloud::aws) launch_template: NodeGroupTemplate,
    pub(in crate::cloud::aws) scaling_config: Option<ScalingConfig>,
    pub(in crate::cloud::aws) update_config: UpdateConfig,
    pub(in crate::cloud::aws) node_repair_config: Enabled,
    pub(in crate::cloud::aws) labels: BTreeMap<String, String>,
    pub(in crate::cloud::aws) taint: Option<Vec<NodeGroupTaint>>,
    pub(in crate::cloud::aws) tags: Tags,
}

/// What of a node group is for its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct NodeGroupInit {
    pub(in crate::cloud::aws) scaling_config: ScalingConfig,
}

#[derive(Serialize)]
pub(in crate::cloud::aws) struct NodeGroupTemplate {
    pub(in crate::cloud::aws) name: String,
    pub(in crate::cloud::aws) version: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct ScalingConfig {
    pub(in crate::cloud::aws) min_size: u32,
    pub(in crate::cloud::aws) max_size: u32,
    pub(in crate::cloud::aws) desired_size: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cloud::aws) struct UpdateConfig {
    pub(in crate::cloud::aws) max_unavailable: u32,
    pub(in crate::cloud::aws) update_strategy: &'static str,
}

#[derive(Serialize)]
pub(in crate::cloud::aws) struct NodeGroupTaint {
    pub(in crate::cloud::aws) key: String,
    pub(in crate::cloud::aws) value: Option<String>,
    pub(in crate::cloud::aws) effect: &'static str,
}
