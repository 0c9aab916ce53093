//! Node pools of GKE.

use serde_json::{Value, json};

use super::{super::assert_healthy, made};
use crate::support::{
    cases::Case,
    simulator::{Fault, Step, World},
};

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

/// Releases from v3.0.0 on read how Pods leave a pool, and update one without an answer at every poll (GCP-3).
#[test]
fn a_pool_says_how_its_pods_leave_where_its_provider_reports_it() {
    let mut world = made("gcp-standard", &json!({}));
    let pools: Vec<_> = world
        .observed()
        .into_keys()
        .filter(|key| key.contains("-pool-"))
        .collect();
    let drain = |world: &World, key: &str| {
        world.observed()[key]["spec"]["forProvider"]["nodeDrainConfig"].clone()
    };
    for key in &pools {
        assert_eq!(drain(&world, key), Value::Null, "v2.6.0 does not know it");
        // The provider was upgraded.
        world.cloud_mut(key)["nodeDrainConfig"] = json!([{}]);
    }
    world.settle();
    for key in &pools {
        let sent = json!([{"respectPdbDuringNodePoolDeletion": true}]);
        assert_eq!(drain(&world, key), sent, "{key}");
        world
            .object_mut(key)
            .as_object_mut()
            .unwrap()
            .remove("status");
        let desired = world.reconcile().desired();
        assert_eq!(
            desired[key]["spec"]["forProvider"]["nodeDrainConfig"], sent,
            "{key}"
        );
        world.tick();
    }
}

/// A cluster with these pools beside one for system Pods, once nothing happens any more.
fn with_pools(region: &str, pools: &Value) -> (World, Vec<Step>) {
    let mut world = Case::new("gcp-standard").world();
    let mut all = json!([{"name": "general", "min": 3, "max": 6}]);
    all.as_array_mut()
        .unwrap()
        .extend(pools.as_array().unwrap().clone());
    world.edit(&json!({"region": region, "nodePools": all}));
    let steps = world.settle();
    (world, steps)
}

