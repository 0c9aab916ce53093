//! Zones of a cluster that exists: a set, whose subnets stay where they are.

use manifests::ScopeArg;
use serde_json::{Value, json};

use crate::{fixture, support::simulator::World};

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
