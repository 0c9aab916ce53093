//! Launch templates and node groups.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Enabled;
use crate::{object::Ref, tags::Tags};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct LaunchTemplate {
    pub(in crate::aws) region: String,
    pub(in crate::aws) name: String,
    pub(in crate::aws) update_default_version: bool,
    pub(in crate::aws) block_device_mappings: Vec<BlockDevice>,
    pub(in crate::aws) metadata_options: MetadataOptions,
    pub(in crate::aws) tag_specifications: Vec<TagSpecification>,
    pub(in crate::aws) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct BlockDevice {
    pub(in crate::aws) device_name: &'static str,
    pub(in crate::aws) ebs: Ebs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct Ebs {
    pub(in crate::aws) volume_size: u32,
    pub(in crate::aws) volume_type: &'static str,
    pub(in crate::aws) encrypted: &'static str,
    pub(in crate::aws) delete_on_termination: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct MetadataOptions {
    pub(in crate::aws) http_endpoint: &'static str,
    pub(in crate::aws) http_tokens: &'static str,
    pub(in crate::aws) http_put_response_hop_limit: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct TagSpecification {
    pub(in crate::aws) resource_type: &'static str,
    pub(in crate::aws) tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct NodeGroup {
    pub(in crate::aws) region: String,
    pub(in crate::aws) cluster_name: String,
    pub(in crate::aws) node_role_arn_ref: Ref,
    pub(in crate::aws) subnet_id_refs: Vec<Ref>,
    pub(in crate::aws) version: String,
    pub(in crate::aws) ami_type: &'static str,
    pub(in crate::aws) capacity_type: &'static str,
    pub(in crate::aws) instance_types: Vec<String>,
    pub(in crate::aws) launch_template: NodeGroupTemplate,
    pub(in crate::aws) scaling_config: Option<ScalingConfig>,
    pub(in crate::aws) update_config: UpdateConfig,
    pub(in crate::aws) node_repair_config: Enabled,
    pub(in crate::aws) labels: BTreeMap<String, String>,
    pub(in crate::aws) taint: Option<Vec<NodeGroupTaint>>,
    pub(in crate::aws) tags: Tags,
}

/// What of a node group is for its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct NodeGroupInit {
    pub(in crate::aws) scaling_config: ScalingConfig,
}

#[derive(Serialize)]
pub(in crate::aws) struct NodeGroupTemplate {
    pub(in crate::aws) name: String,
    pub(in crate::aws) version: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct ScalingConfig {
    pub(in crate::aws) min_size: u32,
    pub(in crate::aws) max_size: u32,
    pub(in crate::aws) desired_size: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::aws) struct UpdateConfig {
    pub(in crate::aws) max_unavailable: u32,
    pub(in crate::aws) update_strategy: &'static str,
}

#[derive(Serialize)]
pub(in crate::aws) struct NodeGroupTaint {
    pub(in crate::aws) key: String,
    pub(in crate::aws) value: Option<String>,
    pub(in crate::aws) effect: &'static str,
}
