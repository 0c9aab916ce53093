//! The function under Crossplane and simulated clouds, for tests: what does not go on panics.

use std::ops::{Deref, DerefMut};

use cloudsim::{Faults, Pace, apply, world};
use serde_json::Value;
use xcluster::{
    compose::compose,
    wire::{
        proto::v1::{Resource, RunFunctionRequest, resource_selector::Match},
        structpb::Struct,
    },
};

pub(crate) use cloudsim::{
    Fault,
    world::{KEY, Step, desired, fatal},
};

/// One composite and its objects.
#[derive(Clone)]
pub(crate) struct World(world::World);

impl Deref for World {
    type Target = world::World;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// An object on the wire.
pub(crate) fn on_wire(object: &Value) -> Resource {
    world::on_wire(object).unwrap()
}

impl World {
    /// A world in which nothing exists but the composite.
    pub(crate) fn new(composite: Value, input: Option<Struct>) -> Self {
        Self(world::World::new(composite, input, compose))
    }

    /// The same world with clouds at another pace.
    pub(crate) fn at_pace(self, pace: Pace) -> Self {
        Self(self.0.at_pace(pace))
    }

    /// What Crossplane would ask now.
    pub(crate) fn request(&self) -> RunFunctionRequest {
        self.0.request().unwrap()
    }

    /// One reconcile of the composite.
    pub(crate) fn reconcile(&mut self) -> Step {
        let step = self.0.reconcile().unwrap();
        check(&self.0, &step);
        step
    }

    /// One reconcile, and what the clouds make of it.
    pub(crate) fn step(&mut self) -> Step {
        let step = self.reconcile();
        self.tick();
        step
    }

    /// Reconciles and ticks until neither changes anything any more.
    pub(crate) fn settle(&mut self) -> Vec<Step> {
        self.settle_watched(|_, _| {})
    }

    /// The same; `each` looks at the world after every reconcile.
    pub(crate) fn settle_watched(
        &mut self,
        mut each: impl FnMut(&world::World, &Step),
    ) -> Vec<Step> {
        let settled = self.0.settle_watched(|world, step| {
            check(world, step);
            each(world, step);
        });
        settled.unwrap_or_else(|error| panic!("{error}"))
    }

    /// An object, to change it as somebody else would.
    pub(crate) fn object_mut(&mut self, key: &str) -> &mut Value {
        let found = self.0.object_mut(key);
        found.unwrap_or_else(|| panic!("there is no {key}"))
    }

    /// What the cloud has for an object, to change it behind the provider's back.
    pub(crate) fn cloud_mut(&mut self, key: &str) -> &mut Value {
        let found = self.clouds_mut().cloud_mut(key);
        found.unwrap_or_else(|| panic!("there is no {key}"))
    }

    /// Lets the clouds or their providers do something wrong from now on: a fault, and of what. None ends all.
    pub(crate) fn break_clouds(&mut self, faults: &[(&str, &str)]) {
        self.clouds_mut().faults = Faults::parse(faults.iter().copied()).unwrap();
    }

    /// All providers start anew, and forget what no object has stored.
    pub(crate) fn restart_providers(&mut self) {
        self.clouds_mut().restart_providers();
    }

    /// What the cloud has for an object is gone, and its object stays.
    pub(crate) fn lose(&mut self, key: &str) {
        self.clouds_mut().forget(key);
    }

    /// The names of what the clouds have of a kind.
    pub(crate) fn in_cloud(&self, kind: &str) -> Vec<String> {
        let things = self.clouds().things();
        let of_kind = things.filter(|(_, thing)| thing.object["kind"] == kind);
        of_kind.map(|(_, thing)| thing.id.clone()).collect()
    }

    /// The objects that providers have written to the clouds for after their creation.
    pub(crate) fn updates(&self) -> Vec<String> {
        let events = self.clouds().events().iter();
        let updates = events.filter(|event| event.what == "updated");
        updates.map(|event| event.object.clone()).collect()
    }

    /// What the clouds would not create when they were asked to.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let events = self.clouds().events().iter();
        let refused = events.filter(|event| {
            event.what == "refused to create" && event.detail.starts_with("create failed")
        });
        refused
            .map(|event| format!("{}: {}", event.object, event.detail))
            .collect()
    }

    /// Gives the function another Input.
    pub(crate) fn set_input(&mut self, input: &Value) {
        self.input = Some(on_wire(input).resource.unwrap());
    }

    /// Changes the function's Input by a merge patch.
    pub(crate) fn edit_input(&mut self, change: &Value) {
        let mut input = serde_json::to_value(&self.input).unwrap();
        apply::merge_patch(&mut input, change);
        self.input = Some(on_wire(&input).resource.unwrap());
    }
}

/// What holds at every reconcile: core and the API server take everything, and the function asks for
/// nothing but composites of its kind, and the records of a host.
pub(crate) fn check(world: &world::World, step: &Step) {
    assert_eq!(step.refused, [""; 0]);
    let asked = step.response.requirements.iter();
    for (question, selector) in asked.flat_map(|asked| &asked.resources) {
        let labels = match &selector.r#match {
            Some(Match::MatchLabels(labels)) => labels.labels.keys().collect(),
            _ => vec![],
        };
        if question == "service-records" {
            assert_eq!(selector.kind, "Record");
            assert_eq!(labels, ["xcluster.dev/host"]);
            continue;
        }
        assert_eq!(world.composite["kind"], *selector.kind);
        assert_eq!(world.composite["apiVersion"], *selector.api_version);
        let is_one = matches!(&selector.r#match, Some(Match::MatchName(name)) if !name.is_empty());
        assert_eq!(is_one, question.starts_with("sibling/"), "{question}");
        assert!(is_one || question == "siblings", "{question}");
        assert_eq!(labels, [""; 0]);
    }
}
