//! What node pools have in common on both clouds: keys, labels and taints. Their replacement is in
//! [`succession`].

pub mod succession;

use std::collections::BTreeMap;

use crate::{
    names::hash,
    plan::Cx,
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

/// The pool that an existing key belongs to: its name without the hash.
fn name_of(key: &str) -> Option<&str> {
    let (name, hash) = key.strip_prefix(PREFIX)?.rsplit_once('-')?;
    let is_hash = hash.len() == DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then_some(name)
}

/// The part of a pool's key that names it in the cloud.
pub fn suffix(key: &str) -> String {
    key.strip_prefix(PREFIX).unwrap_or(key).to_owned()
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
    pools.iter().filter(|pool| takes_system_pods(pool))
}

/// Whether the nodes of a pool take Pods without tolerations.
pub fn takes_system_pods(pool: &NodePool) -> bool {
    let mut taints = pool.taints.iter();
    pool.gpu.is_none() && taints.all(|taint| taint.effect == TaintEffect::PreferNoSchedule)
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
