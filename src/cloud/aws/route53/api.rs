//! `forProvider` of the kinds of Route 53, as in `aws/api.rs`. Route 53 has no region.

use serde::Serialize;

use crate::plan::{
    object::{Ref, kinds},
    tags::Tags,
};

kinds! {
    Record => "route53.aws" "Record" "v1beta2" Cloud;
    HealthCheck => "route53.aws" "HealthCheck" "v1beta1" Cloud;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) zone_id: String,
    pub(super) name: String,
    pub(super) r#type: &'static str,
    pub(super) ttl: u32,
    pub(super) records: Vec<String>,
    pub(super) set_identifier: Option<String>,
    pub(super) weighted_routing_policy: Option<Weighted>,
    pub(super) health_check_id_ref: Option<Ref>,
}

#[derive(Serialize)]
pub(super) struct Weighted {
    pub(super) weight: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HealthCheck {
    pub(super) r#type: &'static str,
    pub(super) fqdn: String,
    pub(super) port: u16,
    pub(super) resource_path: String,
    pub(super) enable_sni: bool,
    pub(super) request_interval: u32,
    pub(super) failure_threshold: u32,
    pub(super) tags: Tags,
}
