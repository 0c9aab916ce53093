//! A cluster that is watched at every step.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use cloudsim::{
    Fault,
    world::{Step, World},
};
use serde_json::{Value, json};

use crate::clouds::{Clouds, Trouble, pool_name};

/// More steps than any edit needs.
const STEPS: usize = 120;

/// What nodes are for. It stays the same whatever their pool is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    General,
    Gpu,
}

impl Work {
    const ALL: [Self; 2] = [Self::General, Self::Gpu];

    /// What its pools are called over the year.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::General => &["general", "workers"],
            Self::Gpu => &["gpu", "inference"],
        }
    }

    fn owns(self, key: &str) -> bool {
        let name = pool_name(key);
        name.is_some_and(|name| self.names().contains(&name))
    }
}

/// What is counted.
#[derive(Default)]
struct Figures {
    calls: usize,
    replaced: u64,
    deleted: usize,
    /// The fewest ready nodes of each work, and the fewest beyond what was asked for.
    fewest: BTreeMap<Work, (u64, u64)>,
}

/// A cluster through its year.
pub(crate) struct Life<P> {
    name: String,
    world: World<P>,
    check: fn(&World<P>, &Step),
    random: u64,
    /// How many ready nodes each work is to have at least.
    asked: BTreeMap<Work, u64>,
    /// The pools that may be deleted, by name.
    leaving: BTreeSet<String>,
    images: BTreeMap<String, Value>,
    kept: BTreeSet<String>,
    figures: Figures,
    /// What was settled last.
    last: String,
}

impl<P: Clouds> Life<P> {
    /// A cluster with these edits.
    pub(crate) fn begin(
        name: &str,
        mut world: World<P>,
        check: fn(&World<P>, &Step),
        edits: &[&Value],
    ) -> Self {
        for edit in edits {
            world.edit(edit);
        }
        Self {
            name: name.to_owned(),
            world,
            check,
            random: 20_261_128,
            asked: BTreeMap::new(),
            leaving: BTreeSet::new(),
            images: BTreeMap::new(),
            kept: BTreeSet::new(),
            figures: Figures::default(),
            last: String::new(),
        }
    }

