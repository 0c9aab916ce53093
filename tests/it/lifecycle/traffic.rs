//! Traffic on its way to a cluster and away from it.

mod checks;
mod last;
mod members;
mod siblings;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xcluster::compose::compose;

use super::{assert_healthy, deleted};
use crate::support::{
    cases::{SCOPES, run, run_in},
    simulator::{Fault, Step, World, desired, fatal, on_wire},
};

const RECORD: &str = "traffic-record-service";
const TRAFFIC: [&str; 2] = ["aws-traffic", "gcp-traffic"];

/// The settled cluster of an example in one scope, and the other cloud's beside it.
fn pair(name: &str, scope: &str) -> World {
    let mut world = run_in(name, scope).world.clone();
    let other = &run_in(beside(name), scope).world;
    let record = other.observed().remove(RECORD).unwrap();
    world.others = Some(vec![other.composite.clone(), record]);
    world
}

/// The example of the other cloud.
fn beside(name: &str) -> &'static str {
    TRAFFIC.into_iter().find(|other| *other != name).unwrap()
}

fn edited(world: &mut World, traffic: &Value) -> Vec<Step> {
    world.edit(&json!({"traffic": traffic}));
    world.settle()
}

fn weight(desired: &BTreeMap<String, Value>) -> &Value {
    &desired[RECORD]["spec"]["forProvider"]["weightedRoutingPolicy"]["weight"]
}

/// The cluster Secret, wherever it is.
fn secret(desired: &BTreeMap<String, Value>) -> &Value {
    desired
        .get("registration-secret")
        .unwrap_or_else(|| &desired["registration-object"]["spec"]["forProvider"]["manifest"])
}

fn label(desired: &BTreeMap<String, Value>) -> &Value {
    &secret(desired)["metadata"]["labels"]["xcluster.dev/traffic"]
}

fn serving(step: &Step) -> String {
    let conditions = step.conditions();
    let found = conditions
        .iter()
        .find(|it| it["type"] == "Serving")
        .unwrap();
    let text = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
    format!("{} {}: {}", text("status"), text("reason"), text("message"))
}

#[test]
fn a_drain_and_the_way_back_touch_the_weight_and_the_label_alone() {
    for (name, (_, scope)) in TRAFFIC.iter().flat_map(|name| SCOPES.map(|it| (*name, it))) {
        let mut world = pair(name, scope);
        let before = run_in(name, scope).last().desired();
        let share = weight(&before).clone();
        for state in ["drained", "evacuated", "drained", "active"] {
            let steps = edited(&mut world, &json!({"state": state}));
            assert_healthy(name, &world, &steps);
            assert!(deleted(&steps).is_empty(), "{name} as {scope}");
            let step = steps.last().unwrap();
            let mut after = step.desired();
            let expected = if state == "active" { &share } else { &json!(0) };
            assert_eq!(weight(&after), expected, "{name} {state}");
            assert_eq!(label(&after), state, "{name} as {scope}");
            let status = &step.status()["traffic"];
            assert_eq!(
                (&status["state"], &status["weight"]),
                (&json!(state), expected)
            );
            for key in [RECORD, "registration-secret", "registration-object"] {
                if state != "active" && after.contains_key(key) {
                    after.insert(key.to_owned(), before[key].clone());
                }
            }
            assert_eq!(after, before, "{name} as {scope}, {state}");
        }
    }
}

/// A provider that dies while it makes the record finds it again by this id.
#[test]
fn the_services_record_has_its_id_from_the_start() {
    for run in crate::support::cases::runs() {
        let mut steps = run.steps.iter();
        let Some(step) = steps.find(|step| step.desired().contains_key(RECORD)) else {
            continue;
        };
        let record = &step.desired()[RECORD];
        let fields = ["zoneId", "name", "type", "setIdentifier"];
        let parts = fields.map(|field| record["spec"]["forProvider"][field].as_str().unwrap());
        let name = &record["metadata"]["annotations"]["crossplane.io/external-name"];
        assert_eq!(name, &json!(parts.join("_")), "{}", run.title());
        let policies = record["spec"]["managementPolicies"].as_array().unwrap();
        assert!(
            !policies.contains(&json!("LateInitialize")),
            "{}",
            run.title()
        );
    }
}

