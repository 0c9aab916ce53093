//! The function specification, a test for each of its demands
//! (contributing/specifications/functions.md of Crossplane).

use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{
            Ready, RequestMeta, Resource, RunFunctionRequest, RunFunctionResponse, Severity, State,
        },
        structpb::{Struct, to_struct},
    },
};

use crate::support::cases::{Case, document, repository, runs};

fn object(value: &Value) -> Struct {
    to_struct(value).unwrap()
}

/// A request for the first of a cluster's calls.
fn request(status: &Value) -> RunFunctionRequest {
    let case = Case::new("aws-minimal");
    let mut composite = case.composite;
    composite["status"] = status.clone();
    RunFunctionRequest {
        meta: Some(RequestMeta {
            tag: "a tag/with: anything".to_owned(),
            capabilities: Vec::new(),
        }),
        observed: Some(State {
            composite: Some(resource(object(&composite))),
            ..State::default()
        }),
        input: case.input,
        ..RunFunctionRequest::default()
    }
}

fn fresh() -> RunFunctionResponse {
    compose(request(&json!({})))
}

fn desired(rsp: &RunFunctionResponse) -> &State {
    rsp.desired.as_ref().unwrap()
}

fn as_json(resource: &Resource) -> Value {
    serde_json::to_value(&resource.resource).unwrap()
}

#[test]
fn the_tag_is_copied_verbatim() {
    assert_eq!(fresh().meta.unwrap().tag, "a tag/with: anything");
}

#[test]
fn a_time_to_live_is_set_and_longer_when_nothing_is_awaited() {
    let seconds = |rsp: RunFunctionResponse| rsp.meta.unwrap().ttl.unwrap().seconds;
    let waiting = seconds(fresh());
    let settled = runs().iter().map(|run| {
        let last = run.steps.last().unwrap();
        seconds(compose(last.request.clone()))
    });
    for settled in settled {
        assert!((10..=3600).contains(&waiting) && waiting < settled);
    }
}

#[test]
fn what_earlier_functions_want_is_passed_on_and_so_is_the_context() {
    let mut req = request(&json!({}));
    let theirs = Resource {
        resource: Some(object(&json!({"kind": "Theirs", "spec": {"n": 1}}))),
        ready: Ready::True.into(),
        connection_details: [("key".to_owned(), "value".into())].into(),
    };
    let composite = object(&json!({"metadata": {"labels": {"a": "b"}}, "status": {"theirs": 1}}));
    req.desired = Some(State {
        composite: Some(resource(composite)),
        resources: [("theirs".to_owned(), theirs.clone())].into(),
    });
    req.context = Some(object(&json!({"a": {"b": "c"}})));
    let rsp = compose(req.clone());
    assert_eq!(desired(&rsp).resources["theirs"], theirs);
    assert_eq!(rsp.context, req.context);
    let composite = as_json(desired(&rsp).composite.as_ref().unwrap());
    assert_eq!(composite["metadata"], json!({"labels": {"a": "b"}}));
    assert_eq!(composite["status"]["theirs"], 1);
    assert_eq!(composite["status"]["phase"], "Provisioning");
}

#[test]
fn nothing_of_the_composite_is_written_but_its_status() {
    let rsp = fresh();
    let composite = as_json(desired(&rsp).composite.as_ref().unwrap());
    let keys: Vec<_> = composite.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["status"]);
}

#[test]
fn no_status_of_a_composed_resource_is_written_and_labels_are_strings() {
    for run in runs() {
        for step in &run.steps {
            for (key, object) in step.desired() {
                assert_eq!(object.get("status"), None, "{key}");
                for field in ["labels", "annotations"] {
                    let map = object["metadata"][field].as_object().into_iter().flatten();
                    for (name, value) in map {
                        assert!(value.is_string(), "{key}: {field} {name} is {value}");
                    }
                }
            }
        }
    }
}

#[test]
fn readiness_is_said_of_everything() {
    let rsp = fresh();
    let said = |resource: &Resource| resource.ready() != Ready::Unspecified;
    assert!(desired(&rsp).resources.values().all(said));
    assert!(said(desired(&rsp).composite.as_ref().unwrap()));
}

#[test]
fn a_mistake_is_one_fatal_result_and_nothing_else_is() {
    let fatal = |rsp: &RunFunctionResponse| {
        let is_fatal =
            |result: &&xcluster::wire::proto::v1::Result| result.severity() == Severity::Fatal;
        rsp.results.iter().filter(is_fatal).count()
    };
    assert_eq!(fatal(&fresh()), 0);
    let mut req = request(&json!({}));
    req.input = Some(object(&json!({"nonsense": true, "more": 1})));
    let rsp = compose(req);
    assert_eq!((fatal(&rsp), rsp.results.len()), (1, 1));
}

#[test]
fn events_are_sent_on_transitions_only() {
    let in_phase = |phase: &str| compose(request(&json!({"phase": phase}))).results.len();
    assert_eq!(fresh().results.len(), 0, "a new cluster");
    assert_eq!(in_phase("Provisioning"), 0, "the same phase");
    assert_eq!(in_phase("Ready"), 1, "from Ready to Degraded");
    for run in runs() {
        let steps = run.steps.iter();
        let events: usize = steps
            .map(|step| compose(step.request.clone()).results.len())
            .sum();
        assert_eq!(events, 1, "{}: from Provisioning to Ready", run.case.name);
    }
}

#[test]
fn requirements_are_the_same_on_every_call() {
    assert_eq!(fresh().requirements, None);
}

#[test]
fn the_package_is_a_function_by_name_and_kind() {
    let package = document(&repository("package/crossplane.yaml"));
    assert_eq!(package["kind"], "Function");
    let name = package["metadata"]["name"].as_str().unwrap();
    assert!(name.starts_with("function-"), "{name}");
}
