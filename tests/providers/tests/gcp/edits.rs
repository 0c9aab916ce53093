//! Every edit that the XRD allows reaches the API, and settles after one update of each object.

use cloudsim::apply;
use manifests::ScopeArg;
use serde_json::{Value, json};
use test_support::examples;

use super::support::{Gcp, assert_no_writes, count, settle, world, writes};

/// The pools of the example with another bound, and a change of one of them.
fn pools(name: &str, change: &Value) -> Value {
    let mut pools = examples::composite("gcp-standard")["spec"]["nodePools"].clone();
    for pool in pools.as_array_mut().unwrap() {
        if pool["name"] == "general" {
            pool["max"] = 14.into();
        }
        if pool["name"] == name {
            apply::merge_patch(pool, change);
        }
    }
    json!({"nodePools": pools})
}

/// An edit: its name, the change of the spec, and every call that it makes.
type Edit = (&'static str, Value, &'static [&'static str]);

/// The labels of the cluster, of both pools and of the key.
const LABELS: &[&str] = &[
    "clusters.setResourceLabels labelFingerprint,resourceLabels",
    "cryptoKeys.patch labels,rotationPeriod,versionTemplate",
    "nodePools.update name,resourceLabels",
    "nodePools.update name,resourceLabels",
];
const ENDPOINT: &[&str] = &["clusters.update desiredControlPlaneEndpointsConfig"];
const ADDONS: &[&str] = &["clusters.update desiredAddonsConfig"];
const ROUTER: &[&str] = &["routers.patch nats"];
const POLICY: &[&str] = &["projects.setIamPolicy policy,updateMask"];

/// Edits, one after the other.
fn edits() -> Vec<Edit> {
    let general = |change: Value| pools("general", &change);
    let taint = json!({"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}]});
    let listed = json!({"endpoint": {"public": true, "allowedCidrs": ["203.0.113.0/24"]}});
    vec![
        ("tags", json!({"tags": {"team": "ml"}}), LABELS),
        ("environment", json!({"environment": "staging"}), LABELS),
        ("ranges", listed.clone(), ENDPOINT),
        (
            "private",
            json!({"endpoint": {"public": false, "allowedCidrs": null}}),
            ENDPOINT,
        ),
        ("DNS", json!({"endpoint": {"public": true}}), ENDPOINT),
        ("ranges again", listed, ENDPOINT),
        (
            "bounds",
            general(json!({})),
            &["clusters.update desiredNodePoolAutoscaling,desiredNodePoolId"],
        ),
        (
            "labels",
            general(json!({"labels": {"tier": "front"}})),
            &["nodePools.update labels,name"],
        ),
        (
            "no labels",
            general(json!({})),
            &["nodePools.update labels,name"],
        ),
        (
            "taints",
            pools("gpu", &taint),
            &["nodePools.update name,taints"],
        ),
        (
            "no taints",
            general(json!({})),
            &["nodePools.update name,taints"],
        ),
        (
            "disk",
            general(json!({"diskGiB": 200})),
            &["nodePools.update diskSizeGb,diskType,machineType,name"],
        ),
        (
            "surge",
            general(json!({"diskGiB": 200, "maxSurge": 2})),
            &["nodePools.update upgradeSettings"],
        ),
        (
            "size",
            general(json!({"size": "large"})),
            // The release that runs here reports how Pods leave the new pool, and is told.
            &[
                "nodePools.create nodePool",
                "nodePools.delete ",
                "nodePools.update nodeDrainConfig",
            ],
        ),
        ("no NAT", json!({"network": {"nat": "none"}}), ROUTER),
        ("NAT", json!({"network": {"nat": "perZone"}}), ROUTER),
        (
            "no block storage",
            json!({"addons": {"blockStorage": {"enabled": false}}}),
            ADDONS,
        ),
        (
            "block storage",
            json!({"addons": {"blockStorage": {"enabled": true}}}),
            ADDONS,
        ),
        (
            "viewers",
            json!({"access": {"viewers": ["group:viewers@acme.example"]}}),
            POLICY,
        ),
        (
            "admins",
            json!({"access": {"viewers": null, "admins": ["user:ada@acme.example"]}}),
            &[
                "projects.setIamPolicy policy,updateMask",
                "projects.setIamPolicy policy,updateMask",
            ],
        ),
        ("nobody", json!({"access": {"admins": null}}), POLICY),
        (
            "not in Argo CD",
            json!({"argocd": {"register": false}}),
            POLICY,
        ),
    ]
}

/// When GKE may upgrade, and how long it supports what runs.
fn edits_of_upgrades() -> Vec<Edit> {
    vec![
        (
            "a window and an exclusion",
            json!({"maintenance": {
                "window": {"days": ["saturday", "sunday"], "startTime": "22:30", "hours": 8},
                "exclusions": [{"name": "sale", "startTime": "2026-11-20T00:00:00Z", "endTime": "2026-12-01T00:00:00Z"}],
            }}),
            &["clusters.setMaintenancePolicy maintenancePolicy"],
        ),
        (
            "every day",
            json!({"maintenance": {"window": {"days": null}, "exclusions": null}}),
            &["clusters.setMaintenancePolicy maintenancePolicy"],
        ),
        (
            "no window",
            json!({"maintenance": {"window": null}}),
            &["clusters.setMaintenancePolicy maintenancePolicy"],
        ),
        (
            "extended support",
            json!({"upgrade": {"supportType": "extended"}}),
            &["clusters.update desiredReleaseChannel"],
        ),
        (
            "standard support",
            json!({"upgrade": {"supportType": "standard"}}),
            &["clusters.update desiredReleaseChannel"],
        ),
    ]
}

#[test]
fn every_edit_reaches_the_api_once_and_settles() {
    let mut world = world("gcp-standard", ScopeArg::Claims);
    settle(&mut world);
    for (name, change, calls) in edits().into_iter().chain(edits_of_upgrades()) {
        let before = count(&world);
        world.edit(&change);
        let steps = settle(&mut world);
        let last = steps.last().unwrap();
        assert!(last.is_ready(), "{name}: {:#}", last.status()["conditions"]);
        assert_eq!(world.stuck(), [""; 0], "{name}");
        assert_eq!(writes(&world, before), calls, "{name}");
        assert_no_writes(&mut world, 2);
    }
}

/// GCP-4: an upgrade of the control plane by hand leaves the nodes as they are.
#[test]
fn an_upgrade_reaches_the_control_plane_first_and_then_each_pool() {
    let mut world = world("gcp-standard", ScopeArg::Claims);
    settle(&mut world);
    let before = count(&world);
    world.edit(&json!({"kubernetesVersion": "1.37"}));
    settle(&mut world);
    let calls = [
        "clusters.update desiredMasterVersion",
        "nodePools.update nodePoolId,nodeVersion",
        "nodePools.update nodePoolId,nodeVersion",
    ];
    assert_eq!(writes(&world, before), calls);
    for pool in &pool_versions(&world) {
        assert_eq!(pool, "1.37.1-gke.1000000");
    }
    assert_no_writes(&mut world, 2);
}

/// The versions of the pools as GKE has them.
fn pool_versions(world: &Gcp) -> Vec<String> {
    let state = world.clouds().cloud.state();
    let pools = state
        .container
        .clusters()
        .flat_map(|(_, found)| &found.pools);
    pools
        .map(|pool| pool["version"].as_str().unwrap().to_owned())
        .collect()
}
