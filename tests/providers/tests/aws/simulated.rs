//! The simulated clouds beside the provider's own code, on the same sequence.

use std::{cmp::Reverse, thread};

use cloudsim::{
    Providers,
    world::{Step, World},
};
use manifests::ScopeArg;
use providers::{compare::differences, platform};
use serde_json::{Value, json};
use test_support::examples;
use xcluster::compose::compose;

use super::support::{examples, settle, world};

/// What AWS makes up for an object, beside the ids of those that it names.
const MADE_UP: [&str; 7] = [
    "/arn",
    "/mainRouteTableId",
    "/latestVersion",
    "/endpoint",
    "/vpcConfig/clusterSecurityGroupId",
    "/identity/0/oidc/0/issuer",
    "/certificateAuthority/0/data",
];

/// What the function wants in the end, and what it says of it. What AWS makes up is named by whose it is.
fn outcome<P: Providers>(world: &World<P>, step: &Step) -> Value {
    let mut text = json!({"objects": step.desired(), "status": step.status()}).to_string();
    let mut made_up = Vec::new();
    for (key, object) in world.observed() {
        let group = object["apiVersion"].as_str().unwrap_or_default();
        let is_named_by_aws = group.starts_with("ec2.")
            || ["Key", "HealthCheck"]
                .iter()
                .any(|kind| object["kind"] == *kind);
        for path in MADE_UP.into_iter().chain(is_named_by_aws.then_some("/id")) {
            let value = object.pointer(&format!("/status/atProvider{path}"));
            if let Some(value) = value.and_then(Value::as_str) {
                made_up.push((value.to_owned(), format!("<{path} of {key}>")));
            }
        }
    }
    made_up.sort_by_key(|(value, _)| Reverse(value.len()));
    for (value, name) in made_up {
        text = text.replace(&value, &name);
    }
    let mut outcome: Value = serde_json::from_str(&text).unwrap();
    for object in outcome["objects"].as_object_mut().unwrap().values_mut() {
        // The host of the endpoint, in base64.
        for path in ["/data", "/spec/forProvider/manifest/data"] {
            if let Some(data) = object.pointer_mut(path).and_then(Value::as_object_mut) {
                data.remove("server");
            }
        }
    }
    outcome
}

#[test]
fn both_come_to_the_same_for_every_example() {
    thread::scope(|threads| {
        for example in examples() {
            threads.spawn(move || same(&example));
        }
    });
}

fn same(example: &str) {
    let composite = examples::composite(example);
    let mut simulated = World::new(composite, platform::input(example), compose);
    let mut real = world(example, ScopeArg::Claims);
    let edits = [
        json!({}),
        json!({"tags": {"team": "ml"}}),
        json!({"network": {"nat": "single"}}),
        json!({"kubernetesVersion": "1.37"}),
        json!({"deletionProtection": false}),
    ];
    for change in edits {
        real.edit(&change);
        simulated.edit(&change);
        let in_real = settle(&mut real);
        let in_simulation = simulated.settle().unwrap();
        let (a, b) = (in_real.last().unwrap(), in_simulation.last().unwrap());
        let found = differences(&outcome(&real, a), &outcome(&simulated, b));
        assert_eq!(found, [""; 0], "{example} {change}");
    }
}
