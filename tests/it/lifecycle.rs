//! Clusters from their creation to their last day, in a simulated control plane.

mod advice;
mod edits;
mod facts;
mod foreign;
mod google;
mod maintenance;
mod names;
mod pipeline;
mod pools;
pub(crate) mod refused;
mod renamed;
mod succession;
mod system_pods;
mod traffic;
mod types;
mod upgrade;
mod year;

use serde_json::{Value, json};

use crate::support::{
    cases::{Case, run, runs},
    simulator::{Step, World},
};

/// The two clouds' examples with node pools.
const STANDARD: [&str; 2] = ["aws-standard", "gcp-standard"];

/// Applies an edit to a settled example and waits until it is settled and ready again.
fn edited(name: &str, edit: &Value) -> (World, Vec<Step>) {
    edited_from(run(name).world.clone(), name, edit)
}

/// An example that was made with an older version of Kubernetes.
pub(crate) fn older(name: &str, version: &str) -> World {
    let mut world = Case::new(name).world();
    world.edit(&json!({"kubernetesVersion": version}));
    world.settle();
    world
}

/// An example that is upgraded from a version to another one, from the moment on at which it is asked for.
fn upgraded(name: &str, from: &str, to: &str) -> (World, Vec<Step>) {
    edited_from(older(name, from), name, &json!({"kubernetesVersion": to}))
}

fn edited_from(mut world: World, name: &str, edit: &Value) -> (World, Vec<Step>) {
    world.edit(edit);
    let steps = world.settle();
    assert_healthy(name, &world, &steps);
    (world, steps)
}

fn assert_healthy(name: &str, world: &World, steps: &[Step]) {
    let last = steps.last().unwrap();
    assert_eq!(last.fatal(), None, "{name}");
    assert!(world.stuck().is_empty(), "{name}: {:#?}", world.stuck());
    let waiting = &last.status()["waitingFor"];
    assert!(last.is_ready(), "{name} waits for {waiting:#}");
}

/// All that was deleted in some steps.
fn deleted(steps: &[Step]) -> Vec<String> {
    let deleted = steps.iter().flat_map(|step| step.deleted.clone());
    deleted.collect()
}

#[test]
fn every_example_becomes_ready_in_every_scope() {
    for run in runs() {
        assert_healthy(&run.title(), &run.world, &run.steps);
        assert_eq!(run.last().status()["phase"], "Ready", "{}", run.title());
    }
}

#[test]
fn crossplane_asks_again_within_a_minute_while_something_goes_on() {
    let other = json!({"nodePools": [{"name": "other", "size": "small", "min": 1, "max": 2}]});
    for (_, steps) in [
        upgraded("aws-standard", "1.35", "1.36"),
        edited("aws-standard", &other),
    ] {
        let seconds = |step: &Step| step.response.meta.clone().unwrap().ttl.unwrap().seconds;
        let (last, before) = steps.split_last().unwrap();
        let goes_on = before.iter().filter(|step| {
            let status = step.status();
            status["phase"] != "Ready" || status["waitingFor"] != json!([])
        });
        let goes_on: Vec<_> = goes_on.map(seconds).collect();
        assert!(goes_on.len() > 1, "nothing went on");
        assert!(goes_on.iter().all(|seconds| *seconds == 60), "{goes_on:?}");
        assert_eq!(seconds(last), 600);
    }
}

#[test]
fn what_is_desired_only_grows_while_a_cluster_is_made() {
    for run in runs() {
        let mut known = 0;
        for step in &run.steps {
            assert!(
                step.deleted.is_empty(),
                "{}: {:?}",
                run.title(),
                step.deleted
            );
            assert!(step.desired().len() >= known, "{}", run.title());
            known = step.desired().len();
        }
    }
}

#[test]
fn no_cloud_is_asked_for_what_it_cannot_make_yet() {
    for run in runs() {
        let refusals = run.world.refusals();
        assert!(refusals.is_empty(), "{}: {refusals:#?}", run.title());
    }
}

#[test]
fn a_cluster_is_not_ready_before_its_nodes_are() {
    for name in STANDARD {
        let steps = &run(name).steps;
        let first = steps.iter().find(|step| step.is_ready()).unwrap();
        let pools: Vec<_> = first.ready().into_iter().collect();
        let general = pools
            .iter()
            .any(|key| key.starts_with("nodes-pool-general-"));
        assert!(general, "{name}: {pools:?}");
    }
}

#[test]
fn a_cluster_no_example_resembles_becomes_ready_on_aws() {
    let mut world = Case::new("aws-standard").world();
    let pools = json!([
        {"name": "system", "size": "small", "min": 2, "max": 4},
        {"name": "arm", "machineTypes": {"aws": ["m7g.large", "m6g.large"]}, "min": 0, "max": 5,
         "taints": [{"key": "arch", "value": "arm64", "effect": "NoSchedule"}]},
        {"name": "batch", "size": "xlarge", "min": 0, "max": 40, "capacity": "spot"},
        {"name": "l4", "gpu": {"type": "nvidia-l4", "count": 4}, "min": 0, "max": 2},
        {"name": "h100", "gpu": {"type": "nvidia-h100-80gb", "count": 8}, "min": 0, "max": 1,
         "required": true},
    ]);
    world.edit(&json!({
        "region": "eu-west-2",
        "network": {"cidr": "172.20.16.0/20", "zoneNames": ["eu-west-2c", "eu-west-2b"]},
        "nodePools": pools,
    }));
    let steps = world.settle();
    assert_healthy("aws", &world, &steps);
    let groups = steps.last().unwrap().ready();
    let groups = groups.iter().filter(|key| key.starts_with("nodes-pool-"));
    assert_eq!(groups.count(), 5);
}

#[test]
fn a_cluster_no_example_resembles_becomes_ready_on_gcp() {
    let mut world = Case::new("gcp-standard").world();
    let pools = json!([
        {"name": "system", "size": "small", "min": 2, "max": 4},
        {"name": "arm", "machineTypes": {"gcp": "t2a-standard-4"}, "min": 0, "max": 5,
         "taints": [{"key": "arch", "value": "arm64", "effect": "NoSchedule"}]},
        {"name": "batch", "size": "xlarge", "min": 0, "max": 40, "capacity": "spot"},
        {"name": "l4", "gpu": {"type": "nvidia-l4", "count": 4}, "min": 0, "max": 2},
        {"name": "h100", "gpu": {"type": "nvidia-h100-80gb", "count": 8}, "min": 0, "max": 1,
         "required": true, "zones": ["asia-northeast1-b"]},
    ]);
    let zones = ["asia-northeast1-c", "asia-northeast1-a"];
    world.edit(&json!({
        "region": "asia-northeast1",
        "network": {"cidr": "172.20.16.0/20", "zoneNames": zones},
        "nodePools": pools,
    }));
    let steps = world.settle();
    assert_healthy("gcp", &world, &steps);
    let pools = steps.last().unwrap().ready();
    let pools = pools.iter().filter(|key| key.starts_with("nodes-pool-"));
    assert_eq!(pools.count(), 5);
}