#[test]
fn serving_says_what_is_in_force() {
    let mut world = pair("aws-traffic", "claims");
    let host = "inference.acme.example has weight";
    for (traffic, expected) in [
        (json!({}), format!("True Active: {host} 150 here")),
        (
            json!({"state": "drained"}),
            format!("False Drained: {host} 0 here"),
        ),
        (
            json!({"state": "evacuated"}),
            format!("False Evacuated: {host} 0 here"),
        ),
        (
            json!({"state": "active", "weight": 0}),
            format!("False Drained: {host} 0 here"),
        ),
        (json!({"weight": 9}), format!("True Active: {host} 9 here")),
    ] {
        let steps = edited(&mut world, &traffic);
        let found = serving(steps.last().unwrap());
        assert!(found.starts_with(&expected), "{found}");
    }
    // Before the record has changed in the cloud, nobody says that it has. Callers come here all the same.
    world.edit(&json!({"traffic": {"weight": 90}}));
    let found = serving(&world.reconcile());
    assert_eq!(
        found,
        "True Active: DNS has weight 9 here on its way to 90: callers are sent here"
    );
    world.edit(&json!({"traffic": {"weight": 9}}));
    world.settle();
    world.edit(&json!({"traffic": {"state": "drained"}}));
    let found = serving(&world.reconcile());
    assert!(
        found.starts_with("False Waiting: DNS has weight 9 here on its way to 0"),
        "{found}"
    );
    world.break_clouds(&[("update-fails", "kind=Record")]);
}

#[test]
fn a_weight_that_route_53_refuses_is_not_in_force() {
    let mut world = pair("aws-traffic", "claims");
    world.break_clouds(&[("update-fails", "*")]);
    world.edit(&json!({"traffic": {"state": "drained"}}));
    let steps = world.settle();
    let found = serving(steps.last().unwrap());
    assert!(
        found.starts_with("False Waiting: DNS has weight 150 here"),
        "{found}"
    );
    assert!(found.contains("told to refuse"), "{found}");
}

#[test]
fn no_flap_changes_a_weight() {
    for name in TRAFFIC {
        for traffic in [json!({}), json!({"state": "drained"})] {
            let mut world = pair(name, "claims");
            let expected = edited(&mut world, &traffic).pop().unwrap().desired();
            let observed = world.observed();
            let faults = |it| Fault::OBSERVED.map(|fault| (it, fault));
            for others in [world.others.clone(), Some(vec![]), None] {
                let mut asked = world.clone();
                asked.others = others;
                let Step {
                    request, response, ..
                } = asked.reconcile();
                for ((key, object), fault) in observed.iter().flat_map(faults) {
                    let mut object = object.clone();
                    fault.hit(&mut object);
                    let mut request = request.clone();
                    let state = request.observed.as_mut().unwrap();
                    state.resources.insert(key.clone(), on_wire(&object));
                    let mut answer = compose(request);
                    let title = format!("{name}: {key} {fault:?}");
                    assert_eq!(fatal(&answer), None, "{title}");
                    assert_eq!(answer.requirements, response.requirements, "{title}");
                    // To read all would take longer than to make it.
                    let read = |key: &String| key == RECORD || key.starts_with("registration-");
                    let state = answer.desired.as_mut().unwrap();
                    state.resources.retain(|key, _| read(key));
                    let found = desired(&answer);
                    assert_eq!(found[RECORD], expected[RECORD], "{title}");
                    assert_eq!(label(&found), label(&expected), "{title}");
                }
            }
            // The status is no more than what was said last.
            world.composite["status"] = json!({});
            let found = world.reconcile().desired();
            assert_eq!(found[RECORD], expected[RECORD], "{name}");
        }
    }
}

