//! What the provider's own code does with what the function must never send: each of these was sent once.

use serde_json::{Value, json};

use super::support::{Aws, count, rounds, settle, spoiled_world, stuck, writes};

/// More rounds than a cluster needs to be Ready.
const ROUNDS: usize = 30;

/// What is wrong with objects whose keys begin so, in their provider's words.
fn problems(world: &Aws, key: &str) -> String {
    let stuck = stuck(world).into_iter();
    stuck.filter(|problem| problem.starts_with(key)).collect()
}

/// How often an action was called.
fn called(world: &Aws, action: &str) -> usize {
    let calls = world.clouds().cloud.calls(0).unwrap().into_iter();
    calls.filter(|call| call.action == action).count()
}

/// AWS-0: upjet creates on a copy of the object, and stores the id that AWS chooses only when it may late-initialize. Where
/// the function does not send the id either, nothing that refers to it is ever made.
#[test]
fn a_network_whose_id_nobody_stores_gets_no_subnets_and_a_twin_after_a_restart() {
    let mut world = spoiled_world("aws-minimal", |object| {
        if let Some(policies) = object["spec"]["managementPolicies"].as_array_mut() {
            let had = policies.len();
            policies.retain(|policy| policy != "LateInitialize");
            // Those that AWS names.
            if policies.len() < had || object["metadata"]["annotations"].is_object() {
                let named_by_us = ["Role", "Group", "Cluster", "NodeGroup", "Alias"];
                if !named_by_us.iter().any(|kind| object["kind"] == *kind) {
                    object["metadata"]["annotations"] = Value::Null;
                }
            }
        }
    });
    let step = rounds(&mut world, ROUNDS);
    assert!(!step.is_ready());
    let network = &world.observed()["network-vpc"];
    assert!(network.pointer("/status/atProvider/id").is_some());
    let annotations = &network["metadata"]["annotations"];
    assert_eq!(annotations.get("crossplane.io/external-name"), None);
    let waiting = step.status()["waitingFor"].to_string();
    let words = "the provider has not stored the external name yet";
    assert!(waiting.contains(words), "{waiting}");
    assert_eq!(called(&world, "CreateSubnet"), 0);
    assert_eq!(
        (called(&world, "CreateVpc"), called(&world, "CreateKey")),
        (1, 1)
    );
    world.clouds_mut().restart().unwrap();
    rounds(&mut world, 3);
    assert_eq!(
        (called(&world, "CreateVpc"), called(&world, "CreateKey")),
        (2, 2)
    );
}

/// AWS-0b: EKS answers with an update strategy, and in Terraform it is not computed.
#[test]
fn a_node_group_without_an_update_strategy_is_updated_without_end() {
    let mut world = spoiled_world("aws-minimal", |object| {
        if object["kind"] == "NodeGroup" {
            object["spec"]["forProvider"]["updateConfig"]["updateStrategy"] = Value::Null;
        }
    });
    rounds(&mut world, ROUNDS);
    for _ in 0..3 {
        let before = count(&world);
        rounds(&mut world, 2);
        let writes = writes(&world, before).join("\n");
        assert!(writes.contains("eks.UpdateNodegroupConfig"), "{writes}");
    }
}

/// AWS-1: Terraform takes the TTL of a record from the plan, upjet makes the plan from the difference, and the provider
/// adds the TTL only where records differ.
#[test]
fn a_weight_that_changes_alone_never_reaches_route_53() {
    let mut world = spoiled_world("aws-traffic", |object| {
        if object["kind"] == "Record" {
            let records = object["spec"]["forProvider"]["records"].as_array_mut();
            for record in records.into_iter().flatten() {
                *record = record.as_str().unwrap().trim_end_matches('.').into();
            }
        }
    });
    settle(&mut world);
    world.edit(&json!({"traffic": {"weight": 200}}));
    rounds(&mut world, 6);
    let problem = problems(&world, "traffic-record-service");
    assert!(
        problem.contains("InvalidInput") && problem.contains("all of [TTL, and ResourceRecords]"),
        "{problem}"
    );
    let record = &world.observed()["traffic-record-service"];
    let weight = record.pointer("/status/atProvider/weightedRoutingPolicy/weight");
    assert_eq!(weight, Some(&json!(150)));
}
