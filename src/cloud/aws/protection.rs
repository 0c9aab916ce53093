//! Order of deletion on AWS.
//!
//! EKS itself refuses to delete a cluster with node groups, and the VPC a subnet in use. What AWS
//! does not refuse is taking a role or a key away from a cluster that still needs it to clean up.

use super::{
    api::{Cluster, KmsKey, Role},
    keys::{CONTROL_PLANE_ROLE, NETWORKING_ROLE, NODE_ROLE},
};
use crate::{
    api::choice::Mode,
    cloud::protection::{keep_until_gone, refuse_deletion},
    plan::{
        composed::Plan,
        context::Cx,
        key::{CLUSTER, ENCRYPTION_KEY},
    },
};

/// Plans the stage.
pub(super) fn protection(cx: &Cx<'_>, plan: &mut Plan) {
    keep_until_gone::<Role, Cluster>(cx, plan, &CONTROL_PLANE_ROLE, &CLUSTER);
    keep_until_gone::<Role, Cluster>(cx, plan, &NODE_ROLE, &CLUSTER);
    if cx.spec.mode == Mode::Standard {
        // Without it the network plug-in leaves network interfaces behind, which block the subnets.
        keep_until_gone::<Role, Cluster>(cx, plan, &NETWORKING_ROLE, &CLUSTER);
    }
    if cx.spec.encryption.key_id.is_none() {
        keep_until_gone::<KmsKey, Cluster>(cx, plan, &ENCRYPTION_KEY, &CLUSTER);
    }
    refuse_deletion(cx, plan);
}
