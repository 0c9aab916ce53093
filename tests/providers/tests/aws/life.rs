//! What becomes of a settled cluster: restarts, edits, and its last day.

use manifests::ScopeArg;
use serde_json::{Value, json};

use super::support::{Aws, calls, count, rests, settle, stuck, world};

/// More rounds than a deletion takes.
const ROUNDS: usize = 120;

#[test]
fn a_cluster_with_node_groups_lives_and_goes() {
    let mut world = world("aws-standard", ScopeArg::Claims);
    settle(&mut world);
    restarts(&mut world);
    for (what, change) in [
        ("bounds", json!({"nodePools": pools(&json!({"max": 12}))})),
        (
            "labels",
            json!({"nodePools": pools(&json!({"labels": {"tier": "web"}}))}),
        ),
        ("taints", json!({"nodePools": tainted()})),
        (
            "disk",
            json!({"nodePools": pools(&json!({"diskGiB": 150}))}),
        ),
        ("tags", json!({"tags": {"owner": "research"}})),
        ("environment", json!({"environment": "staging"})),
        (
            "ranges",
            json!({"endpoint": {"allowedCidrs": ["198.51.100.0/24"]}}),
        ),
        ("a private endpoint", json!({"endpoint": {"public": false}})),
        ("a public endpoint", json!({"endpoint": {"public": true}})),
        ("another version", json!({"kubernetesVersion": "1.37"})),
        (
            "a new pool",
            json!({"nodePools": [
                {"name": "general", "size": "medium", "min": 2, "max": 10},
                {"name": "batch", "size": "small", "min": 1, "max": 3},
            ]}),
        ),
        (
            "a removed pool",
            json!({"nodePools": [{"name": "general", "size": "medium", "min": 2, "max": 10}]}),
        ),
        ("one NAT gateway", json!({"network": {"nat": "single"}})),
    ] {
        edited(&mut world, what, &change);
    }
    restarts(&mut world);
    goes(&mut world);
}

#[test]
fn an_auto_mode_cluster_goes() {
    let mut world = world("aws-auto", ScopeArg::Claims);
    settle(&mut world);
    restarts(&mut world);
    edited(&mut world, "tags", &json!({"tags": {"owner": "research"}}));
    edited(
        &mut world,
        "another version",
        &json!({"kubernetesVersion": "1.37"}),
    );
    goes(&mut world);
}

#[test]
fn traffic_comes_and_goes() {
    let mut world = world("aws-traffic", ScopeArg::Claims);
    settle(&mut world);
    for (what, change, weight) in [
        ("another weight", json!({"traffic": {"weight": 200}}), 200),
        (
            "a drain",
            json!({"traffic": {"state": "drained", "force": true}}),
            0,
        ),
        ("the way back", json!({"traffic": {"state": "active"}}), 200),
        (
            "another address",
            json!({"traffic": {"address": "k8s-inference-ffffffffff-987654321.us-east-1.elb.amazonaws.com"}}),
            200,
        ),
    ] {
        edited(&mut world, what, &change);
        let record = &world.observed()["traffic-record-service"];
        let observed = record.pointer("/status/atProvider/weightedRoutingPolicy/weight");
        assert_eq!(observed, Some(&json!(weight)), "{what}");
    }
    goes(&mut world);
}

/// The pools of the example, the first with other fields.
fn pools(fields: &Value) -> Value {
    let mut general = json!({"name": "general", "size": "medium", "min": 2, "max": 10});
    cloudsim::apply::merge_patch(&mut general, fields);
    json!([
        general,
        {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8, "capacity": "spot"},
    ])
}

/// The pools of the example, the second with a taint: the first is for system Pods.
fn tainted() -> Value {
    let mut pools = pools(&json!({}));
    pools[1]["taints"] = json!([{"key": "tier", "value": "web", "effect": "NoExecute"}]);
    pools
}

/// A provider that is killed and started again makes nothing twice and writes nothing.
fn restarts(world: &mut Aws) {
    world.clouds_mut().restart().unwrap();
    rests(world, 4);
}

/// An edit reaches the cloud, and nothing is written any more after it.
fn edited(world: &mut Aws, what: &str, change: &Value) {
    let before = count(world);
    world.edit(change);
    let steps = settle(world);
    let last = steps.last().unwrap();
    assert_eq!(last.fatal(), None, "{what}");
    assert_eq!(stuck(world), [""; 0], "{what}");
    assert!(last.is_ready(), "{what}: {}", last.status()["waitingFor"]);
    let calls = calls(world, before);
    println!("{what}: {} rounds, {} calls", steps.len(), calls.len());
    assert!(!calls.is_empty(), "{what} reached no cloud");
    let mut refused = calls;
    refused.retain(|call| !call.starts_with('2') && !is_early(call));
    assert_eq!(refused, [""; 0], "{what}");
    rests(world, 3);
}

/// Whether a call asks for the address of a NAT gateway that is not gone yet. It goes with its gateway, and AWS refuses
/// that until it has: the provider asks again.
fn is_early(call: &str) -> bool {
    call.contains("Address ") && call.contains("AuthFailure")
}

/// Protection off, the composite deleted: nothing is left in the cloud but the control plane's logs, which are kept
/// (docs/decisions.md).
fn goes(world: &mut Aws) {
    world.edit(&json!({"deletionProtection": false}));
    settle(world);
    let cluster = world.observed()["cluster"]["status"]["atProvider"]["id"].clone();
    let gone = world.tear_down(ROUNDS);
    let objects: Vec<_> = world.observed().into_keys().collect();
    assert!(gone.is_some(), "{objects:?} stay: {:#?}", stuck(world));
    let logs = format!("log group /aws/eks/{}/cluster", cluster.as_str().unwrap());
    assert_eq!(world.clouds().cloud.left().unwrap(), [logs]);
}
