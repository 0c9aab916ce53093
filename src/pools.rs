//! What node pools have in common on both clouds: keys, labels, taints, and replacement.

use std::collections::BTreeMap;

use crate::{
    names::hash,
    plan::{Cx, Plan, ReadyWhen, Stage, as_observed},
    provider::PoolFacts,
    reader::Choice,
    xcluster::{Capacity, Mode, NodePool, Taint, TaintEffect},
};

const PREFIX: &str = "nodes-pool-";
const DIGITS: usize = 6;

/// The key of a pool: its name and a hash of what cannot change in place. A change of those makes
/// a new pool beside the old one.
pub fn key(pool: &NodePool, immutable: &str) -> String {
    format!("{PREFIX}{}-{}", pool.name, hash(immutable, DIGITS))
}

/// The part of a pool's key that names it in the cloud.
pub fn suffix(key: &str) -> String {
    key.strip_prefix(PREFIX).unwrap_or(key).to_owned()
}

/// Keeps the predecessors of a pool until it is ready. After that they leave the desired state,
/// which drains and deletes them.
pub fn retire(cx: &Cx<'_>, plan: &mut Plan, pool: &NodePool, key: &str, ready: ReadyWhen) {
    let successor_is_ready = cx
        .observed
        .get(key)
        .is_some_and(|object| ready.holds(object));
    if successor_is_ready {
        return;
    }
    let prefix = format!("{PREFIX}{}-", pool.name);
    for predecessor in cx.observed.keys_with(&prefix) {
        // Another pool's name may begin with this one's.
        let is_hash = predecessor.len() == prefix.len() + DIGITS
            && predecessor[prefix.len()..]
                .bytes()
                .all(|b| b.is_ascii_hexdigit());
        if is_hash && predecessor != key {
            plan.add(
                as_observed(Stage::Nodes, predecessor)
                    .ready_when(ready)
                    .optional(),
            );
        }
    }
}

/// What the cloud reports about the pools, none of which there are in mode auto. `identify` gives
/// a pool's key and machine type.
pub fn facts(cx: &Cx<'_>, identify: impl Fn(&NodePool) -> (String, String)) -> Vec<PoolFacts> {
    let pools = match cx.spec.mode {
        Mode::Standard => &cx.spec.node_pools[..],
        Mode::Auto => &[],
    };
    let facts = |pool: &NodePool| {
        let (key, machine_type) = identify(pool);
        let version = cx.observed.str_at(&key, "status.atProvider.version");
        PoolFacts {
            name: pool.name.clone(),
            machine_type,
            version: version.map(str::to_owned),
            key,
        }
    };
    pools.iter().map(facts).collect()
}

/// The pools whose nodes take Pods without tolerations: the ones system Pods can run on.
pub fn for_system_pods(pools: &[NodePool]) -> impl Iterator<Item = &NodePool> {
    pools.iter().filter(|pool| {
        pool.gpu.is_none()
            && pool
                .taints
                .iter()
                .all(|taint| taint.effect == TaintEffect::PreferNoSchedule)
    })
}

/// The labels of a pool's nodes, the same on both clouds.
pub fn labels(pool: &NodePool) -> BTreeMap<String, String> {
    let mut labels = pool.labels.clone();
    labels.insert("xcluster.dev/pool".to_owned(), pool.name.clone());
    let capacity = match pool.capacity {
        Capacity::OnDemand => "on-demand",
        Capacity::Spot => "spot",
    };
    labels.insert("xcluster.dev/capacity".to_owned(), capacity.to_owned());
    if let Some(gpu) = &pool.gpu {
        labels.insert("xcluster.dev/gpu".to_owned(), gpu.model.name().to_owned());
    }
    labels
}

/// The taints of a pool's nodes, the same on both clouds. GPU nodes are expensive and repel Pods
/// that did not ask for them; the value is the one that GKE itself uses.
pub fn taints(pool: &NodePool) -> Vec<Taint> {
    let mut taints = pool.taints.clone();
    if pool.gpu.is_some() {
        taints.push(Taint {
            key: "nvidia.com/gpu".to_owned(),
            value: "present".to_owned(),
            effect: TaintEffect::NoSchedule,
        });
    }
    taints
}

/// A taint's effect as both clouds write it.
pub fn effect(effect: TaintEffect) -> &'static str {
    match effect {
        TaintEffect::NoSchedule => "NO_SCHEDULE",
        TaintEffect::PreferNoSchedule => "PREFER_NO_SCHEDULE",
        TaintEffect::NoExecute => "NO_EXECUTE",
    }
}
