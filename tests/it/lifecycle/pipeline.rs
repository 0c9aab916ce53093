//! Other functions in the same pipeline.

use serde_json::{Value, json};
use xcluster::wire::{
    proto::v1::{Ready, Resource, State},
    structpb::Struct,
};

use crate::support::{
    cases::{Case, runs},
    simulator::{World, on_wire},
};

fn theirs() -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "theirs"},
        "data": {"number": 1.5, "nothing": null, "empty": {}},
    })
}

fn upstream() -> State {
    let resource = Resource {
        ready: Ready::False.into(),
        connection_details: [("key".to_owned(), b"value".to_vec().into())].into(),
        ..on_wire(&theirs())
    };
    State {
        composite: Some(on_wire(&json!({
            "apiVersion": "xcluster.dev/v1alpha1",
            "kind": "XCluster",
            "status": {"theirs": {"says": "hello"}, "phase": "Theirs"},
        }))),
        resources: [("theirs".to_owned(), resource)].into(),
    }
}

#[test]
fn what_an_earlier_function_desires_passes_through_untouched() {
    for case in Case::all() {
        let mut world: World = case.world();
        world.upstream = Some(upstream());
        let steps = world.settle();
        for step in &steps {
            let desired = step.response.desired.as_ref().unwrap();
            assert_eq!(desired.resources["theirs"], upstream().resources["theirs"]);
            assert_eq!(step.status()["theirs"], json!({"says": "hello"}));
            assert_ne!(step.status()["phase"], "Theirs", "our field is ours");
        }
        let last = steps.last().unwrap();
        assert_eq!(
            last.status()["phase"],
            "Ready",
            "{}: our part is",
            case.name
        );
        assert!(!last.is_ready(), "{}: their resource is not", case.name);
    }
}

#[test]
fn nothing_of_the_composite_is_written_but_its_status() {
    for run in runs() {
        for step in &run.steps {
            let desired = step.response.desired.as_ref().unwrap();
            let composite = desired
                .composite
                .as_ref()
                .unwrap()
                .resource
                .as_ref()
                .unwrap();
            let fields: Vec<_> = composite.iter().map(|(field, _)| field).collect();
            assert_eq!(fields, ["status"], "{}", run.title());
            for (key, object) in step.desired() {
                assert_eq!(object.get("status"), None, "{}: {key}", run.title());
            }
        }
    }
}

#[test]
fn tag_and_context_come_back() {
    for run in runs() {
        let mut request = run.world.request();
        let context: Struct =
            xcluster::wire::structpb::to_struct(&json!({"example.org/key": {"a": [1, null]}}))
                .unwrap();
        request.context = Some(context.clone());
        let answer = xcluster::compose::compose(request);
        assert_eq!(answer.context, Some(context), "{}", run.title());
        assert_eq!(answer.meta.unwrap().tag, "tag", "{}", run.title());
        assert_eq!(answer.requirements, None, "{}", run.title());
    }
}

#[test]
fn events_tell_of_transitions_only() {
    for run in runs() {
        let events = run.steps.iter().map(|step| step.response.results.len());
        assert_eq!(events.sum::<usize>(), 1, "{}: Ready, once", run.title());
        assert!(run.last().response.results.is_empty(), "{}", run.title());
    }
}
