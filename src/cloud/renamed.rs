//! Pools that have another name now.
//!
//! An author renames a pool by leaving it out and naming a new one. Their Pods are the same, so the new pool takes
//! over from the old one as any successor does. Only a pool without an object is new. Its object is created with a
//! label for each pool whose place it takes, since later nothing else tells it from one that was there before.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::pools::{PoolRules, effect, is_deleted, keys_of, name_of, suffix, taints};
use crate::{
    api::spec::NodePool,
    plan::{
        context::Cx,
        key::{Key, POOL},
        object::Label,
    },
    wire::structpb::{Struct, Value},
};

/// How the labels begin that say whose place an object takes. The pool's name in the cloud follows.
const REPLACES: &str = "replaces.xcluster.dev/";

/// The label of an object that takes the place of the pool of a key.
pub(super) fn label(key: &Key) -> Label {
    let name = [REPLACES, suffix(key)].concat();
    (Cow::Owned(name), Cow::Borrowed("true"))
}

/// The pools that the spec does not name any more, by the name of the pool that takes their place.
pub(super) fn renamed<'c>(cx: &'c Cx<'_>, cloud: &PoolRules) -> BTreeMap<&'c str, Vec<Key>> {
    let mut renamed: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    for key in cx.observed.keys(POOL) {
        if is_left_out(cx, &key)
            && !is_deleted(cx.observed, &key)
            && let Some(pool) = successor(cx, cloud, &key)
        {
            renamed.entry(&pool.name).or_default().push(key);
        }
    }
    renamed
}

/// Whether the spec does not name the pool of a key.
pub(super) fn is_left_out(cx: &Cx<'_>, key: &Key) -> bool {
    let mut pools = cx.spec.node_pools.iter();
    name_of(key).is_some_and(|name| pools.all(|pool| pool.name != name))
}

/// The pool that takes the place of the one of a key: the one that was created for it, else a new one.
fn successor<'c>(cx: &'c Cx<'_>, cloud: &PoolRules, key: &Key) -> Option<&'c NodePool> {
    let mut pools = cx.spec.node_pools.iter();
    let created = pools.find(|pool| {
        let mut own = keys_of(cx.observed, &pool.name).into_iter();
        own.any(|own| replaces(cx, &own, key))
    });
    created.or_else(|| {
        let object = cx.observed.get(key)?;
        let has_same_machines = |pool: &NodePool| {
            let wanted = (cloud.key)(cx.observed, pool);
            hash_in(&wanted) == hash_in(key)
        };
        let pools = cx.spec.node_pools.iter();
        let new: Vec<_> = pools
            .filter(|pool| is_new(cx, pool) && takes_the_same_pods(cloud, pool, object))
            .collect();
        let mut same = new.iter().filter(|pool| has_same_machines(pool));
        // The same number of nodes with other GPUs is another purchase.
        let mut others = new.iter().filter(|pool| pool.gpu.is_none());
        same.next().or_else(|| others.next()).copied()
    })
}

/// Whether an object was created in the place of the pool of a key.
fn replaces(cx: &Cx<'_>, own: &Key, key: &Key) -> bool {
    let (label, _) = label(key);
    let labels = cx
        .observed
        .get(own)
        .and_then(|object| object.at("metadata.labels"));
    let labels = labels.and_then(Value::as_struct);
    labels.is_some_and(|labels| labels.get(&label).is_some())
}

fn hash_in(key: &Key) -> Option<&str> {
    Some(key.as_str().rsplit_once('-')?.1)
}

fn is_new(cx: &Cx<'_>, pool: &NodePool) -> bool {
    let mut own = keys_of(cx.observed, &pool.name).into_iter();
    own.all(|key| is_deleted(cx.observed, &key))
}

/// Whether the nodes of a pool have the taints of an existing one.
fn takes_the_same_pods(cloud: &PoolRules, pool: &NodePool, object: &Struct) -> bool {
    let wanted = taints(pool);
    let wanted = wanted.iter().map(|taint| {
        let value = Some(taint.value.as_str()).filter(|value| !value.is_empty());
        [Some(taint.key.as_str()), value, Some(effect(taint.effect))]
    });
    let has = object.at(cloud.taints).into_iter().flat_map(Value::items);
    let has = has.map(|taint| ["key", "value", "effect"].map(|field| taint.str_at(field)));
    wanted.collect::<BTreeSet<_>>() == has.collect()
}
