//! What follows an EKS control plane to another version of Kubernetes.

use super::{addons, facts::RUNNING, keys::node_group, machines, maintenance, nodes};
use crate::{
    cloud::{
        facts::{Followers, PoolFacts},
        pools, versions,
    },
    plan::context::Cx,
};

/// Reads the facts of what follows the control plane.
pub(super) fn followers(cx: &Cx<'_>) -> Followers {
    let pools = pools::facts(cx, nodes::READY, |pool| {
        let first = machines::of_pool(pool).next();
        (node_group(cx.observed, pool), first.map(str::to_owned))
    });
    let with_image = |pool: PoolFacts| PoolFacts {
        release: cx
            .observed
            .str_at(&pool.key, maintenance::RELEASE)
            .map(str::to_owned),
        image_behind: maintenance::behind(cx, &pool.key),
        ..pool
    };
    Followers {
        pools: pools.into_iter().map(with_image).collect(),
        addons: addons::facts(cx, versions::running(cx, RUNNING)),
    }
}
