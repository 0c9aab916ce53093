//! What follows an EKS control plane to another version of Kubernetes.

use super::{addons, facts::RUNNING, keys::node_group, machines, nodes};
use crate::{
    cloud::{facts::Followers, pools, versions},
    plan::context::Cx,
};

/// Reads the facts of what follows the control plane.
pub(super) fn followers(cx: &Cx<'_>) -> Followers {
    let pools = pools::facts(cx, nodes::READY, |pool| {
        let first = machines::of_pool(pool).next();
        (node_group(pool), first.map(str::to_owned))
    });
    Followers {
        pools,
        addons: addons::facts(cx, versions::running(cx, RUNNING)),
    }
}
