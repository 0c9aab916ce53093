//! Zones of a cluster that exists: a set, whose subnets stay where they are.

use manifests::ScopeArg;
use serde_json::{Value, json};

use crate::{
    fixture,
    support::{
        cases::{Case, text},
        simulator::World,
    },
};

/// A settled cluster in some zones, with a single NAT gateway.
fn cluster(mut spec: Value, zones: &[&str]) -> World {
    spec["network"]["zoneNames"] = json!(zones);
    spec["network"]["nat"] = json!("single");
    let mut world = fixture::world(ScopeArg::Claims, "prod", &spec, None);
    world.settle();
    world
}

#[test]
fn the_order_of_zones_means_nothing() {
    let aws = ["us-east-1b", "us-east-1a", "us-east-1c"];
    let gcp = ["europe-west1-d", "europe-west1-b", "europe-west1-c"];
    for (spec, zones) in [(fixture::aws(), aws), (fixture::gcp(), gcp)] {
        let mut world = cluster(spec, &zones);
        let before = world.step().desired();
        world.composite["spec"]["network"]["zoneNames"] = json!([zones[2], zones[1], zones[0]]);
        let step = world.step();
        assert_eq!(step.fatal(), None);
        assert_eq!(step.desired(), before);
    }
}

#[test]
fn a_zone_that_is_added_before_there_is_a_cluster_leaves_the_subnets_of_the_others_alone() {
    let mut spec = fixture::aws();
    spec["network"]["zoneNames"] = json!(["us-east-1b", "us-east-1c"]);
    let mut world = fixture::world(ScopeArg::Claims, "prod", &spec, None);
    let mut before = world.step().desired();
    while !before.contains_key("network-subnet-private-us-east-1c") {
        before = world.step().desired();
    }
    assert!(!before.contains_key("cluster"), "too late");
    world.composite["spec"]["network"]["zoneNames"] =
        json!(["us-east-1a", "us-east-1b", "us-east-1c"]);
    let steps = world.settle();
    assert!(steps.iter().all(|step| step.fatal().is_none()));
    let after = steps.last().unwrap().desired();
    let mut ranges = Vec::new();
    for (key, object) in after
        .iter()
        .filter(|(_, object)| object["kind"] == "Subnet")
    {
        ranges.push(object["spec"]["forProvider"]["cidrBlock"].clone());
        if let Some(was) = before.get(key) {
            let wanted = |object: &serde_json::Value| object["spec"]["forProvider"].clone();
            assert_eq!(wanted(object), wanted(was), "{key}");
        }
    }
    ranges.sort_by_key(ToString::to_string);
    ranges.dedup();
    assert_eq!(ranges.len(), 6, "{ranges:?}");
    assert!(before.keys().all(|key| after.contains_key(key)), "dropped");
}

#[test]
fn a_zone_cannot_be_added_to_a_cluster() {
    let mut world = cluster(fixture::aws(), &["us-east-1b", "us-east-1c"]);
    world.composite["spec"]["network"]["zoneNames"] =
        json!(["us-east-1a", "us-east-1b", "us-east-1c"]);
    let step = world.step();
    let message = step.fatal();
    assert!(message.is_some_and(|message| message.contains("spec.network.zoneNames")));
}

/// The example in another region or in other zones, before anything exists.
fn example(spec: &Value) -> World {
    let mut world = Case::new("aws-minimal").world();
    world.edit(spec);
    world
}

fn ranges_of_subnets(world: &World) -> Vec<(String, Value)> {
    let objects = world.observed().into_iter();
    let subnets = objects.filter(|(_, object)| object["kind"] == "Subnet");
    let ranges = subnets.map(|(key, it)| (key, it["spec"]["forProvider"]["cidrBlock"].clone()));
    ranges.collect()
}

/// AWS-5: EKS refuses one zone in each of these regions, and letters differ from account to account.
#[test]
fn the_default_zones_are_those_that_eks_takes_in_every_account() {
    for (region, zones) in [
        ("us-east-1", 3),
        ("us-west-1", 2),
        ("ca-central-1", 3),
        ("eu-central-1", 3),
    ] {
        let mut world = example(&json!({"region": region, "network": {"zones": null}}));
        let steps = world.settle();
        let last = steps.last().unwrap();
        assert_eq!(world.refusals(), [""; 0], "{region}");
        assert!(last.is_ready(), "{region}: {:#}", last.status());
        assert_eq!(ranges_of_subnets(&world).len(), 2 * zones, "{region}");
    }
}

/// AWS-5: a subnet of an earlier release says its zone by letter, and its zone cannot change.
#[test]
fn a_cluster_of_an_earlier_release_keeps_its_letters() {
    let letters = ["us-east-1a", "us-east-1b", "us-east-1c"];
    let mut world = cluster(fixture::aws(), &letters);
    let before = world.step().desired();
    world.edit(&json!({"network": {"zoneNames": null}}));
    let step = world.step();
    assert_eq!(step.fatal(), None);
    assert_eq!(step.desired(), before);
    for key in before.keys().filter(|key| key.contains("subnet")) {
        assert!(letters.iter().any(|zone| key.ends_with(zone)), "{key}");
    }
}

/// AWS-5: until EKS has made a cluster nothing is lost with its subnets, and the advice says so.
#[test]
fn zones_that_eks_refuses_can_be_corrected() {
    let mut world = example(&json!({"network": {"zoneNames": ["us-east-1a", "us-east-1c"]}}));
    let steps = world.settle();
    let cluster = steps.last().unwrap().waiting("cluster").unwrap();
    let reason = cluster["reason"].as_str().unwrap();
    assert!(
        reason.contains("UnsupportedAvailabilityZoneException"),
        "{cluster:#}"
    );
    let fix = cluster["fix"].as_str().unwrap();
    assert!(fix.contains("spec.network.zoneNames"), "{fix}");
    for zones in [json!(["use1-az6", "use1-az4"]), Value::Null] {
        let mut world = world.clone();
        world.edit(&json!({"network": {"zoneNames": zones}}));
        let steps = world.settle();
        let last = steps.last().unwrap();
        assert_eq!(last.fatal(), None, "{zones}");
        assert!(last.is_ready(), "{zones}: {:#}", last.status());
        let made = world.refusals();
        let conflicts = made.iter().filter(|it| it.contains("Conflict"));
        assert_eq!(conflicts.count(), 0, "{made:?}");
    }
}

/// AWS-5: a cluster that EKS may be making keeps its subnets.
#[test]
fn zones_cannot_change_while_eks_makes_the_cluster() {
    let mut world = example(&json!({}));
    while !world.observed().contains_key("cluster") {
        world.step();
    }
    let before = world.observed();
    for status in [
        Value::Null,
        json!({"conditions": [{"type": "Synced", "status": "True"}]}),
    ] {
        world.object_mut("cluster")["status"] = status;
        world.edit(&json!({"network": {"zoneNames": ["us-east-1a", "us-east-1b"]}}));
        let step = world.reconcile();
        let message = step.fatal().unwrap_or_default();
        assert!(message.contains("spec.network.zoneNames"), "{message}");
    }
    let subnet = "network-subnet-private-use1-az1";
    assert_eq!(world.observed()[subnet], before[subnet]);
}

/// AWS-5: the management cluster's zones are chosen by the same rule.
#[test]
fn the_bootstrap_leaves_out_the_zones_that_eks_refuses() {
    let network = text("bootstrap/eks/network.tf");
    for zone in ["use1-az3", "usw1-az2", "cac1-az3"] {
        assert!(network.contains(&format!("\"{zone}\"")), "{zone}");
    }
}
