//! The address of the load balancer that the service gets: none that could be known beforehand. An
//! Application Load Balancer has a host name that AWS chooses, and `spec.traffic.address` says it.

use crate::plan::{composed::Plan, context::Cx};

/// What a reserved address is called.
pub(super) fn ingress_address(_cx: &Cx<'_>) -> Option<String> {
    None
}

/// Plans the stage.
pub(super) fn ingress(_cx: &Cx<'_>, _plan: &mut Plan) {}
