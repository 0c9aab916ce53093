//! What the provider's own code does with what the function must never send: each of these was sent once.

use manifests::ScopeArg;
use serde_json::Value;

use super::support::{Gcp, count, rounds, spoiled_world, writes};

/// Enough for a cluster and its pools.
const ROUNDS: usize = 26;

fn driven(example: &str, spoil: fn(&mut Value)) -> Gcp {
    let mut world = spoiled_world(example, ScopeArg::Claims, spoil);
    rounds(&mut world, ROUNDS);
    world
}

/// What is wrong with an object of this key, in its provider's words.
fn problem(world: &Gcp, key: &str) -> String {
    let stuck = world.stuck().into_iter();
    stuck.filter(|problem| problem.starts_with(key)).collect()
}

/// GCP-1: GKE answers with the configuration of the first pool, and Terraform changes that of the pool which it has deleted.
#[test]
fn a_cluster_that_keeps_its_node_configuration_fails_at_every_update() {
    let world = driven("gcp-standard", |object| {
        if object["kind"] == "Cluster" {
            let config = object["spec"]["initProvider"]["nodeConfig"].take();
            object["spec"]["forProvider"]["nodeConfig"] = config;
        }
    });
    let problem = problem(&world, "cluster");
    assert!(
        problem.contains("Not found: nodePools/default-pool"),
        "{problem}"
    );
}

/// GCP-2: GKE says that an endpoint without an address is private.
#[test]
fn a_public_endpoint_without_an_address_is_updated_without_end() {
    let mut world = driven("gcp-minimal", |object| {
        if object["kind"] == "Cluster" {
            object["spec"]["forProvider"]["privateClusterConfig"]["enablePrivateEndpoint"] =
                false.into();
        }
    });
    for _ in 0..3 {
        let before = count(&world);
        rounds(&mut world, 1);
        let update = "clusters.update desiredControlPlaneEndpointsConfig".to_owned();
        assert!(writes(&world, before).contains(&update));
    }
}

/// GCP-3: Terraform 7.39 reads a kubelet configuration that is not there.
#[test]
fn a_pool_without_a_kubelet_configuration_panics() {
    let world = driven("gcp-minimal", |object| {
        if object["kind"] == "NodePool" {
            object["spec"]["forProvider"]["nodeConfig"]["kubeletConfig"] = Value::Null;
        }
    });
    let problem = problem(&world, "nodes-pool");
    assert!(
        problem.contains("panic") && problem.contains("value is null"),
        "{problem}"
    );
}