/// The key of a pool's node pool.
fn key_of(world: &World, name: &str) -> String {
    let prefix = format!("nodes-pool-{name}-");
    let mut keys = world.observed().into_keys();
    let found = keys.find(|key| key.starts_with(&prefix));
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

/// The node pool of a pool.
fn pool(world: &World, name: &str) -> Value {
    world.observed()[&key_of(world, name)].clone()
}

/// GCP-7: a GPU is not available in every zone of a cluster.
#[test]
fn a_pool_is_made_where_its_gpus_are() {
    let a100 = |zones: &Value| {
        json!([{"name": "a100", "gpu": {"type": "nvidia-a100-40gb", "count": 8}, "min": 0, "max": 4,
                "required": true, "zones": zones}])
    };
    let (_, steps) = with_pools("europe-west4", &a100(&json!([])));
    let told = steps.last().unwrap().fatal().unwrap_or_default();
    let fix = "europe-west4-c does not offer a2-highgpu-8g as of 2026; set it to [europe-west4-a, europe-west4-b]";
    assert!(told.contains(fix), "{told}");

    let (world, steps) = with_pools(
        "europe-west4",
        &a100(&json!(["europe-west4-b", "europe-west4-a"])),
    );
    assert_healthy("gcp", &world, &steps);
    assert_eq!(world.refusals(), [""; 0]);
    let pool = pool(&world, "a100");
    let zones = &pool["spec"]["forProvider"]["nodeLocations"];
    assert_eq!(*zones, json!(["europe-west4-a", "europe-west4-b"]));
}

/// GCP-7: what is counted in each zone is counted in the pool's own.
#[test]
fn a_pool_is_counted_in_its_own_zones() {
    let zones = json!(["asia-east1-a", "asia-east1-b"]);
    let (mut world, steps) = with_pools(
        "asia-east1",
        &json!([{"name": "two", "min": 5, "max": 20, "zones": zones}]),
    );
    assert_healthy("gcp", &world, &steps);
    let made = pool(&world, "two");
    assert_eq!(made["spec"]["initProvider"]["initialNodeCount"], 3);
    // A successor in three zones is asked for as many nodes as its predecessor has in two.
    let key = key_of(&world, "two");
    world.cloud_mut(&key)["nodeCount"] = json!(4);
    world.settle();
    world.edit(&json!({"nodePools": [
        {"name": "general", "min": 3, "max": 6}, {"name": "two", "min": 5, "max": 20},
    ]}));
    let steps = world.settle();
    assert_healthy("gcp", &world, &steps);
    let made = pool(&world, "two");
    assert_eq!(made["spec"]["forProvider"].get("nodeLocations"), None);
    assert_eq!(
        made["spec"]["initProvider"]["initialNodeCount"], 3,
        "eight in three zones"
    );
}

/// GCP-8: newer machines take no persistent disks.
#[test]
fn a_pool_has_a_disk_that_its_machines_take() {
    let pools = json!([
        {"name": "n4", "machineTypes": {"gcp": "n4-standard-4"}, "min": 3, "max": 6},
        {"name": "h200", "gpu": {"type": "nvidia-h200-141gb", "count": 8}, "min": 0, "max": 1, "required": true,
         "zones": ["europe-west4-a"]},
        {"name": "fast", "size": "large", "min": 3, "max": 6, "diskType": {"gcp": "pd-ssd"}},
    ]);
    let (world, steps) = with_pools("europe-west4", &pools);
    assert_healthy("gcp", &world, &steps);
    assert_eq!(world.refusals(), [""; 0]);
    let disk = |name| pool(&world, name)["spec"]["forProvider"]["nodeConfig"]["diskType"].clone();
    assert_eq!(disk("general"), "pd-balanced");
    assert_eq!(disk("n4"), "hyperdisk-balanced");
    assert_eq!(disk("h200"), "hyperdisk-balanced");
    assert_eq!(disk("fast"), "pd-ssd");
}

/// GCP-10: a new pool has its `min`, though that is not as many in each zone.
#[test]
fn a_new_pool_begins_with_its_min_and_keeps_to_its_max_afterwards() {
    let pools = json!([
        {"name": "small", "min": 1, "max": 2},
        {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 1, "max": 2},
    ]);
    let (world, steps) = with_pools("asia-east1", &pools);
    assert_healthy("gcp", &world, &steps);
    assert_eq!(world.refusals(), [""; 0]);
    let first = |name| pool(&world, name)["spec"]["initProvider"]["initialNodeCount"].clone();
    assert_eq!(first("small"), 1);
    assert_eq!(first("gpu"), 0, "three would be dear");
    let most = |name| {
        pool(&world, name)["spec"]["forProvider"]["autoscaling"]["totalMaxNodeCount"].clone()
    };
    assert_eq!((most("small"), most("gpu")), (json!(2), json!(2)));
    // A status that is lost for a moment makes no pool new.
    let mut world = world.clone();
    let key = key_of(&world, "small");
    Fault::NoStatus.hit(world.object_mut(&key));
    let desired = world.reconcile().desired();
    let autoscaling = &desired[&key]["spec"]["forProvider"]["autoscaling"];
    assert_eq!(autoscaling["totalMaxNodeCount"], 2);
}

/// GCP-10: GKE's autoscaler adds no node for a `min` that was raised.
#[test]
fn a_min_that_is_raised_reaches_the_nodes_and_is_then_left_to_the_autoscaler() {
    let general = |min: u32| json!({"nodePools": [{"name": "general", "min": min, "max": 12}]});
    let (mut world, _) = with_pools("asia-east1", &json!([]));
    world.edit(&general(8));
    let steps = world.settle();
    assert_healthy("gcp", &world, &steps);
    let made = pool(&world, "general");
    assert_eq!(made["status"]["atProvider"]["nodeCount"], 3);
    assert_eq!(made["spec"]["forProvider"].get("nodeCount"), None);
    // Eight nodes in three zones are reported as two in each, and are enough.
    let key = key_of(&world, "general");
    world.cloud_mut(&key)["nodeCount"] = json!(2);
    world.settle();
    assert_eq!(
        pool(&world, "general")["status"]["atProvider"]["nodeCount"],
        2
    );
}

/// GCP-19: an upgrade of a pool with GPUs waits for no spare one.
#[test]
fn a_pool_with_gpus_is_upgraded_in_place() {
    let world = made("gcp-standard", &json!({}));
    let settings = |name| {
        let settings = &pool(&world, name)["spec"]["forProvider"]["upgradeSettings"];
        (
            settings["maxSurge"].clone(),
            settings["maxUnavailable"].clone(),
        )
    };
    assert_eq!(settings("gpu"), (json!(0), json!(1)));
    assert_eq!(settings("general"), (json!(1), json!(0)));
}

/// GCP-11: each node takes 128 addresses of the Pods' half of the network.
#[test]
fn pools_that_the_network_has_no_addresses_for_are_named() {
    let rows = [
        // Sixteen nodes in a /20, with one more for each pool during an upgrade.
        ("10.42.0.0/20", 15, None),
        ("10.42.0.0/20", 16, Some("a /19 has enough for 32")),
        ("10.42.0.0/20", 100, Some("a /17 has enough for 128")),
        ("10.42.0.0/16", 255, None),
        (
            "10.42.0.0/16",
            256,
            Some("no network has enough for more than 256; lower max"),
        ),
    ];
    for (cidr, max, fix) in rows {
        let mut world = Case::new("gcp-minimal").world();
        let pools = json!([{"name": "general", "min": 1, "max": max}]);
        world.edit(&json!({"network": {"cidr": cidr}, "nodePools": pools}));
        let step = world.reconcile();
        assert_eq!(step.fatal(), None);
        let status = step.status();
        let notes = status["parity"].as_array().into_iter().flatten();
        let mut notes = notes.filter(|note| note["field"] == "spec.network.cidr");
        let note = notes
            .next()
            .map(|note| note["note"].as_str().unwrap().to_owned());
        assert_eq!(note.is_some(), fix.is_some(), "{cidr} {max}: {note:?}");
        if let (Some(note), Some(fix)) = (note, fix) {
            assert!(note.ends_with(fix), "{cidr} {max}: {note}");
        }
    }
}
