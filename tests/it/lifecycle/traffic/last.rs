//! Whether a cluster may leave the service to others.

use serde_json::{Value, json};
use xcluster::wire::proto::v1::Resources;

use super::{RECORD, TRAFFIC, assert_healthy, edited, pair, serving, weight};
use crate::support::cases::{Case, run};

#[test]
fn the_last_cluster_that_serves_goes_on_serving() {
    for name in TRAFFIC {
        for (traffic, field, value) in [
            (
                json!({"state": "drained"}),
                "spec.traffic.state",
                "\"drained\"",
            ),
            (
                json!({"state": "evacuated"}),
                "spec.traffic.state",
                "\"evacuated\"",
            ),
            (json!({"weight": 0}), "spec.traffic.weight", "0"),
        ] {
            let mut world = run(name).world.clone();
            let before = world.observed();
            let steps = edited(&mut world, &traffic);
            let message = steps.last().unwrap().fatal().unwrap().to_owned();
            let expected = format!(
                "{field}: {value} would leave nobody to serve inference.acme.example: no other cluster of it is \
                 active and Serving; make another cluster active first and wait until it is Serving; or set \
                 spec.traffic.force: true"
            );
            assert!(message.contains(&expected), "{message}");
            assert_eq!(world.observed(), before, "{name}");
            // A person who means it says so, and is not asked again.
            let steps = edited(&mut world, &json!({"force": true}));
            let last = steps.last().unwrap();
            assert_eq!(last.fatal(), None, "{name}");
            assert_eq!(last.response.requirements, None, "{name}");
            assert_eq!(weight(&last.desired()), 0, "{name}");
        }
    }
}

#[test]
fn only_a_cluster_that_serves_the_same_host_counts() {
    let other = run("gcp-traffic").world.composite.clone();
    let with = |pointer: &str, value: Value| {
        let mut other = other.clone();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        other.pointer_mut(parent).unwrap()[field] = value;
        other
    };
    let without = |condition: &str| {
        let mut other = other.clone();
        for found in other["status"]["conditions"].as_array_mut().unwrap() {
            if found["type"] == condition {
                found["status"] = json!("False");
            }
        }
        other
    };
    let rows = [
        (other.clone(), true, "it serves"),
        (
            with("/spec/traffic/weight", json!(0)),
            false,
            "it is to have no weight",
        ),
        (
            with("/spec/traffic/state", json!("drained")),
            false,
            "it is to be drained",
        ),
        (
            with("/status/traffic/host", json!("other.acme.example")),
            false,
            "another service",
        ),
        (
            with("/metadata/deletionTimestamp", json!("2026-11-25T00:00:00Z")),
            false,
            "it goes",
        ),
        (
            without("Ready"),
            true,
            "a change goes on there, and it serves",
        ),
        (without("Serving"), false, "DNS does not send callers there"),
        (
            json!({"metadata": {"name": "empty"}}),
            false,
            "nothing is known of it",
        ),
    ];
    // Whether it is found by its record's label or, when that is from before the label, among all.
    let record = run("gcp-traffic").world.observed().remove(RECORD).unwrap();
    for (other, expected, reason) in rows {
        for beside in [vec![], vec![record.clone()]] {
            let mut world = run("aws-traffic").world.clone();
            world.others = Some([vec![other.clone()], beside].concat());
            world.edit(&json!({"traffic": {"state": "drained"}}));
            assert_eq!(world.reconcile().fatal().is_none(), expected, "{reason}");
        }
    }
}

#[test]
fn no_answer_is_not_the_answer_none() {
    for name in TRAFFIC {
        let mut world = pair(name, "claims");
        let others = world.others.take();
        let before = run(name).last().desired();
        let steps = edited(&mut world, &json!({"state": "evacuated"}));
        let last = steps.last().unwrap();
        assert_healthy(name, &world, &steps);
        assert_eq!(last.desired(), before, "{name}: everything stays");
        assert!(
            serving(last).starts_with("False Waiting: "),
            "{}",
            serving(last)
        );
        let asked = last.response.requirements.clone().unwrap();
        // Crossplane v1 knows the older name alone.
        assert_eq!(asked.extra_resources, asked.resources);
        // A list in which this cluster is missing is none of all of them.
        let mut request = last.request.clone();
        for question in ["service-records", "siblings"] {
            let empty = (question.to_owned(), Resources::default());
            request.required_resources.extend([empty]);
        }
        let answer = xcluster::compose::compose(request);
        assert_eq!(answer.desired, last.response.desired, "{name}");
        world.others = others;
        let steps = world.settle();
        assert_eq!(weight(&steps.last().unwrap().desired()), 0, "{name}");
    }
}

#[test]
fn a_drained_cluster_stays_drained_whoever_else_serves() {
    let mut world = pair("gcp-traffic", "claims");
    let drained = edited(&mut world, &json!({"state": "drained"}))
        .pop()
        .unwrap()
        .desired();
    for (others, expected) in [
        (Some(vec![]), "; no other cluster of the service is Serving"),
        (None, "callers are sent elsewhere; its Pods stay"),
    ] {
        world.others = others;
        let step = world.settle().pop().unwrap();
        assert_eq!(step.fatal(), None);
        assert_eq!(step.desired(), drained);
        assert!(serving(&step).ends_with(expected), "{}", serving(&step));
    }
}

#[test]
fn what_has_never_served_may_be_drained_alone() {
    let mut world = Case::new("gcp-traffic").world();
    world.edit(&json!({"traffic": {"state": "evacuated"}}));
    let steps = world.settle();
    assert_healthy("gcp-traffic", &world, &steps);
    assert!(steps.iter().all(|step| step.fatal().is_none()));
    assert_eq!(weight(&steps.last().unwrap().desired()), 0);
}

#[test]
fn a_cluster_from_before_the_label_counts_as_one_that_serves() {
    for (label, expected) in [(Value::Null, true), (json!("evacuated"), false)] {
        let mut world = Case::new("aws-traffic").world();
        // Nobody has said yet where its load balancer is, so it has no record.
        world.edit(&json!({"traffic": {"address": null}}));
        world.settle();
        let labels = &mut world.object_mut("registration-secret")["metadata"]["labels"];
        let labels = labels.as_object_mut().unwrap();
        labels.remove("xcluster.dev/traffic").unwrap();
        if !label.is_null() {
            labels.insert("xcluster.dev/traffic".to_owned(), label.clone());
        }
        world.edit(&json!({"traffic": {"state": "drained"}}));
        assert_eq!(world.reconcile().fatal().is_some(), expected, "{label}");
    }
}