#[test]
fn a_platform_that_loses_its_zone_keeps_its_records() {
    for name in TRAFFIC {
        let mut world = pair(name, "claims");
        let before = world.observed();
        world.edit_input(&json!({"traffic": null}));
        let steps = world.settle();
        assert!(deleted(&steps).is_empty(), "{name}");
        let last = steps.last().unwrap();
        for key in before.keys().filter(|key| key.starts_with("traffic-")) {
            let found = &last.desired()[key];
            assert_eq!(found["spec"], before[key]["spec"], "{name}: {key}");
        }
        assert_eq!(secret(&last.desired()), secret(&run(name).last().desired()));
        assert!(
            serving(last).starts_with("Unknown NotWanted: "),
            "{}",
            serving(last)
        );
        // Argo CD learns what is asked for, and nobody claims that DNS does.
        let share = weight(&run(name).last().desired()).clone();
        let steps = edited(&mut world, &json!({"state": "drained"}));
        let last = steps.last().unwrap();
        assert_eq!(label(&last.desired()), "drained");
        assert_eq!(last.status()["traffic"]["weight"], share);
        let found = serving(last);
        let expected = format!("the record that is there keeps weight {share}");
        assert!(found.starts_with("False Waiting: "), "{found}");
        assert!(found.ends_with(&expected), "{found}");
    }
}

#[test]
fn records_stay_what_they_are() {
    let rows = [
        (
            json!({"host": "other.acme.example"}),
            "input.traffic.host: \"other.acme.example\" is not",
        ),
        (
            json!({"zone": {"aws": {"zoneId": "Z1"}}}),
            "input.traffic.zone.aws.zoneId: \"Z1\" is not",
        ),
    ];
    for (change, expected) in rows {
        let mut world = pair("aws-traffic", "claims");
        world.edit_input(&json!({"traffic": change}));
        let step = world.reconcile();
        let message = step.fatal().unwrap();
        assert!(message.contains(expected), "{message}");
    }
    for (edit, expected) in [
        (json!({"argocd": {"name": "other"}}), "spec.argocd.name: "),
        (
            json!({"traffic": {"address": "203.0.113.4"}}),
            "spec.traffic.address: ",
        ),
    ] {
        let mut world = pair("aws-traffic", "claims");
        world.edit(&edit);
        let step = world.reconcile();
        assert!(
            step.fatal().unwrap().contains(expected),
            "{:?}",
            step.fatal()
        );
    }
    // Another host name of the load balancer is a change of one record.
    let mut world = pair("aws-traffic", "claims");
    let steps = edited(
        &mut world,
        &json!({"address": "lb-2.us-east-1.elb.amazonaws.com"}),
    );
    assert!(deleted(&steps).is_empty());
    let own = &world.observed()["traffic-record-cluster"]["status"]["atProvider"]["records"];
    assert_eq!(own, &json!(["lb-2.us-east-1.elb.amazonaws.com"]));
}

#[test]
fn a_cluster_without_an_address_is_ready_and_says_what_it_waits_for() {
    let mut world = crate::support::cases::Case::new("aws-traffic").world();
    world.edit(&json!({"traffic": {"address": null}}));
    let steps = world.settle();
    assert_healthy("aws-traffic", &world, &steps);
    let last = steps.last().unwrap();
    assert!(!last.desired().contains_key(RECORD));
    let found = serving(last);
    assert!(
        found.starts_with("False Waiting: traffic-record-cluster waits for the load balancer's address: set spec.traffic.address"),
        "{found}"
    );
    // An author who takes the address back later does not take the record along.
    let mut world = pair("aws-traffic", "claims");
    let before = world.observed();
    let steps = edited(&mut world, &json!({"address": null}));
    assert!(deleted(&steps).is_empty());
    assert_eq!(world.observed()[RECORD]["spec"], before[RECORD]["spec"]);
}

#[test]
fn an_unknown_zone_is_the_provider_s_word_and_takes_nothing_from_the_cluster() {
    let mut world = crate::support::cases::Case::new("gcp-traffic").world();
    world.edit_input(&json!({"traffic": {"zone": {"aws": {"zoneId": "Z0OTHER"}}}}));
    let steps = world.settle();
    let last = steps.last().unwrap();
    assert!(last.is_ready());
    let found = serving(last);
    assert!(found.contains("NoSuchHostedZone"), "{found}");
    assert!(
        found.contains("; fix: set traffic.zone.aws.zoneId"),
        "{found}"
    );
}
