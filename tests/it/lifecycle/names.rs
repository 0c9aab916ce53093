//! Names that the clouds choose, and what is written to a settled cluster.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use xcluster::api::names::fit;

use super::assert_healthy;
use crate::support::{
    cases::{Case, run, runs},
    simulator::World,
};

/// Ticks after which nothing is being created any more: a NAT gateway takes the longest.
const CREATED: usize = 3;

/// How many objects of each kind the composite has, and how many the clouds have for them.
fn counts(world: &World) -> BTreeMap<String, (usize, usize)> {
    let mut counts = BTreeMap::new();
    for object in world.observed().values() {
        let kind = object["kind"].as_str().unwrap().to_owned();
        // Of a cloud, not a Usage or an Object of provider-kubernetes.
        if object["apiVersion"]
            .as_str()
            .unwrap()
            .contains(".upbound.io")
        {
            counts.entry(kind).or_insert((0, 0)).0 += 1;
        }
    }
    for (kind, (_, in_cloud)) in &mut counts {
        *in_cloud = world.in_cloud(kind).len();
    }
    counts
}

#[test]
fn a_settled_cluster_gets_no_write() {
    for run in runs() {
        let mut world = run.world.clone();
        let before = world.updates();
        for _ in 0..20 {
            world.restart_providers();
            world.reconcile();
            world.tick();
        }
        assert_eq!(world.updates(), before, "{}", run.title());
        for (kind, (objects, in_cloud)) in counts(&world) {
            assert_eq!(objects, in_cloud, "{}: {kind}", run.title());
        }
    }
}

/// The window between a creation and the next call of the function.
#[test]
fn a_provider_that_restarts_makes_nothing_a_second_time() {
    for name in ["aws-standard", "aws-auto", "aws-traffic", "gcp-standard"] {
        let mut world = Case::new(name).world();
        world.others = Some(Vec::new());
        for _ in 0..40 {
            world.reconcile();
            for _ in 0..CREATED {
                world.tick();
            }
            world.restart_providers();
        }
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        for (kind, (objects, in_cloud)) in counts(&world) {
            assert_eq!(objects, in_cloud, "{name}: {kind}");
        }
    }
}

#[test]
fn a_name_is_stored_by_its_provider_once_and_sent_ever_after() {
    let policies = |object: &Value| object["spec"]["managementPolicies"].clone();
    let all = json!(["Observe", "Create", "Update", "Delete"]);
    let storing = json!(["Observe", "Create", "Update", "Delete", "LateInitialize"]);
    for (name, key) in [
        ("aws-standard", "network-vpc"),
        ("aws-standard", "identity-key"),
        ("aws-traffic", "traffic-record-cluster"),
        ("gcp-standard", "identity-node-role"),
        ("gcp-standard", "identity-api-compute"),
    ] {
        let mut world = run(name).world.clone();
        let settled = world.reconcile().desired();
        let external =
            settled[key]["metadata"]["annotations"]["crossplane.io/external-name"].clone();
        assert!(external.is_string(), "{name}: {key}");
        assert_eq!(policies(&settled[key]), all, "{name}: {key}");
        // As an older release left it: the provider knows the id and may not store it.
        let object = world.object_mut(key);
        let annotations = object["metadata"]["annotations"].as_object_mut().unwrap();
        annotations.remove("crossplane.io/external-name");
        let desired = world.reconcile().desired();
        let sent = &desired[key]["metadata"]["annotations"]["crossplane.io/external-name"];
        assert_eq!(sent, &external, "{name}: {key}");
        assert_eq!(policies(&desired[key]), storing, "{name}: {key}");
        assert_eq!(
            policies(&world.reconcile().desired()[key]),
            all,
            "{name}: {key}"
        );
    }
}

/// A provider makes anew what somebody deleted in the cloud, and the cloud gives it another id.
#[test]
fn the_name_of_what_is_made_anew_is_stored_again() {
    for (name, key) in [
        ("aws-standard", "network-nat-use1-az1"),
        ("aws-traffic", "traffic-record-cluster"),
    ] {
        let mut world = run(name).world.clone();
        let stored = |world: &World| {
            let object = &world.observed()[key];
            object["metadata"]["annotations"]["crossplane.io/external-name"].clone()
        };
        let kind = world.observed()[key]["kind"].as_str().unwrap().to_owned();
        let before = stored(&world);
        world.lose(key);
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        let last = steps.last().unwrap().desired();
        let id = &world.observed()[key]["status"]["atProvider"]["id"];
        assert_eq!(&stored(&world), id, "{name}: {key}");
        let sent = &last[key]["metadata"]["annotations"]["crossplane.io/external-name"];
        assert_eq!(sent, id, "{name}: {key}");
        let things = world.in_cloud(&kind).len();
        world.restart_providers();
        world.settle();
        assert_eq!(world.in_cloud(&kind).len(), things, "{name}: {key}");
        assert_eq!(stored(&world) == before, kind == "Record", "{name}: {key}");
    }
}

