//! Which pools stay although the spec no longer has them, and how large their successors begin.
//!
//! Capacity is never taken before something else has it: a predecessor waits until its successor
//! has as many nodes, and the last pool that takes system Pods waits until another one is ready.
//! The observed objects alone decide, so an answer that is lost for a moment keeps everything.
//!
//! A size is what the cloud reports. EKS reports how many nodes a group shall have, and a new group is `ACTIVE`
//! once all of them have joined. A group that exists may be `ACTIVE` before the nodes that it was asked for later
//! have joined: no field of its provider tells. GKE reports the nodes in each zone, rounded down.

use std::cell::OnceCell;

use super::{
    pools::{PoolRules, is_deleted, keys_of, name_of, was_made},
    renamed::{self, renamed},
};
use crate::{
    api::spec::NodePool,
    plan::{
        build::as_observed,
        composed::{Composed, Plan, Stage},
        context::Cx,
        key::{Key, POOL},
        object::Label,
        waiting::Waiting,
    },
    wire::structpb::Struct,
};

/// A pool and the ones that it replaces.
pub struct Succession<'a, 'c> {
    cx: &'c Cx<'a>,
    cloud: &'c PoolRules,
    pool: &'c NodePool,
    key: Key,
    predecessors: Vec<Key>,
    /// Those of them that have another name.
    renamed: Vec<Key>,
}

impl<'a, 'c> Succession<'a, 'c> {
    /// The succession of a pool of the spec, which takes the place of `renamed` too.
    fn new(cx: &'c Cx<'a>, cloud: &'c PoolRules, pool: &'c NodePool, renamed: Vec<Key>) -> Self {
        let key = (cloud.key)(cx.observed, pool);
        let mut predecessors = keys_of(cx.observed, &pool.name);
        predecessors.retain(|beside| *beside != key && !is_deleted(cx.observed, beside));
        predecessors.extend(renamed.iter().cloned());
        Self {
            cx,
            cloud,
            pool,
            key,
            predecessors,
            renamed,
        }
    }

    /// The key of the pool.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The pool.
    pub fn pool(&self) -> &'c NodePool {
        self.pool
    }

    /// Labels that say whose place the pool takes.
    pub fn labels(&self) -> Vec<Label> {
        self.renamed.iter().map(renamed::label).collect()
    }

    /// With how many nodes the pool begins, over all zones: its `min`, or as many as its predecessors
    /// have, within its bounds.
    pub fn first_size(&self) -> u32 {
        self.size_to_take_over().unwrap_or(self.pool.min)
    }

    /// How many nodes the pool still lacks to take over, as the total to ask for. None for a pool that
    /// replaces nothing, is large enough, or does not report its size.
    pub fn growth(&self) -> Option<u32> {
        let wanted = self.size_to_take_over()?;
        let has = self.reported(&self.key)?;
        (has < wanted).then_some(wanted)
    }

    /// How many nodes the pool needs before its predecessors can leave, within its own bounds. None for
    /// a pool that replaces nothing.
    pub fn size_to_take_over(&self) -> Option<u32> {
        let asked = |key: &Key| (self.cloud.asked)(self.cx, self.cx.observed.get(key)?);
        let size = |key: &Key| {
            if !self.was_made(key) {
                return None;
            }
            self.reported(key).or_else(|| asked(key))
        };
        let sizes = self.predecessors.iter().filter_map(size);
        let sum = sizes.fold(0, u32::saturating_add);
        (!self.predecessors.is_empty()).then(|| sum.clamp(self.pool.min, self.pool.max))
    }

    fn reported(&self, key: &Key) -> Option<u32> {
        (self.cloud.reported)(self.cx, self.cx.observed.get(key)?)
    }

    /// Whether a predecessor ever had nodes.
    fn was_made(&self, key: &Key) -> bool {
        self.cx.observed.get(key).is_none_or(was_made)
    }

    /// Why a predecessor stays. The size of one that was made and reports none is not known, so it stays.
    fn stays_for(&self, predecessor: &Key) -> Option<Waiting> {
        let waits = |reason: String| Waiting {
            what: self.key.to_string(),
            reason,
            fix: None,
        };
        if is_deleted(self.cx.observed, &self.key) {
            return Some(waits("it is being deleted".to_owned()));
        }
        let successor = self.cx.observed.get(&self.key);
        if !successor.is_some_and(|object| self.cloud.ready.holds(object)) {
            return Some(waits("not ready yet".to_owned()));
        }
        if let Some(failed) = successor.and_then(self.cloud.failed) {
            return Some(Waiting {
                what: self.key.to_string(),
                ..failed
            });
        }
        if !self.was_made(predecessor) {
            return None;
        }
        let unknown = |key: &&Key| self.was_made(key) && self.reported(key).is_none();
        if let Some(silent) = self.predecessors.iter().find(|key| unknown(key)) {
            return Some(waits(format!("{silent} does not report its size")));
        }
        let wanted = self.size_to_take_over()?;
        match self.reported(&self.key) {
            None => Some(waits("it does not report its size".to_owned())),
            Some(has) if has < wanted => Some(waits(format!("it has {has} of {wanted} nodes"))),
            Some(_) => None,
        }
    }
}

