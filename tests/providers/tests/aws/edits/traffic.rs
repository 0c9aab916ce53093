//! Edits of traffic, the author's and the platform's.

use manifests::ScopeArg;
use serde_json::{Value, json};

use super::{Edit, edited};
use crate::support::{Aws, assert_no_writes, count, edit_input, settle, stuck, world, writes};

/// The record of the cluster's own name, and that of the service.
const TWO: &[&str] = &["route53.POST /2013-04-01/hostedzone/Z0ACMEEXAMPLE/rrset x2"];
const CHANGE: &[&str] = &["route53.POST /2013-04-01/hostedzone/Z0ACMEEXAMPLE/rrset"];

/// AWS-12: the interval of a check cannot change, so another one takes its place: the record and its tags follow.
const ANOTHER: &[&str] = &[
    "DELETE healthcheck",
    "POST healthcheck",
    "POST hostedzone",
    "POST tags",
];

/// The verbs and the kinds of things, since ids are drawn.
fn kinds(writes: &[String]) -> Vec<String> {
    let parts = writes.iter().map(|call| {
        let mut parts = call.split('/');
        let verb = parts.next().unwrap().trim().trim_start_matches("route53.");
        format!("{verb} {}", parts.nth(1).unwrap())
    });
    parts.collect()
}

fn weight(world: &Aws) -> Option<Value> {
    let record = &world.observed()["traffic-record-service"];
    record
        .pointer("/status/atProvider/weightedRoutingPolicy/weight")
        .cloned()
}

#[test]
fn every_edit_of_traffic_reaches_route_53_once_and_settles() {
    let mut world = world("aws-traffic", ScopeArg::Cluster);
    settle(&mut world);
    let address = "k8s-inference-ffffffffff-987654321.us-east-1.elb.amazonaws.com";
    let edits: [(Edit, i32); 5] = [
        (
            (
                "another weight",
                json!({"traffic": {"weight": 200}}),
                CHANGE,
            ),
            200,
        ),
        (
            (
                "a drain",
                json!({"traffic": {"state": "drained", "force": true}}),
                CHANGE,
            ),
            0,
        ),
        (
            (
                "the way back",
                json!({"traffic": {"state": "active"}}),
                CHANGE,
            ),
            200,
        ),
        (
            (
                "an evacuation",
                json!({"traffic": {"state": "evacuated"}}),
                CHANGE,
            ),
            0,
        ),
        (
            (
                "another address",
                json!({"traffic": {"state": "active", "address": address}}),
                TWO,
            ),
            200,
        ),
    ];
    for (edit, expected) in edits {
        edited(&mut world, vec![edit]);
        assert_eq!(weight(&world), Some(json!(expected)));
    }
}

#[test]
fn every_edit_of_the_health_check_reaches_route_53_once_and_settles() {
    let mut world = world("aws-traffic", ScopeArg::Claims);
    settle(&mut world);
    let edits: [(&str, Value, &[&str]); 5] = [
        ("path", json!({"path": "/live"}), &["POST healthcheck"]),
        ("failures", json!({"failures": 5}), &["POST healthcheck"]),
        ("slow", json!({"fast": false}), ANOTHER),
        ("fast", json!({"fast": true}), ANOTHER),
        (
            "all",
            json!({"path": "/ready", "failures": 2, "fast": false}),
            ANOTHER,
        ),
    ];
    for (name, change, calls) in edits {
        let before = count(&world);
        edit_input(&mut world, &json!({"traffic": {"healthCheck": change}}));
        let steps = settle(&mut world);
        assert!(steps.last().unwrap().is_ready(), "{name}");
        assert_eq!(stuck(&world), [""; 0], "{name}");
        assert_eq!(kinds(&writes(&world, before)), calls, "{name}");
        assert_no_writes(&mut world, 2);
    }
}