#[test]
fn no_provider_may_pin_what_the_cloud_chooses() {
    for run in runs() {
        for (step, (key, object)) in run
            .steps
            .iter()
            .flat_map(|step| step.desired().into_iter().map(move |it| (step, it)))
        {
            let policies = object["spec"]["managementPolicies"].as_array().cloned();
            let stores = policies.is_some_and(|it| it.contains(&json!("LateInitialize")));
            let kind = object["kind"].as_str().unwrap();
            // LateInitialize would pin addonVersion, userName, sizes and computed blocks of these.
            let pinned = [
                "Cluster",
                "NodeGroup",
                "NodePool",
                "Addon",
                "AccessEntry",
                "Route",
            ];
            assert!(
                !(stores && pinned.contains(&kind)),
                "{}: {key}",
                run.title()
            );
            let had = observed(step, &key);
            assert!(!(stores && had), "{}: {key} has its name", run.title());
        }
    }
}

/// Whether the object had an external name when the function was asked.
fn observed(step: &crate::support::simulator::Step, key: &str) -> bool {
    let state = step.request.observed.as_ref().unwrap();
    let object = state.resources.get(key).and_then(|it| it.resource.as_ref());
    object.is_some_and(|object| {
        let object = serde_json::to_value(object).unwrap();
        object["metadata"]["annotations"]["crossplane.io/external-name"].is_string()
    })
}

#[test]
fn a_reference_waits_for_the_name_that_it_resolves_to() {
    let mut world = run("aws-minimal").world.clone();
    let removed = "network-subnet-public-use1-az1";
    let mut waits = None;
    for _ in 0..2 {
        let object = world.object_mut("network-vpc");
        let annotations = object["metadata"]["annotations"].as_object_mut().unwrap();
        annotations.remove("crossplane.io/external-name");
        world.forget(removed);
        let step = world.reconcile();
        assert!(!step.desired().contains_key(removed));
        waits = step.waiting(removed);
    }
    let waits = waits.unwrap();
    assert_eq!(waits["for"], "network-vpc");
    assert_eq!(
        waits["reason"],
        "the provider has not stored the external name yet"
    );
}

/// upjet knows the id of a NAT gateway only when AWS has made it (upjet#531): a provider that restarts
/// before that makes a second one, which AWS refuses.
#[test]
fn a_nat_gateway_whose_id_was_lost_comes_with_advice() {
    let mut world = Case::new("aws-minimal").world();
    while world.in_cloud("NATGateway").is_empty() {
        world.reconcile();
        world.tick();
    }
    world.restart_providers();
    let mut advice = Value::Null;
    for _ in 0..10 {
        world.reconcile();
        world.tick();
        let step = world.reconcile();
        if let Some(found) = step.waiting("network-nat-use1-az1") {
            advice = found;
        }
    }
    let reason = advice["reason"].as_str().unwrap();
    assert!(reason.contains("Resource.AlreadyAssociated"), "{advice:#}");
    let fix = advice["fix"].as_str().unwrap();
    assert!(
        fix.starts_with("delete the NAT gateway that has this object's address"),
        "{fix}"
    );
    assert_eq!(world.in_cloud("NATGateway").len(), 1);
    // The advice works. That of the failed one is tried with the provider's own code: tests/providers.
    let id = world.in_cloud("NATGateway").pop().unwrap();
    world.clouds_mut().replace(&format!("forgotten {id}"), None);
    let steps = world.settle();
    assert_healthy("aws-minimal", &world, &steps);
    assert_eq!(world.in_cloud("NATGateway").len(), 1);
}

/// AWS-17: bootstrap/eks/policies.tf allows roles by how their names end.
#[test]
fn the_roles_of_a_cluster_with_a_long_name_are_ones_that_the_provider_may_make() {
    let mut world = Case::new("aws-standard").world();
    world.edit_input(&json!({"allowNameOverrides": true}));
    world.edit(&json!({"cloudName": format!("prod-{}", "x".repeat(60))}));
    let steps = world.settle();
    assert_eq!(world.refusals(), [""; 0]);
    assert_healthy("aws-standard", &world, &steps);
    let path = "/metadata/annotations/crossplane.io~1external-name";
    let roles = ["control-plane", "node", "networking", "block-storage"];
    for role in roles {
        let object = &world.observed()[&format!("identity-{role}-role")];
        let name = object.pointer(path).unwrap().as_str().unwrap();
        assert!(name.ends_with(&format!("-{role}")), "{name}");
    }
    // A role that an earlier release made keeps its name.
    let cut = fit(&format!("prod-{}", "x".repeat(60)), "node", 64);
    *world
        .object_mut("identity-node-role")
        .pointer_mut(path)
        .unwrap() = cut.clone().into();
    let sent = world.reconcile().desired();
    assert_eq!(sent["identity-node-role"].pointer(path).unwrap(), &cut);
}
