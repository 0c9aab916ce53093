//! What Crossplane does with a function's answers, for a function that answers what a test says.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that cannot go on fails"
)]

use std::sync::{Arc, Mutex};

use cloudsim::{
    Pace,
    world::{Error, World, on_wire},
};
use serde_json::{Value, json};
use xcluster::wire::proto::v1::{
    MatchLabels, Requirements, ResourceSelector, RunFunctionRequest, RunFunctionResponse, State,
    resource_selector::Match,
};

/// What a test's function desires, by key.
type Desired = Arc<Mutex<Value>>;

fn respond(desired: &Value) -> RunFunctionResponse {
    let resources = desired.as_object().unwrap().iter();
    let resources = resources.map(|(key, object)| (key.clone(), on_wire(object).unwrap()));
    let composite = json!({"status": {"count": desired.as_object().unwrap().len()}});
    RunFunctionResponse {
        desired: Some(State {
            composite: Some(on_wire(&composite).unwrap()),
            resources: resources.collect(),
        }),
        ..RunFunctionResponse::default()
    }
}

fn composite() -> Value {
    json!({"apiVersion": "a/v1", "kind": "Cluster", "metadata": {"name": "prod"}})
}

/// A world whose function desires what the test says.
fn world(desired: &Value) -> (World, Desired) {
    let shared = Desired::new(Mutex::new(desired.clone()));
    let own = Desired::clone(&shared);
    let world = World::new(composite(), None, move |_| respond(&own.lock().unwrap()));
    (world, shared)
}

fn bucket(name: &str) -> Value {
    json!({
        "apiVersion": "s3.aws.upbound.io/v1", "kind": "Bucket", "metadata": {"name": name},
        "spec": {"forProvider": {"region": "us-east-1", "tags": {"of": name}}},
    })
}

fn usage(of: &str, by: &str) -> Value {
    let target = |name: &str| json!({"apiVersion": "s3.aws.upbound.io/v1", "kind": "Bucket", "resourceRef": {"name": name}});
    json!({
        "apiVersion": "protection.crossplane.io/v1beta1", "kind": "ClusterUsage", "metadata": {"name": "usage"},
        "spec": {"of": target(of), "by": target(by)},
    })
}

#[test]
fn what_is_no_longer_desired_goes_when_its_provider_has_let_it_go() {
    let (mut world, desired) = world(&json!({"a": bucket("a"), "b": bucket("b")}));
    world.settle().unwrap();
    assert_eq!(world.composite["status"]["count"], 2);
    *desired.lock().unwrap() = json!({"a": bucket("a")});
    let step = world.reconcile().unwrap();
    assert_eq!(step.deleted, ["b"]);
    let going = &world.observed()["b"]["metadata"];
    assert!(going["deletionTimestamp"].is_string(), "{going:#}");
    world.settle().unwrap();
    assert_eq!(world.observed().into_keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(world.clouds().things().count(), 1);
}

#[test]
fn at_once_it_is_gone_after_one_tick() {
    let (world, desired) = world(&json!({"a": bucket("a")}));
    let mut world = world.at_pace(Pace::Instant);
    world.settle().unwrap();
    *desired.lock().unwrap() = json!({});
    world.reconcile().unwrap();
    world.tick();
    assert!(world.observed().is_empty());
}

#[test]
fn a_usage_holds_an_object_until_its_user_is_gone() {
    let all = json!({"of": bucket("of"), "by": bucket("by"), "usage": usage("of", "by")});
    let (mut world, desired) = world(&all);
    world.settle().unwrap();
    *desired.lock().unwrap() = json!({"new": bucket("new")});
    let step = world.reconcile().unwrap();
    assert_eq!(step.refused, ["of is held by usage"]);
    assert_eq!(step.deleted, ["by", "usage"]);
    assert!(
        !world.observed().contains_key("new"),
        "Crossplane applies nothing while it may not delete"
    );
    world.settle().unwrap();
    assert_eq!(world.observed().into_keys().collect::<Vec<_>>(), ["new"]);
}

#[test]
fn what_others_wrote_stays_and_what_was_applied_and_is_not_any_more_goes() {
    let (mut world, desired) = world(&json!({"a": bucket("a")}));
    world.settle().unwrap();
    world.object_mut("a").unwrap()["spec"]["forProvider"]["theirs"] = 1.into();
    let mut plain = bucket("a");
    plain["spec"]["forProvider"]
        .as_object_mut()
        .unwrap()
        .remove("tags");
    *desired.lock().unwrap() = json!({"a": plain});
    world.settle().unwrap();
    let spec = &world.observed()["a"]["spec"]["forProvider"];
    assert_eq!(*spec, json!({"region": "us-east-1", "theirs": 1}));
}

#[test]
fn what_core_does_not_take_is_told_and_not_applied() {
    let (mut world, _) = world(&json!({"a": bucket("A b"), "b": bucket("b")}));
    let step = world.reconcile().unwrap();
    assert_eq!(step.refused, ["a has the name \"A b\""]);
    assert_eq!(world.observed().into_keys().collect::<Vec<_>>(), ["b"]);
}

fn ask(kind: &str) -> Requirements {
    let selector = ResourceSelector {
        api_version: "a/v1".to_owned(),
        kind: kind.to_owned(),
        r#match: Some(Match::MatchLabels(MatchLabels::default())),
        namespace: None,
    };
    Requirements {
        resources: [("all".to_owned(), selector)].into(),
        ..Requirements::default()
    }
}

#[test]
fn a_function_that_asks_gets_the_composites_of_the_kind() {
    let function = |request: RunFunctionRequest| {
        let found = request.required_resources.get("all");
        let count = found.map(|found| found.items.len());
        let composite = json!({"status": {"found": count}});
        let mut response = respond(&json!({}));
        response.desired.as_mut().unwrap().composite = Some(on_wire(&composite).unwrap());
        response.requirements = Some(ask("Cluster"));
        response
    };
    let mut world = World::new(composite(), None, function);
    world.others = Some(vec![composite(), bucket("x")]);
    let found = |world: &mut World| world.reconcile().unwrap().status()["found"].take();
    assert_eq!(found(&mut world), 2);
    world.others = None;
    assert_eq!(found(&mut world), Value::Null);
}

#[test]
fn a_function_that_asks_for_something_else_each_time_is_stopped() {
    let calls = Mutex::new(0);
    let function = move |_| {
        let mut calls = calls.lock().unwrap();
        *calls += 1;
        let mut response = respond(&json!({}));
        response.requirements = Some(ask(&format!("Kind{calls}")));
        response
    };
    let mut world = World::new(composite(), None, function);
    assert!(matches!(world.reconcile(), Err(Error::Requirements)));
}

#[test]
fn a_world_that_changes_at_each_reconcile_does_not_settle() {
    let calls = Mutex::new(0);
    let function = move |_| {
        let mut calls = calls.lock().unwrap();
        *calls += 1;
        let mut object = bucket("a");
        object["spec"]["forProvider"]["calls"] = (*calls).into();
        respond(&json!({"a": object}))
    };
    let mut world = World::new(composite(), None, function);
    assert!(matches!(world.settle(), Err(Error::Unsettled { .. })));
}
