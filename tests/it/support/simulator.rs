//! An in-memory control plane with two clouds behind it.
//!
//! [`World::reconcile`] calls the function and uses its answer as Crossplane does: a Fatal result
//! changes nothing; else what is observed and no longer desired is deleted, and the rest is applied
//! by server-side apply. [`World::tick`] then lets the providers work for a while. The clouds
//! insist on their own order, so a cluster that is composed in a wrong one never becomes ready.

mod step;

use std::collections::BTreeMap;

use cloudsim::{Faults, Pace, Simulator, apply};
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{
            MatchLabels, RequestMeta, Requirements, Resource, Resources, RunFunctionRequest, State,
            resource_selector::Match,
        },
        structpb::{Struct, to_struct},
    },
};

pub(crate) use cloudsim::Fault;
pub(crate) use step::{Step, fatal};

/// The annotation that Crossplane puts a composed resource's key in.
pub(crate) const KEY: &str = "crossplane.io/composition-resource-name";

/// The objects of one composite, and the composite.
#[derive(Clone)]
pub(crate) struct World {
    /// The composite resource as it stands in the API server.
    pub(crate) composite: Value,
    /// The function's Input.
    pub(crate) input: Option<Struct>,
    /// What earlier steps of the pipeline desire.
    pub(crate) upstream: Option<State>,
    /// The other composites of the kind, for a function that asks; none from a Crossplane that does not
    /// answer.
    pub(crate) others: Option<Vec<Value>>,
    /// What the next observations are falsified with, by key.
    pub(crate) faults: BTreeMap<String, Fault>,
    /// What the clouds have.
    clouds: Simulator,
    objects: BTreeMap<String, Held>,
    /// What earlier calls wrote to the composite's status.
    status: Value,
}

/// A composed object.
#[derive(Clone, PartialEq)]
struct Held {
    /// As it stands in the API server.
    object: Value,
    /// As Crossplane applied it last.
    applied: Value,
}

/// An object on the wire.
pub(crate) fn on_wire(object: &Value) -> Resource {
    resource(to_struct(object).unwrap())
}

fn text_of<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_default()
}

impl World {
    /// A world in which nothing exists but the composite.
    pub(crate) fn new(composite: Value, input: Option<Struct>) -> Self {
        Self {
            composite,
            input,
            upstream: None,
            others: Some(Vec::new()),
            faults: BTreeMap::new(),
            clouds: Simulator::new(Pace::Quick),
            objects: BTreeMap::new(),
            status: json!({}),
        }
    }

    /// The same world with clouds at another pace.
    pub(crate) fn at_pace(mut self, pace: Pace) -> Self {
        self.clouds = self.clouds.at_pace(pace);
        self
    }

    /// The composed objects as an observer sees them, by key.
    pub(crate) fn observed(&self) -> BTreeMap<String, Value> {
        let objects = self.objects.iter();
        objects
            .map(|(key, held)| {
                let mut object = held.object.clone();
                if let Some(fault) = self.faults.get(key) {
                    fault.hit(&mut object);
                }
                (key.clone(), object)
            })
            .collect()
    }

    /// An object, to read it or to change it as somebody else would.
    pub(crate) fn object_mut(&mut self, key: &str) -> &mut Value {
        let held = self.objects.get_mut(key);
        &mut held.unwrap_or_else(|| panic!("there is no {key}")).object
    }

    /// What the cloud has for an object, to change it behind the provider's back.
    pub(crate) fn cloud_mut(&mut self, key: &str) -> &mut Value {
        let found = self.clouds.cloud_mut(key);
        found.unwrap_or_else(|| panic!("there is no {key}"))
    }

    /// Lets the clouds or their providers do something wrong from now on: a fault, and of what. None ends all.
    pub(crate) fn break_clouds(&mut self, faults: &[(&str, &str)]) {
        self.clouds.faults = Faults::parse(faults.iter().copied()).unwrap();
    }

    /// All providers start anew, and forget what no object has stored.
    pub(crate) fn restart_providers(&mut self) {
        self.clouds.restart_providers();
    }

    /// An object and what the cloud has for it are gone.
    pub(crate) fn forget(&mut self, key: &str) {
        self.objects.remove(key);
        self.clouds.forget(key);
    }

