//! The address of the load balancer that the service gets.

use super::{api::GlobalAddress, identifiers::project, keys::API};
use crate::plan::{
    build::{as_observed, managed},
    composed::{Plan, Stage},
    context::Cx,
    key::ADDRESS,
};

/// What the address is called, where there is one: its Gateway asks for it by name.
pub(super) fn ingress_address(cx: &Cx<'_>) -> Option<String> {
    let exists = cx.observed.exists(&ADDRESS);
    (exists || is_wanted(cx)).then(|| cx.names.in_cloud("ingress", 63))
}

fn is_wanted(cx: &Cx<'_>) -> bool {
    cx.traffic.host.is_some()
}

/// Plans the stage. A global load balancer takes only a global address. Once it is there it stays: a
/// Gateway may use it.
pub(super) fn ingress(cx: &Cx<'_>, plan: &mut Plan) {
    let Some(name) = ingress_address(cx) else {
        return;
    };
    if !is_wanted(cx) {
        plan.add(as_observed(Stage::Traffic, ADDRESS).optional());
        return;
    }
    let address = GlobalAddress {
        project: project(cx),
        address_type: "EXTERNAL",
    };
    let address = managed(cx, Stage::Traffic, ADDRESS, Some(name), address);
    plan.add(address.after([API.of("compute")]).optional());
}