    /// The next number of a fixed sequence (Knuth's MMIX).
    fn random(&mut self, range: RangeInclusive<u64>) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        range.start() + (self.random >> 33) % (range.end() - range.start() + 1)
    }

    /// Changes the spec; pools of these names may go for it, each once its successor has as much.
    pub(crate) fn edit(&mut self, spec: &Value, leaving: &[&str]) {
        self.world.edit(spec);
        self.leaving
            .extend(leaving.iter().map(|name| (*name).to_owned()));
    }

    /// The autoscaler, or a person, changes the size of a settled pool.
    pub(crate) fn scale(&mut self, work: Work, nodes: RangeInclusive<u64>) {
        // GKE reports whole nodes for each zone.
        let nodes = self.random(nodes) / 3 * 3;
        let pool = P::pools(&self.world)
            .into_iter()
            .find(|pool| work.owns(&pool.key))
            .unwrap();
        self.asked.insert(work, nodes.min(pool.nodes));
        P::resize(&mut self.world, &pool.key, nodes);
    }

    /// The autoscaler takes nodes in the middle of a replacement, of each pool that has more.
    pub(crate) fn shrink(&mut self, work: Work) {
        self.asked.insert(work, 3);
        for pool in P::pools(&self.world)
            .into_iter()
            .filter(|pool| work.owns(&pool.key) && pool.nodes > 3)
        {
            P::resize(&mut self.world, &pool.key, 3);
        }
    }

    /// Some steps while the clouds or their providers do something wrong.
    pub(crate) fn during(&mut self, trouble: Trouble, steps: usize) {
        self.world.clouds_mut().trouble(Some(trouble));
        self.steps(steps);
        self.world.clouds_mut().trouble(None);
    }

    /// Some steps, each with another object's status lost.
    pub(crate) fn lose_status(&mut self, steps: usize) {
        for _ in 0..steps {
            let keys: Vec<_> = self.world.observed().into_keys().collect();
            let at = self.random(0..=u64::try_from(keys.len() - 1).unwrap());
            let key = &keys[usize::try_from(at).unwrap()];
            for key in keys
                .iter()
                .filter(|it| *it == key || it.starts_with("nodes-pool-"))
            {
                self.world.faults.insert(key.clone(), Fault::NoStatus);
            }
            self.steps(1);
            self.world.faults.clear();
        }
    }

    pub(crate) fn restart_providers(&mut self) {
        self.world.clouds_mut().restart();
    }

    /// Crossplane starts anew from a backup: the composite has no status.
    pub(crate) fn restart_core(&mut self) {
        let version = self.world.composite["status"]["kubernetesVersion"].take();
        self.world.composite["status"] = json!({"kubernetesVersion": version});
    }

    pub(crate) fn steps(&mut self, steps: usize) {
        for _ in 0..steps {
            self.step();
        }
    }

    /// One reconcile, and what the clouds make of it. Whether these changed anything.
    fn step(&mut self) -> (Step, bool) {
        let step = self.world.reconcile().unwrap();
        (self.check)(&self.world, &step);
        assert_eq!(step.fatal(), None, "{}", self.name);
        self.figures.calls += 1;
        for key in &step.deleted {
            let pool = pool_name(key).or_else(|| key.strip_prefix("nodes-template-"));
            let may = pool.is_some_and(|name| self.leaving.contains(name));
            assert!(
                may,
                "{}: {key} is lost; only {:?} may go",
                self.name, self.leaving
            );
            self.figures.deleted += 1;
        }
        self.look();
        let changed = self.world.tick();
        self.look();
        (step, changed)
    }

    /// What holds at every moment.
    fn look(&mut self) {
        let pools = P::pools(&self.world);
        for (work, asked) in &self.asked {
            let own = pools.iter().filter(|pool| work.owns(&pool.key));
            let ready = own.filter(|pool| pool.is_ready && !pool.is_going);
            let ready: u64 = ready.map(|pool| pool.nodes).sum();
            assert!(
                ready >= *asked,
                "{}, {}: {work:?} has {ready} of {asked} nodes: {pools:#?}",
                self.name,
                self.last
            );
            let fewest = self
                .figures
                .fewest
                .entry(*work)
                .or_insert((ready, ready - asked));
            *fewest = (fewest.0.min(ready), fewest.1.min(ready - asked));
        }
        for pool in pools {
            let had = self.images.insert(pool.key, pool.image.clone());
            if had.is_some_and(|had| had != pool.image) {
                self.figures.replaced += pool.nodes;
            }
        }
        let objects = self.world.observed().into_keys();
        let others: BTreeSet<_> = objects.filter(|key| !key.starts_with("nodes-")).collect();
        let lost: Vec<_> = self.kept.difference(&others).collect();
        assert!(lost.is_empty(), "{}: {lost:?}", self.name);
        self.kept = others;
    }

    /// Steps until nothing changes any more. Then each work has what it was asked for in one pool.
    pub(crate) fn settle(&mut self, title: &str) {
        title.clone_into(&mut self.last);
        let title = format!("{}, {title}", self.name);
        let mut last = None;
        for _ in 0..STEPS {
            let (step, changed) = self.step();
            if !changed
                && last
                    .as_ref()
                    .is_some_and(|last: &Step| last.response == step.response)
            {
                let stuck = self.world.stuck();
                assert!(stuck.is_empty(), "{title}: {stuck:#?}");
                let waiting = &step.status()["waitingFor"];
                assert!(step.is_ready(), "{title}: it waits for {waiting:#}");
                return self.rest(&title);
            }
            last = Some(step);
        }
        let waiting = &self.world.composite["status"]["waitingFor"];
        panic!("{title}: not settled after {STEPS} steps; it waits for {waiting:#}");
    }

    fn rest(&mut self, title: &str) {
        self.leaving.clear();
        for work in Work::ALL {
            let own: Vec<_> = P::pools(&self.world)
                .into_iter()
                .filter(|pool| work.owns(&pool.key))
                .collect();
            let keys: Vec<_> = own.iter().map(|pool| &pool.key).collect();
            assert_eq!(keys.len(), 1, "{title}: {keys:?}");
            self.asked.insert(work, own[0].nodes);
        }
    }

    /// Prints the figures.
    pub(crate) fn end(self) {
        println!(
            "{}: {} calls; {}; {} objects given up; {} nodes replaced in place; fewest nodes, and beyond what was asked \
             for: {:?}",
            self.name,
            self.figures.calls,
            self.world.clouds().told(),
            self.figures.deleted,
            self.figures.replaced,
            self.figures.fewest
        );
        assert!(self.figures.replaced > 0 && self.figures.deleted >= 6);
    }
}
