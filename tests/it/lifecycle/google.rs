//! What Google Cloud does that no other cloud does.

use serde_json::json;

use super::assert_healthy;
use crate::support::{cases::Case, simulator::World};

/// The settled cluster of an example with a changed spec, in whose making nothing was refused.
fn made(name: &str, edit: &serde_json::Value) -> World {
    let mut world = Case::new(name).world();
    world.edit(edit);
    let steps = world.settle();
    assert_healthy(name, &world, &steps);
    assert_eq!(world.refusals(), [""; 0], "{name}");
    world
}

/// GCP-6: the provider reads every API, and every role, through the project's own API.
#[test]
fn a_cluster_with_a_key_of_another_becomes_ready_in_a_fresh_project() {
    let key = "projects/acme-keys/locations/asia-east1/keyRings/r/cryptoKeys/k";
    for name in ["gcp-standard", "gcp-autopilot"] {
        let region = Case::new(name).world().composite["spec"]["region"].clone();
        let key = key.replace("asia-east1", region.as_str().unwrap());
        let world = made(name, &json!({"encryption": {"keyId": key}}));
        let api = &world.observed()["identity-api-cloudresourcemanager"];
        let service = &api["spec"]["forProvider"]["service"];
        assert_eq!(service, "cloudresourcemanager.googleapis.com", "{name}");
    }
}

/// GCP-13: nodes stream images only where the API of that is on.
#[test]
fn pools_wait_for_the_api_that_images_are_streamed_from() {
    let world = made("gcp-standard", &json!({}));
    let api = &world.observed()["identity-api-containerfilesystem"];
    let service = &api["spec"]["forProvider"]["service"];
    assert_eq!(service, "containerfilesystem.googleapis.com");
    let autopilot = made("gcp-autopilot", &json!({}));
    let keys = autopilot.observed().into_keys();
    let apis = keys.filter(|key| key.contains("containerfilesystem"));
    assert_eq!(apis.count(), 0, "Autopilot sets it up by itself");
}

/// GCP-9: the provider deletes the first pool in the creation or never, and calls the cluster ready all the same.
#[test]
fn a_cluster_whose_creation_ended_half_way_is_not_ready_and_says_what_to_do() {
    let mut world = Case::new("gcp-standard").world();
    world.break_clouds(&[("create-interrupted", "Cluster")]);
    let last = world.settle().pop().unwrap();
    assert!(!last.is_ready());
    let object = &world.observed()["cluster"];
    let [ready] = ["Ready"].map(|kind| {
        let conditions = object["status"]["conditions"].as_array().unwrap();
        conditions.iter().find(|it| it["type"] == kind).unwrap()["status"].clone()
    });
    assert_eq!(ready, "True", "the provider calls it ready");
    let status = last.status();
    let waiting = status["waitingFor"].as_array().unwrap();
    let cluster = waiting.iter().find(|it| it["resource"] == "cluster");
    let cluster = cluster.unwrap_or_else(|| panic!("{waiting:#?}"));
    let reason = "the provider was stopped before it deleted the pool default-pool";
    assert_eq!(cluster["reason"], reason);
    let fix = cluster["fix"].as_str().unwrap();
    assert!(fix.starts_with("delete that pool"), "{fix}");
    let pools = world.observed().into_keys();
    let pools = pools.filter(|key| key.starts_with("nodes-pool-"));
    assert_eq!(pools.count(), 0, "nothing is built on it");

    // Somebody does what the fix says.
    world.break_clouds(&[]);
    world.cloud_mut("cluster")["nodePool"] = json!([]);
    let steps = world.settle();
    assert_healthy("gcp-standard", &world, &steps);
}

/// GCP-9: Autopilot has a pool of that name, which is its own.
#[test]
fn an_autopilot_cluster_keeps_its_own_pools() {
    let mut world = Case::new("gcp-autopilot").world();
    world.break_clouds(&[("create-interrupted", "Cluster")]);
    let steps = world.settle();
    assert_healthy("gcp-autopilot", &world, &steps);
}
