//! The simulated clouds beside the provider's own code, on the same sequence.

use cloudsim::world::{Step, World};
use manifests::ScopeArg;
use providers::{compare::differences, platform};
use serde_json::{Value, json};
use test_support::examples;
use xcluster::compose::compose;

use super::support::{examples, settle, world};

/// What the function wants in the end, and what it says of it. What a cloud makes up is not compared: names and hosts.
fn outcome(step: &Step) -> Value {
    let mut objects = json!(step.desired());
    for object in objects.as_object_mut().unwrap().values_mut() {
        if let Some(data) = object.pointer_mut("/data") {
            data.as_object_mut().unwrap().remove("server");
        }
        // The code that runs here is of a release that reports it, and the simulated one is not.
        if let Some(sent) = object.pointer_mut("/spec/forProvider") {
            sent.as_object_mut().unwrap().remove("nodeDrainConfig");
        }
        if let Some(annotations) = object.pointer_mut("/metadata/annotations") {
            annotations
                .as_object_mut()
                .unwrap()
                .remove("crossplane.io/external-name");
        }
    }
    let mut status = step.status();
    status.as_object_mut().unwrap().remove("endpoint");
    json!({"objects": objects, "status": status})
}

#[test]
fn both_come_to_the_same_for_every_example() {
    std::thread::scope(|threads| {
        for example in examples() {
            threads.spawn(move || {
                let composite = examples::composite(&example);
                let mut simulated = World::new(composite, platform::input(&example), compose);
                let mut real = world(&example, ScopeArg::Claims);
                let edits = [
                    json!({}),
                    json!({"tags": {"team": "ml"}}),
                    json!({"deletionProtection": false}),
                ];
                for change in edits {
                    real.edit(&change);
                    simulated.edit(&change);
                    let in_real = settle(&mut real);
                    let in_simulation = simulated.settle().unwrap();
                    let (a, b) = (in_real.last().unwrap(), in_simulation.last().unwrap());
                    let found = differences(&outcome(a), &outcome(b));
                    assert_eq!(found, [""; 0], "{example} {change}");
                }
            });
        }
    });
}