/// All pools of a cluster, those of the spec and those that exist besides.
pub struct Pools<'a, 'c> {
    cx: &'c Cx<'a>,
    cloud: &'c PoolRules,
    /// The pools of the spec.
    pub successions: Vec<Succession<'a, 'c>>,
    covered: OnceCell<bool>,
}

impl<'a, 'c> Pools<'a, 'c> {
    /// Looks at what exists of the spec's pools.
    pub fn new(cx: &'c Cx<'a>, cloud: &'c PoolRules) -> Self {
        let mut renamed = renamed(cx, cloud);
        let successions = cx.spec.node_pools.iter().map(|pool| {
            let renamed = renamed.remove(&*pool.name).into_iter().flatten();
            Succession::new(cx, cloud, pool, renamed.collect())
        });
        Self {
            cx,
            cloud,
            successions: successions.collect(),
            covered: OnceCell::new(),
        }
    }

    /// Whether a pool of the spec is ready, has nodes and takes system Pods. A settled cluster never asks.
    fn is_covered(&self) -> bool {
        *self.covered.get_or_init(|| {
            let mut pools = self.cx.spec.pools_for_system_pods();
            pools.any(|pool| {
                // GKE rounds what it reports down to zero for fewer nodes than zones.
                let has_nodes = |object: &&Struct| {
                    let reported = (self.cloud.reported)(self.cx, object);
                    pool.min > 0 || reported.is_some_and(|nodes| nodes > 0)
                };
                let objects = keys_of(self.cx.observed, &pool.name)
                    .into_iter()
                    .filter(|key| !is_deleted(self.cx.observed, key))
                    .filter_map(|key| self.cx.observed.get(&key));
                let ready = objects.filter(|object| self.cloud.ready.holds(object));
                let mut ready = ready.filter(has_nodes);
                ready.any(|object| self.object_takes_system_pods(object))
            })
        })
    }

    /// A pool that stays as it is: because its nodes are the last ones that take system Pods and the spec
    /// wants to taint them, or because it is being deleted. A provider resolves no reference of an object
    /// that is being deleted (crossplane-runtime, managed/reconciler.go), and cannot delete it without.
    pub fn kept(&self, succession: &Succession<'_, '_>) -> Option<Composed> {
        let kept = || {
            let kept = as_observed(Stage::Nodes, succession.key.clone());
            kept.ready_when(self.cloud.ready)
        };
        if is_deleted(self.cx.observed, &succession.key) {
            return Some(kept());
        }
        if succession.pool.takes_system_pods() {
            return None;
        }
        let waiting = self.last_for_system_pods(&succession.key)?;
        Some(kept().leaving(waiting))
    }

    /// Plans what stays although the spec does not have it; `beside` gives the keys of what a pool of a
    /// name needs in addition.
    pub fn keep(&self, plan: &mut Plan, beside: impl Fn(&str) -> Option<Key>) {
        for key in self.cx.observed.keys(POOL) {
            let is_planned = self.successions.iter().any(|pool| pool.key == key);
            if is_planned || is_deleted(self.cx.observed, &key) {
                continue;
            }
            let mut successors = self.successions.iter();
            let successor = successors.find(|pool| pool.predecessors.contains(&key));
            let stays = successor.and_then(|pool| pool.stays_for(&key));
            let Some(waiting) = stays.or_else(|| self.last_for_system_pods(&key)) else {
                continue;
            };
            let needed = name_of(&key)
                .filter(|_| renamed::is_left_out(self.cx, &key))
                .and_then(&beside);
            let kept = as_observed(Stage::Nodes, key).optional();
            plan.add(kept.ready_when(self.cloud.ready).leaving(waiting));
            if let Some(needed) = needed.filter(|needed| self.cx.observed.exists(needed)) {
                plan.add(as_observed(Stage::Nodes, needed).optional());
            }
        }
    }

    /// Why a pool that the spec does not have stays: no pool of the spec takes system Pods yet.
    fn last_for_system_pods(&self, key: &Key) -> Option<Waiting> {
        let object = self.cx.observed.get(key)?;
        (self.object_takes_system_pods(object) && !self.is_covered()).then(|| Waiting {
            what: "another node pool for system Pods".to_owned(),
            reason: "none in the spec is ready and has nodes yet".to_owned(),
            fix: None,
        })
    }

    fn object_takes_system_pods(&self, object: &Struct) -> bool {
        let taints = object.at(self.cloud.taints);
        let mut effects = taints
            .into_iter()
            .flat_map(|taints| taints.items())
            .filter_map(|taint| taint.str_at("effect"));
        effects.all(|effect| effect == "PREFER_NO_SCHEDULE")
    }
}
