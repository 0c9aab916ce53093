//! Upgrades: control plane first, then add-ons, then nodes.

mod addons;
mod holds;

use serde_json::{Value, json};
use xcluster::api::spec::Version;

use super::{STANDARD, older, upgraded};
use crate::support::{
    cases::run,
    simulator::{Fault, Step},
};

fn observed(step: &Step, key: &str, pointer: &str) -> Option<Version> {
    let resources = &step.request.observed.as_ref()?.resources;
    let object = serde_json::to_value(&resources.get(key)?.resource).unwrap();
    Version::parse(object.pointer(pointer)?.as_str()?)
}

fn phases(steps: &[Step]) -> Vec<Value> {
    let mut phases: Vec<_> = steps
        .iter()
        .map(|step| step.status()["phase"].clone())
        .collect();
    phases.dedup();
    phases
}

#[test]
fn nodes_are_upgraded_after_the_control_plane_and_never_beyond_it() {
    let (world, steps) = upgraded("aws-standard", "1.35", "1.36");
    let running = "/status/atProvider/version";
    let mut waited = 0;
    for step in &steps {
        let desired = step.desired();
        assert_eq!(desired["cluster"]["spec"]["forProvider"]["version"], "1.36");
        let control_plane = observed(step, "cluster", running).unwrap();
        for (key, group) in desired
            .iter()
            .filter(|(_, object)| object["kind"] == "NodeGroup")
        {
            let asked = group["spec"]["forProvider"]["version"].as_str().unwrap();
            let asked = Version::parse(asked).unwrap();
            assert!(
                asked <= control_plane,
                "{key}: {asked} under {control_plane}"
            );
            waited += usize::from(asked.minor == 35);
        }
    }
    assert!(waited >= 4, "the control plane was upgraded at once");
    for (key, object) in world.observed() {
        if matches!(object["kind"].as_str(), Some("Cluster" | "NodeGroup")) {
            assert_eq!(object["status"]["atProvider"]["version"], "1.36", "{key}");
        }
    }
}

#[test]
fn several_minors_are_gone_through_one_by_one_with_the_nodes() {
    let clouds = [
        ("aws-standard", "version", "version"),
        ("gcp-standard", "minMasterVersion", "masterVersion"),
    ];
    for (name, asked, runs) in clouds {
        let (world, steps) = upgraded(name, "1.33", "1.36");
        super::assert_healthy(name, &world, &steps);
        let mut seen = Vec::new();
        for step in &steps {
            let desired = step.desired();
            let version = &desired["cluster"]["spec"]["forProvider"][asked];
            seen.push(version.as_str().unwrap().to_owned());
            let pointer = format!("/status/atProvider/{runs}");
            let running = observed(step, "cluster", &pointer).unwrap();
            let asked = Version::parse(version.as_str().unwrap()).unwrap();
            assert!(
                asked.minor <= running.minor + 1,
                "{name}: {asked} over {running}"
            );
            for key in desired.keys().filter(|key| key.starts_with("nodes-pool-")) {
                let nodes = observed(step, key, "/status/atProvider/version").unwrap();
                assert!(
                    nodes <= running,
                    "{name}: {key} runs {nodes} under {running}"
                );
                assert!(
                    running.minor - nodes.minor <= 1,
                    "{name}: {key} was left behind"
                );
            }
        }
        seen.dedup();
        assert_eq!(seen, ["1.34", "1.35", "1.36"], "{name}");
    }
}

/// GCP-4: raising the floor of the control plane leaves the nodes where they are.
#[test]
fn gke_nodes_are_asked_to_follow_exactly_and_are_left_alone_afterwards() {
    let (world, steps) = upgraded("gcp-standard", "1.35", "1.36");
    let asked = |step: &Step| {
        let desired = step.desired().into_iter();
        let pools = desired.filter(|(_, object)| object["kind"] == "NodePool");
        let mut asked: Vec<_> = pools
            .map(|(_, pool)| pool["spec"]["forProvider"]["version"].clone())
            .collect();
        asked.dedup();
        asked
    };
    let exact = world.observed()["cluster"]["status"]["atProvider"]["masterVersion"].clone();
    assert!(exact.as_str().unwrap().starts_with("1.36."), "{exact}");
    assert!(
        steps.iter().any(|step| asked(step) == [exact.clone()]),
        "no pool is asked to follow"
    );
    assert_eq!(asked(steps.last().unwrap()), [Value::Null]);
    for (key, object) in world.observed() {
        if object["kind"] == "NodePool" {
            assert_eq!(object["status"]["atProvider"]["version"], exact, "{key}");
        }
    }
}

/// GCP-4: GKE brings its own upgrades to the nodes, when it is their time.
#[test]
fn nodes_are_not_hurried_after_an_upgrade_of_gkes_own() {
    let mut world = run("gcp-standard").world.clone();
    for version in ["1.37.9-gke.1000000", "1.36.9-gke.1000000"] {
        world.cloud_mut("cluster")["masterVersion"] = json!(version);
        let steps = world.settle();
        super::assert_healthy("gcp-standard", &world, &steps);
        for step in &steps {
            for (key, object) in step.desired() {
                let sent = object.pointer("/spec/forProvider/version");
                assert_eq!(sent, None, "{key} under {version}");
            }
        }
    }
}

/// GCP-4: a status that is lost for a moment takes nothing away that was sent.
#[test]
fn an_upgrade_of_nodes_goes_on_while_their_status_is_lost() {
    let mut world = older("gcp-standard", "1.35");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    let sent = |step: &Step| {
        step.desired()[&key]
            .pointer("/spec/forProvider/version")
            .cloned()
    };
    let mut version = None;
    for _ in 0..20 {
        version = sent(&world.step());
        if version.is_some() {
            break;
        }
    }
    assert!(version.is_some(), "no pool is asked to follow");
    for lost in [key.as_str(), "cluster"] {
        let mut world = world.clone();
        Fault::NoStatus.hit(world.object_mut(lost));
        assert_eq!(sent(&world.reconcile()), version, "without {lost}");
    }
}

#[test]
fn an_upgrade_is_a_phase_that_ends() {
    for name in STANDARD {
        let (_, steps) = upgraded(name, "1.35", "1.36");
        assert_eq!(phases(&steps), ["Upgrading", "Ready"], "{name}");
        let upgraded = |step: &Step| {
            let conditions = step.conditions();
            let found = conditions.iter().find(|c| c["type"] == "Upgraded");
            found.unwrap()["status"].clone()
        };
        assert_eq!(upgraded(&steps[0]), "False", "{name}");
        assert_eq!(upgraded(steps.last().unwrap()), "True", "{name}");
        let version = &steps.last().unwrap().status()["kubernetesVersion"]["controlPlane"];
        assert!(
            version.as_str().unwrap().starts_with("1.36"),
            "{name}: {version}"
        );
        assert!(steps.iter().all(|step| step.deleted.is_empty()), "{name}");
    }
}

#[test]
fn a_control_plane_that_the_cloud_upgraded_is_not_fought() {
    let mut world = run("aws-standard").world.clone();
    world.cloud_mut("cluster")["version"] = json!("1.37");
    world.object_mut("cluster")["status"]["atProvider"]["version"] = json!("1.37");
    let steps = world.settle();
    super::assert_healthy("aws-standard", &world, &steps);
    let desired = steps.last().unwrap().desired();
    assert_eq!(desired["cluster"]["spec"]["forProvider"]["version"], "1.37");
}

/// What holds the next version back.
fn blocked_by(step: &Step) -> Value {
    step.status()["kubernetesVersion"]["blockedBy"].clone()
}