    /// What the cloud has for an object is gone, and its object stays.
    pub(crate) fn lose(&mut self, key: &str) {
        self.clouds.forget(key);
    }

    /// Sets the external name of an object to that of a thing which no object knows any more.
    pub(crate) fn import(&mut self, key: &str, id: &str) {
        let thing = self.clouds.replace(&format!("forgotten {id}"), None);
        self.clouds.replace(key, thing);
        self.object_mut(key)["metadata"]["annotations"]["crossplane.io/external-name"] = id.into();
    }

    /// The names of what the clouds have of a kind.
    pub(crate) fn in_cloud(&self, kind: &str) -> Vec<String> {
        let things = self.clouds.things();
        let of_kind = things.filter(|(_, thing)| thing.object["kind"] == kind);
        of_kind.map(|(_, thing)| thing.id.clone()).collect()
    }

    /// The objects that providers have written to the clouds for after their creation.
    pub(crate) fn updates(&self) -> Vec<String> {
        let events = self.clouds.events().iter();
        let updates = events.filter(|event| event.what == "updated");
        updates.map(|event| event.object.clone()).collect()
    }

    /// What the clouds would not create when they were asked to.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let events = self.clouds.events().iter();
        let refused = events.filter(|event| {
            event.what == "refused to create" && event.detail.starts_with("create failed")
        });
        refused
            .map(|event| format!("{}: {}", event.object, event.detail))
            .collect()
    }

    /// The objects that their provider cannot bring to what is desired, with its message.
    pub(crate) fn stuck(&self) -> Vec<String> {
        let mut stuck = Vec::new();
        for (key, object) in self.observed() {
            let conditions = object
                .pointer("/status/conditions")
                .and_then(Value::as_array);
            let failed = conditions.into_iter().flatten();
            let failed = failed.filter(|c| c["type"] == "Synced" && c["status"] == "False");
            stuck.extend(failed.map(|condition| format!("{key}: {}", condition["message"])));
        }
        stuck
    }

    /// What Crossplane would ask now.
    pub(crate) fn request(&self) -> RunFunctionRequest {
        let observed = self.observed();
        RunFunctionRequest {
            meta: Some(RequestMeta {
                tag: "tag".to_owned(),
                ..RequestMeta::default()
            }),
            observed: Some(State {
                composite: Some(on_wire(&self.composite)),
                resources: observed
                    .iter()
                    .map(|(key, object)| (key.clone(), on_wire(object)))
                    .collect(),
            }),
            desired: self.upstream.clone(),
            input: self.input.clone(),
            ..RunFunctionRequest::default()
        }
    }

    /// One reconcile of the composite.
    pub(crate) fn reconcile(&mut self) -> Step {
        let mut request = self.request();
        let mut response = compose(request.clone());
        if let Some(asked) = response.requirements.clone() {
            self.fetch(&asked, &mut request);
            response = compose(request.clone());
            assert_eq!(
                response.requirements,
                Some(asked),
                "asks for something else"
            );
        }
        let mut step = Step {
            request,
            response,
            deleted: Vec::new(),
        };
        if step.fatal().is_none() {
            let desired = step.desired();
            step.deleted = self.collect_garbage(&desired);
            for (key, object) in desired {
                self.apply(&key, object);
            }
            apply::apply(
                &mut self.composite["status"],
                &mut self.status,
                step.status(),
            );
        }
        self.composite["status"]["conditions"] = self.conditions_after(&step);
        step
    }

    /// Adds what Crossplane finds of what the function asks for: all composites of the kind.
    fn fetch(&self, asked: &Requirements, request: &mut RunFunctionRequest) {
        let Some(others) = &self.others else {
            return;
        };
        for (name, selector) in &asked.resources {
            assert_eq!(selector.kind, text_of(&self.composite, "kind"));
            assert_eq!(selector.api_version, text_of(&self.composite, "apiVersion"));
            let all = MatchLabels::default();
            assert_eq!(selector.r#match, Some(Match::MatchLabels(all)));
            let items = std::iter::once(&self.composite).chain(others);
            let items = items.map(on_wire).collect();
            let found = Resources { items };
            request.required_resources.insert(name.clone(), found);
        }
    }

    /// Core's own conditions and the function's.
    fn conditions_after(&self, step: &Step) -> Value {
        let was = &self.composite["status"]["conditions"];
        let (mut ready, mut synced) = (step.is_ready(), "True");
        if step.fatal().is_some() {
            let list = was.as_array().into_iter().flatten();
            ready = list
                .into_iter()
                .any(|c| c["type"] == "Ready" && c["status"] == "True");
            synced = "False";
        }
        let core = [
            ("Synced", synced),
            ("Ready", if ready { "True" } else { "False" }),
        ];
        let core = core.map(|(kind, status)| json!({"type": kind, "status": status}));
        core.into_iter().chain(step.conditions()).collect()
    }

    /// Deletes what is observed and no longer desired.
    fn collect_garbage(&mut self, desired: &BTreeMap<String, Value>) -> Vec<String> {
        let observed: Vec<_> = self.objects.keys().cloned().collect();
        let gone = observed
            .into_iter()
            .filter(|key| !desired.contains_key(key));
        let gone: Vec<_> = gone.collect();
        for key in &gone {
            self.objects.remove(key);
            self.clouds.forget(key);
        }
        gone
    }

    fn apply(&mut self, key: &str, mut desired: Value) {
        self.check_scope(key, &desired);
        desired["metadata"]["annotations"][KEY] = key.into();
        let composite = &self.composite["metadata"]["name"];
        desired["metadata"]["labels"]["crossplane.io/composite"] = composite.clone();
        if let Some(status) = desired.as_object_mut() {
            status.remove("status");
        }
        let held = self.objects.entry(key.to_owned()).or_insert_with(|| Held {
            object: json!({}),
            applied: json!({}),
        });
        if let Some(name) = held.object.pointer("/metadata/name") {
            desired["metadata"]["name"] = name.clone();
        }
        apply::apply(&mut held.object, &mut held.applied, desired);
    }

    /// What core refuses: a namespaced composite composes nothing outside its namespace.
    fn check_scope(&self, key: &str, desired: &Value) {
        let own = self.composite.pointer("/metadata/namespace");
        let theirs = desired.pointer("/metadata/namespace");
        assert!(
            own.is_none() || own == theirs,
            "{key} is in {theirs:?}, and its composite in {own:?}"
        );
        let name = desired.pointer("/metadata/name").and_then(Value::as_str);
        let name = name.unwrap_or_else(|| panic!("{key} has no name"));
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
        assert!(
            name.bytes().all(sound) && name.len() <= 253,
            "{key}: name {name}"
        );
    }

    /// Lets the providers work. Whether anything changed.
    pub(crate) fn tick(&mut self) -> bool {
        let objects = self.objects.iter_mut();
        self.clouds
            .tick(objects.map(|(key, held)| (key.as_str(), &mut held.object)))
    }

    /// Reconciles and ticks until neither changes anything any more.
    pub(crate) fn settle(&mut self) -> Vec<Step> {
        self.settle_watched(|_, _| {})
    }

    /// The same; `each` looks at the world after every reconcile.
    pub(crate) fn settle_watched(&mut self, mut each: impl FnMut(&Self, &Step)) -> Vec<Step> {
        const MOST: usize = 60;
        let mut steps: Vec<Step> = Vec::new();
        while steps.len() < MOST {
            let step = self.reconcile();
            each(self, &step);
            let same = steps
                .last()
                .is_some_and(|last| last.response == step.response);
            steps.push(step);
            if !self.tick() && same {
                return steps;
            }
        }
        let waiting = &self.composite["status"]["waitingFor"];
        panic!("not settled after {MOST} reconciles; it waits for {waiting:#}")
    }

    /// Changes the composite's spec, as its author would. `null` removes a field.
    pub(crate) fn edit(&mut self, spec: &Value) {
        apply::merge_patch(&mut self.composite["spec"], spec);
    }

    /// Changes the function's Input by a merge patch.
    pub(crate) fn edit_input(&mut self, change: &Value) {
        let mut input = serde_json::to_value(&self.input).unwrap();
        apply::merge_patch(&mut input, change);
        self.input = Some(on_wire(&input).resource.unwrap());
    }
}
