//! What follows a GKE control plane to another version of Kubernetes.

use super::{keys::node_pool, machines, nodes};
use crate::{
    cloud::{
        facts::{Followers, PoolFacts},
        pools,
    },
    plan::context::Cx,
};

/// Reads the facts of what follows the control plane. GKE brings its add-ons with the control plane's version.
pub(super) fn followers(cx: &Cx<'_>) -> Followers {
    let pools = pools::facts(cx, nodes::READY, |pool| {
        let machine_type = machines::of_pool(pool);
        (
            node_pool(cx.observed, pool),
            machine_type.map(str::to_owned),
        )
    });
    // An image comes with each version of GKE.
    let with_image = |pool: PoolFacts| PoolFacts {
        release: pool.version.clone(),
        ..pool
    };
    Followers {
        pools: pools.into_iter().map(with_image).collect(),
        addons: Vec::new(),
    }
}
