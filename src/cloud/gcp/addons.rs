//! Add-ons. GKE's are switches of the cluster itself (see [`super::cluster`]) and upgraded by GKE,
//! so there is nothing to compose.

use crate::{
    api::spec::Spec,
    plan::{composed::Plan, context::Cx},
};

/// Plans the stage.
pub(super) fn addons(_: &Cx<'_>, _: &mut Plan) {}

/// Every GKE cluster has one.
pub(super) fn brings_metrics_server(_: &Spec) -> bool {
    true
}
