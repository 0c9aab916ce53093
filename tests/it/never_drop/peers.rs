//! Defects that other compositions of EKS and GKE clusters have, replayed.

use serde_json::{Value, json};
use xcluster::{
    api::{
        choice::{Choice, GpuModel, Size},
        provider::Provider,
        spec::Gpu,
    },
    cloud::registry::Clouds,
};

use crate::{
    lifecycle::older,
    support::{
        cases::{Case, run},
        simulator::{Fault, Step, World},
    },
};

/// The objects of a kind in an answer.
fn of_kind(step: &Step, kind: &str) -> Vec<Value> {
    let objects = step.desired().into_values();
    objects.filter(|object| object["kind"] == kind).collect()
}

#[test]
fn the_cluster_stays_when_the_node_account_loses_its_address() {
    let mut world = run("gcp-standard").world.clone();
    let before = world.reconcile().desired();
    for fault in Fault::OBSERVED {
        let key = "identity-node-account";
        world.faults = [(key.to_owned(), fault)].into();
        let after = world.reconcile().desired();
        for key in ["cluster", "identity-node-role", "registration-secret"] {
            assert_eq!(after.get(key), before.get(key), "{key} with {fault:?}");
        }
        assert_eq!(after.len(), before.len(), "{fault:?}");
    }
}

#[test]
fn the_pod_identity_agent_stays_when_a_node_group_is_not_ready() {
    let mut world = run("aws-standard").world.clone();
    let groups: Vec<_> = world.observed().into_keys().collect();
    let groups = groups
        .into_iter()
        .filter(|key| key.starts_with("nodes-pool-"));
    world.faults = groups.map(|key| (key, Fault::NoStatus)).collect();
    assert_eq!(world.faults.len(), 2);
    let step = world.reconcile();
    assert!(step.desired().contains_key("addons-pod-identity"));
    assert!(step.deleted.is_empty(), "{:?}", step.deleted);
}

#[test]
fn the_requested_version_reaches_the_control_plane_on_both_clouds() {
    let rows = [
        ("aws-standard", "version"),
        ("gcp-standard", "minMasterVersion"),
    ];
    for (name, field) in rows {
        for version in ["1.35", "1.36"] {
            let mut world = Case::new(name).world();
            world.edit(&json!({"kubernetesVersion": version}));
            let steps = world.settle();
            let cluster = &steps.last().unwrap().desired()["cluster"];
            assert_eq!(cluster["spec"]["forProvider"][field], version, "{name}");
            let running = &steps.last().unwrap().status()["kubernetesVersion"]["controlPlane"];
            let running = running.as_str().unwrap();
            assert!(running.starts_with(version), "{name} runs {running}");
        }
    }
}

#[test]
fn the_version_of_node_groups_follows_the_control_plane() {
    let mut world = older("aws-standard", "1.35");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let steps = world.settle();
    for group in of_kind(steps.last().unwrap(), "NodeGroup") {
        assert_eq!(group["spec"]["forProvider"]["version"], "1.36");
    }
    for group in world
        .observed()
        .into_values()
        .filter(|o| o["kind"] == "NodeGroup")
    {
        assert_eq!(group["status"]["atProvider"]["version"], "1.36");
    }
}

#[test]
fn no_node_is_preemptible_unless_its_author_asks_for_it() {
    for pool in of_kind(run("gcp-standard").last(), "NodePool") {
        let config = &pool["spec"]["forProvider"]["nodeConfig"];
        assert_eq!(config.get("preemptible"), None);
        let asked = config["labels"]["xcluster.dev/pool"] == "gpu";
        assert_eq!(config["spot"], asked);
    }
    for group in of_kind(run("aws-standard").last(), "NodeGroup") {
        let provider = &group["spec"]["forProvider"];
        let asked = provider["labels"]["xcluster.dev/pool"] == "gpu";
        assert_eq!(
            provider["capacityType"],
            if asked { "SPOT" } else { "ON_DEMAND" }
        );
    }
}

#[test]
fn gke_keeps_no_default_pool_and_no_version_of_nodes() {
    for name in ["gcp-standard", "gcp-minimal"] {
        let desired = run(name).last().desired();
        let cluster = &desired["cluster"]["spec"]["forProvider"];
        assert_eq!(cluster["removeDefaultNodePool"], true, "{name}");
        assert_eq!(cluster.get("nodeVersion"), None, "{name}");
        for pool in of_kind(run(name).last(), "NodePool") {
            let pool = &pool["spec"]["forProvider"];
            assert_eq!(pool.get("version"), None, "{name}");
            assert_eq!(pool.get("nodeCount"), None, "{name}");
        }
    }
}

#[test]
fn nodes_have_no_key_and_no_administrators_role() {
    for run in crate::support::cases::runs() {
        for step in &run.steps {
            for (key, object) in step.desired() {
                assert_ne!(
                    object["kind"],
                    "ServiceAccountKey",
                    "{}: {key}",
                    run.title()
                );
                let text = object.to_string();
                let broad = text.contains("roles/container.admin") && text.contains("-nodes@");
                assert!(!broad, "{}: {key}", run.title());
            }
        }
    }
}

#[test]
fn sizes_are_equal_on_both_clouds() {
    for (name, size) in Size::ALL {
        let all = [Provider::AWS, Provider::GCP]
            .map(|provider| Clouds::ALL.of(provider).unwrap().machines().of_size(*size));
        let first = all[0].first().unwrap();
        for machine in all.into_iter().flatten() {
            assert_eq!(machine.vcpu, first.vcpu, "{name}: {}", machine.name);
            assert!(
                machine.gib.abs_diff(first.gib) * 20 <= first.gib,
                "{name}: {} has {} GiB and {} {}",
                machine.name,
                machine.gib,
                first.name,
                first.gib
            );
        }
    }
}

#[test]
fn a_gpu_is_carried_by_machines_with_as_many_on_both_clouds() {
    for (name, model) in GpuModel::ALL {
        for count in 1..=8 {
            let gpu = Gpu {
                model: *model,
                count,
            };
            let found = [Provider::AWS, Provider::GCP].map(|provider| {
                Clouds::ALL
                    .of(provider)
                    .unwrap()
                    .machines()
                    .for_gpu(&gpu, None)
                    .map(|machine| machine.gpus)
            });
            assert_eq!(found[0], found[1], "{count} {name}");
            assert!(found[0].is_none_or(|gpus| gpus == count), "{count} {name}");
        }
    }
}

#[test]
fn a_provider_that_flaps_for_long_loses_nothing() {
    for name in ["aws-standard", "gcp-standard", "aws-auto", "gcp-autopilot"] {
        let mut world: World = run(name).world.clone();
        let before = world.observed();
        let keys: Vec<_> = before.keys().cloned().collect();
        for round in 0..60 {
            world.faults.clear();
            for (n, key) in keys.iter().enumerate() {
                let fault = Fault::OBSERVED[(n + round) % 3];
                if (n * 7 + round) % 5 < 3 {
                    world.faults.insert(key.clone(), fault);
                }
            }
            let step = world.reconcile();
            world.tick();
            assert_eq!(step.fatal(), None, "{name}");
            assert!(
                step.deleted.is_empty(),
                "{name} round {round}: {:?}",
                step.deleted
            );
        }
        world.faults.clear();
        let steps = world.settle();
        assert!(steps.last().unwrap().is_ready(), "{name}");
        assert_eq!(world.observed(), before, "{name}");
    }
}
