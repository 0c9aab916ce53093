//! What node pools have in common on both clouds: keys, labels and taints. Their replacement is in
//! [`super::succession`].

use std::collections::BTreeMap;

use crate::{
    api::{
        choice::{Capacity, Choice as _, Mode, TaintEffect},
        names::hash,
        spec::{NodePool, Taint},
    },
    cloud::facts::PoolFacts,
    plan::{
        context::Cx,
        key::{Key, POOL},
        observed::{Condition, Observed, condition},
        ready::ReadyWhen,
        waiting::Waiting,
    },
    wire::structpb::{Struct, Value},
};

const DIGITS: usize = 6;

/// What a cloud says of its pools.
pub struct PoolRules {
    /// The key of a pool, given what exists.
    pub key: fn(Observed<'_>, &NodePool) -> Key,
    /// When a pool is ready.
    pub ready: ReadyWhen,
    /// How many nodes the cloud reports for a pool, over all zones.
    pub reported: fn(&Cx<'_>, &Struct) -> Option<u32>,
    /// How many nodes a pool was created with, over all zones.
    pub asked: fn(&Cx<'_>, &Struct) -> Option<u32>,
    /// Why a pool has fewer nodes than it reports.
    pub failed: fn(&Struct) -> Option<Waiting>,
    /// The path of the taints in an object.
    pub taints: &'static str,
}

/// Where the nodes of a pool would be.
pub struct PoolZones {
    /// The zones that it would be in.
    pub nodes: Vec<String>,
    /// The zones that it can name.
    pub choice: Vec<String>,
}

/// The key of a pool: its name and a hash of what cannot change in place. A change of those makes
/// a new pool beside the old one.
pub fn key(pool: &NodePool, immutable: &str) -> Key {
    POOL.of(&format!("{}-{}", pool.name, hash(immutable, DIGITS)))
}

/// What a pool's key says of its zones: nothing of the cluster's, so that pools without zones of their own keep their keys. EKS
/// cannot change a group's subnets (`subnet_ids`, ForceNew). GKE could, and would delete the nodes of a zone that is left out at
/// once (Terraform 7.39, resource_container_node_pool.go, `node_locations`): as a new pool they go when others have taken over.
pub fn zones_in_key(pool: &NodePool) -> String {
    let zones = pool.own_zones().into_iter().flatten();
    zones.map(|zone| [" ", &zone].concat()).collect()
}

/// The pool that an existing key belongs to: its name without the hash.
pub(super) fn name_of(key: &Key) -> Option<&str> {
    let (name, hash) = POOL.name_in(key)?.rsplit_once('-')?;
    let is_hash = hash.len() == DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then_some(name)
}

/// The keys of the objects of a pool. Another pool's name may begin with this one's.
pub fn keys_of(observed: Observed<'_>, pool: &str) -> Vec<Key> {
    let keys = observed.keys(POOL);
    keys.filter(|key| name_of(key) == Some(pool)).collect()
}

/// Whether an object is being deleted: Crossplane would create it anew if it were desired again.
pub fn is_deleted(observed: Observed<'_>, key: &Key) -> bool {
    let object = observed.get(key);
    object.is_some_and(|object| object.str_at("metadata.deletionTimestamp").is_some())
}

/// The part of a pool's key that names it in the cloud.
pub fn suffix(key: &Key) -> &str {
    POOL.name_in(key).unwrap_or(key.as_str())
}

/// What the cloud reports about the pools, none of which there are in mode auto. `identify` gives
/// a pool's key and machine type.
pub fn facts(
    cx: &Cx<'_>,
    ready: ReadyWhen,
    identify: impl Fn(&NodePool) -> (Key, Option<String>),
) -> Vec<PoolFacts> {
    let pools = match cx.spec.mode {
        Mode::Standard => &cx.spec.node_pools[..],
        Mode::Auto => &[],
    };
    let facts = |pool: &NodePool| {
        let (key, machine_type) = identify(pool);
        let object = cx.observed.get(&key);
        let version = object.and_then(|object| object.str_at("status.atProvider.version"));
        PoolFacts {
            name: pool.name.clone(),
            machine_type,
            version: version.map(str::to_owned),
            release: None,
            image_behind: None,
            required: pool.required,
            ready: object.is_some_and(|object| ready.holds(object)),
            had_nodes: object.is_some_and(was_made),
            key,
        }
    };
    pools.iter().map(facts).collect()
}

/// Whether a pool ever had nodes. upjet sets `Ready` to false with the reason Creating and
/// reports nothing while it creates; EKS reports the states of a creation.
pub(super) fn was_made(pool: &Struct) -> bool {
    let reports_nothing = pool.at("status.atProvider").is_none_or(is_empty);
    let creating = condition(pool, "Ready").is_some_and(Condition::fails);
    let state = pool.str_at("status.atProvider.status");
    let at_eks = matches!(state, Some("CREATING" | "CREATE_FAILED"));
    !(reports_nothing && creating || at_eks)
}

fn is_empty(value: Value<'_>) -> bool {
    value
        .as_struct()
        .is_none_or(|fields| fields.iter().next().is_none())
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
