//! What is held back, and what never is.

use serde_json::json;

use super::*;
use crate::{
    plan::{
        build::{composed, lacking},
        ready::ReadyWhen,
    },
    wire::{proto::v1::Resource, structpb::to_struct},
};

fn observe(objects: &[(&str, serde_json::Value)]) -> BTreeMap<String, Resource> {
    objects
        .iter()
        .map(|(key, object)| {
            let resource = Resource {
                resource: Some(to_struct(object).unwrap()),
                ..Resource::default()
            };
            ((*key).to_owned(), resource)
        })
        .collect()
}

fn ready() -> serde_json::Value {
    json!({"kind": "K", "status": {"conditions": [{"type": "Ready", "status": "True"}]}})
}

fn sent(
    resource: Composed,
    others: Vec<Composed>,
    exists: &[(&str, serde_json::Value)],
) -> Outcome {
    let mut plan = Plan::default();
    let key = resource.key.clone();
    plan.add(resource);
    for other in others {
        plan.add(other);
    }
    let observed = observe(exists);
    decide(plan, Observed::new(&observed))
        .unwrap()
        .into_iter()
        .find(|outcome| outcome.key == key)
        .unwrap()
}

/// What becomes of a resource that comes after others in the plan.
fn decided(others: Vec<Composed>, last: Composed, exists: &[(&str, serde_json::Value)]) -> Outcome {
    let mut plan = Plan::default();
    for resource in others.into_iter().chain([last]) {
        plan.add(resource);
    }
    let observed = observe(exists);
    let outcomes = decide(plan, Observed::new(&observed)).unwrap();
    outcomes.into_iter().next_back().unwrap()
}

fn object(key: &'static str) -> Composed {
    of_kind("K", key)
}

fn of_kind(kind: &str, key: &'static str) -> Composed {
    let object = to_struct(&json!({"kind": kind}));
    composed(Stage::Network, Key::new(key), object)
}

#[test]
fn creation_waits_and_existence_does_not() {
    let rows = [
        ("nothing exists", vec![], false),
        (
            "the dependency exists unready",
            vec![("dependency", json!({}))],
            false,
        ),
        (
            "the dependency is ready",
            vec![("dependency", ready())],
            true,
        ),
        (
            "it exists, the dependency is gone",
            vec![("it", json!({}))],
            true,
        ),
    ];
    for (reason, exists, expected) in rows {
        let it = object("it").after([Key::new("dependency")]);
        let outcome = sent(it, vec![object("dependency")], &exists);
        assert_eq!(outcome.object.is_some(), expected, "{reason}");
    }
}

/// EKS changes a cluster: it is as ready as before, and takes nothing new meanwhile.
#[test]
fn creation_waits_for_the_end_of_a_change() {
    for (status, is_sent) in [("ACTIVE", true), ("UPDATING", false)] {
        let cluster = || object("cluster").ready_when(ReadyWhen::Status("ACTIVE"));
        let exists = vec![(
            "cluster",
            json!({"status": {"atProvider": {"status": status}}}),
        )];
        let outcome = sent(
            object("it").after([Key::new("cluster")]),
            vec![cluster()],
            &exists,
        );
        assert_eq!(outcome.object.is_some(), is_sent, "{status}");
        assert_eq!(sent(cluster(), vec![], &exists).waiting, None, "{status}");
        let reason = outcome.waiting.unwrap().reason;
        assert_eq!(reason == "its cloud is changing it", !is_sent, "{reason}");
    }
}

#[test]
fn one_object_of_a_new_kind_goes_first() {
    let it = || object("it");
    let peer = || object("peer");
    let exists = vec![("peer", json!({"kind": "K"}))];
    let rows = [
        ("it is the first", vec![], vec![], true),
        ("another one goes first", vec![peer()], vec![], false),
        ("another one exists, not ready", vec![peer()], exists, true),
        (
            "the other one is of another kind",
            vec![of_kind("L", "peer")],
            vec![],
            true,
        ),
        (
            "the other one waits itself",
            vec![of_kind("L", "other"), peer().after([Key::new("other")])],
            vec![],
            true,
        ),
    ];
    for (reason, others, exists, expected) in rows {
        let outcomes = decided(others, it(), &exists);
        assert_eq!(outcomes.object.is_some(), expected, "{reason}");
    }
}

#[test]
fn an_existing_object_whose_input_is_gone_is_sent_as_it_is() {
    let it = lacking(
        Stage::Cluster,
        Key::new("it"),
        "the key's ARN",
        Key::new("key"),
    );
    let existing = json!({
        "apiVersion": "v1", "kind": "K",
        "metadata": {"name": "n", "uid": "u", "resourceVersion": "7",
                     "annotations": {"crossplane.io/external-name": "x", "other": "y",
                                     "upjet.crossplane.io/z": "z"},
                     "labels": {"crossplane.io/composite": "c", "ours": "l"}},
        "spec": {"forProvider": {"keyArn": "arn"}},
        "status": {"conditions": []},
    });
    let outcome = sent(it, vec![object("key")], &[("it", existing)]);
    let object = serde_json::to_value(outcome.object.unwrap()).unwrap();
    assert_eq!(
        object,
        json!({
            "apiVersion": "v1", "kind": "K",
            "metadata": {"name": "n", "labels": {"ours": "l"},
                         "annotations": {"crossplane.io/external-name": "x", "other": "y"}},
            "spec": {"forProvider": {"keyArn": "arn"}},
        })
    );
}

#[test]
#[should_panic(expected = "each waits for a key that the plan does not have")]
fn a_resource_that_waits_for_a_key_outside_of_the_plan_is_a_bug() {
    decided(vec![], object("it").after([Key::new("typo")]), &[]);
}

#[test]
fn what_waits_for_a_person_says_what_to_do() {
    let action = "set spec.traffic.address";
    let from = Source::Person(action.to_owned());
    let it = lacking(Stage::Traffic, Key::new("it"), "an address", from);
    let waiting = decided(vec![], it, &[]).waiting.unwrap();
    assert_eq!(
        (waiting.what.as_str(), waiting.reason.as_str()),
        ("an address", action)
    );
}
