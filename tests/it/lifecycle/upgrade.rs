//! Upgrades: control plane first, nodes after it.

use serde_json::{Value, json};
use xcluster::api::spec::Version;

use super::{STANDARD, edited};
use crate::support::simulator::Step;

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
    let (world, steps) = edited("aws-standard", &json!({"kubernetesVersion": "1.37"}));
    let running = "/status/atProvider/version";
    let mut waited = 0;
    for step in &steps {
        let desired = step.desired();
        assert_eq!(desired["cluster"]["spec"]["forProvider"]["version"], "1.37");
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
            waited += usize::from(asked.minor == 36);
        }
    }
    assert!(waited >= 4, "the control plane was upgraded at once");
    for (key, object) in world.observed() {
        if matches!(object["kind"].as_str(), Some("Cluster" | "NodeGroup")) {
            assert_eq!(object["status"]["atProvider"]["version"], "1.37", "{key}");
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
        let (world, steps) = edited(name, &json!({"kubernetesVersion": "1.39"}));
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
        assert_eq!(seen, ["1.37", "1.38", "1.39"], "{name}");
    }
}

#[test]
fn an_upgrade_is_a_phase_that_ends() {
    for name in STANDARD {
        let (_, steps) = edited(name, &json!({"kubernetesVersion": "1.37"}));
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
            version.as_str().unwrap().starts_with("1.37"),
            "{name}: {version}"
        );
        assert!(steps.iter().all(|step| step.deleted.is_empty()), "{name}");
    }
}

#[test]
fn a_control_plane_that_the_cloud_upgraded_is_not_fought() {
    let mut world = crate::support::cases::run("aws-standard").world.clone();
    world.cloud_mut("cluster")["version"] = json!("1.37");
    world.object_mut("cluster")["status"]["atProvider"]["version"] = json!("1.37");
    let steps = world.settle();
    super::assert_healthy("aws-standard", &world, &steps);
    let desired = steps.last().unwrap().desired();
    assert_eq!(desired["cluster"]["spec"]["forProvider"]["version"], "1.37");
}
