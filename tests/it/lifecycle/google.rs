//! What Google Cloud does that no other cloud does.

mod failed;
mod pools;

use serde_json::{Value, json};

use super::{STANDARD, assert_healthy};
use crate::{
    argocd::decoded,
    support::{
        cases::{Case, run},
        simulator::{Step, World},
    },
};

/// The settled cluster of an example with a changed spec, in whose making nothing was refused.
fn made(name: &str, edit: &Value) -> World {
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

/// GCP-16: the pool that GKE makes a cluster with fits into a small quota and a strict organization.
#[test]
fn the_first_pool_of_a_cluster_is_small_and_shielded() {
    let world = made("gcp-standard", &json!({}));
    let config = &world.observed()["cluster"]["spec"]["initProvider"]["nodeConfig"];
    assert_eq!(config["diskType"], "pd-standard");
    assert_eq!(config["shieldedInstanceConfig"]["enableSecureBoot"], true);
}

/// GCP-20: a management cluster in another region reaches a private address.
#[test]
fn a_private_control_plane_answers_other_regions() {
    for name in ["gcp-standard", "gcp-autopilot"] {
        let global = |world: &World| {
            let cluster = &world.observed()["cluster"]["spec"]["forProvider"];
            cluster["privateClusterConfig"]["masterGlobalAccessConfig"].clone()
        };
        let mut world = made(name, &json!({"endpoint": {"public": false}}));
        assert_eq!(global(&world), json!({"enabled": true}), "{name}");
        world.edit(&json!({"endpoint": {"public": true}}));
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        assert_eq!(global(&world), Value::Null, "{name}");
    }
}

/// GCP-15: an address goes with the authority that signed its certificate, while GKE changes from one to the other.
#[test]
fn argo_cd_gets_an_address_and_the_authority_of_it() {
    let mut world = Case::new("gcp-standard").world();
    world.edit(&json!({"endpoint": {"allowedCidrs": []}}));
    world.settle();
    for (cidrs, by_name) in [(json!(["203.0.113.0/24"]), false), (json!([]), true)] {
        world.edit(&json!({"endpoint": {"allowedCidrs": cidrs}}));
        let steps = world.settle();
        assert_healthy("gcp-standard", &world, &steps);
        let mut seen = Vec::new();
        for step in &steps {
            let Some(secret) = step.desired().remove("registration-secret") else {
                continue;
            };
            let is_name = decoded(&secret, "server").unwrap().ends_with(".gke.goog");
            let has_authority = decoded(&secret, "config").unwrap().contains("caData");
            assert_eq!(has_authority, !is_name, "{secret:#}");
            seen.push(is_name);
        }
        assert_eq!(seen.first(), Some(&!by_name), "the change was done at once");
        assert_eq!(seen.last(), Some(&by_name));
    }
}

/// What the Usages of a cluster keep, each until something is gone, by kind and name.
fn kept(step: &Step) -> Vec<[String; 4]> {
    let objects = step.desired().into_values();
    let usages = objects.filter(|it| it["kind"].as_str().unwrap().ends_with("Usage"));
    let pairs = usages.map(|usage| {
        let end = |end: &str, field: &str| {
            let value = usage.pointer(&format!("/spec/{end}/{field}"));
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let name = "resourceRef/name";
        [
            end("of", "kind"),
            end("of", name),
            end("by", "kind"),
            end("by", name),
        ]
    });
    pairs.collect()
}

/// GCP-21: the members of an account that is gone would stay in the project's policy.
#[test]
fn a_service_account_goes_after_its_roles() {
    for name in ["gcp-standard", "gcp-autopilot"] {
        let run = run(name);
        let kept = kept(run.last());
        let objects = run.last().desired().into_values();
        let roles = objects.filter(|object| {
            let member = &object["spec"]["forProvider"]["member"];
            object["kind"] == "ProjectIAMMember" && member.to_string().contains("-nodes@")
        });
        let roles: Vec<_> = roles
            .map(|it| it["metadata"]["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(roles.len(), 2, "{name}");
        for role in roles {
            let is_kept = kept.iter().any(|[of, _, by, user]| {
                of == "ServiceAccount" && by == "ProjectIAMMember" && *user == role
            });
            assert!(is_kept, "{name}: {role} in {kept:#?}");
        }
    }
}

/// GCP-18: core keeps a composed Usage while its user exists, so a pool with one could not leave a cluster that stays.
#[test]
fn no_usage_keeps_a_pool_of_a_cluster_that_stays() {
    for name in STANDARD {
        for [of, ..] in kept(run(name).last()) {
            assert!(!of.starts_with("Node"), "{name}: {of}");
        }
    }
}
