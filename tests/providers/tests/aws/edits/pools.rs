//! Edits of node pools.

use manifests::ScopeArg;
use serde_json::{Value, json};

use cloudsim::apply;
use test_support::examples;

use super::{Edit, edited};
use crate::support::{settle, world};

/// The pools of the example, one of them changed.
fn pools(name: &str, change: &Value) -> Value {
    let mut pools = examples::composite("aws-standard")["spec"]["nodePools"].clone();
    for pool in pools.as_array_mut().unwrap() {
        if pool["name"] == name {
            apply::merge_patch(pool, change);
        }
    }
    json!({"nodePools": pools})
}

fn general(change: &Value) -> Value {
    pools("general", change)
}

fn gpu(change: &Value) -> Value {
    pools("gpu", change)
}

/// Edits that a group takes, one after the other. Each is of the example's pools, so it takes the one before it back.
fn of_groups() -> Vec<Edit> {
    let taint = json!({"taints": [{"key": "tier", "value": "web", "effect": "NoExecute"}]});
    vec![
        (
            "bounds",
            general(&json!({"min": 3, "max": 12})),
            &["eks.UpdateNodegroupConfig scalingConfig"],
        ),
        (
            "bounds back",
            general(&json!({})),
            &["eks.UpdateNodegroupConfig scalingConfig"],
        ),
        ("not required", general(&json!({"required": false})), &[]),
        (
            "labels",
            general(&json!({"labels": {"tier": "web"}})),
            &["eks.UpdateNodegroupConfig labels"],
        ),
        (
            "other labels",
            general(&json!({"labels": {"stage": "one"}})),
            &["eks.UpdateNodegroupConfig labels"],
        ),
        (
            "no labels",
            general(&json!({})),
            &["eks.UpdateNodegroupConfig labels"],
        ),
        ("taints", gpu(&taint), &["eks.UpdateNodegroupConfig taints"]),
        (
            "no taints",
            gpu(&json!({})),
            &["eks.UpdateNodegroupConfig taints"],
        ),
        (
            "surge",
            general(&json!({"maxSurge": 2})),
            &["eks.UpdateNodegroupConfig updateConfig"],
        ),
        (
            "unavailable",
            general(&json!({"maxSurge": 2, "maxUnavailable": 1})),
            &["eks.UpdateNodegroupConfig updateConfig"],
        ),
    ]
}

/// Edits after which the nodes are others.
fn of_hardware() -> Vec<Edit> {
    vec![
        (
            "disk",
            general(&json!({"diskGiB": 150})),
            &[
                "ec2.CreateLaunchTemplateVersion",
                "eks.UpdateNodegroupConfig updateConfig",
                "eks.UpdateNodegroupVersion launchTemplate",
            ],
        ),
        (
            "disk type",
            general(&json!({"diskGiB": 150, "diskType": {"aws": "gp2"}})),
            &[
                "ec2.CreateLaunchTemplateVersion",
                "eks.UpdateNodegroupVersion launchTemplate",
            ],
        ),
        (
            "size",
            general(&json!({"diskGiB": 150, "size": "large"})),
            &[
                "ec2.CreateLaunchTemplateVersion",
                "eks.CreateNodegroup",
                "eks.DeleteNodegroup",
                "eks.UpdateNodegroupVersion launchTemplate",
            ],
        ),
        (
            "machine types",
            general(&json!({"size": null, "machineTypes": {"aws": ["m7i.xlarge", "m6i.xlarge"]}})),
            &[
                "ec2.CreateLaunchTemplateVersion",
                "eks.CreateNodegroup",
                "eks.DeleteNodegroup",
                "eks.UpdateNodegroupVersion launchTemplate",
            ],
        ),
        (
            "capacity",
            gpu(&json!({"capacity": "onDemand"})),
            &["eks.CreateNodegroup x2", "eks.DeleteNodegroup x2"],
        ),
        (
            "zones",
            gpu(&json!({"zones": ["use1-az1"]})),
            &["eks.CreateNodegroup", "eks.DeleteNodegroup"],
        ),
        (
            "all zones",
            gpu(&json!({"zones": null})),
            &["eks.CreateNodegroup", "eks.DeleteNodegroup"],
        ),
        (
            "GPUs",
            gpu(&json!({"zones": null, "gpu": {"count": 4}})),
            &["eks.CreateNodegroup", "eks.DeleteNodegroup"],
        ),
    ]
}

/// Pools that come and go.
fn of_the_list() -> Vec<Edit> {
    vec![
        (
            "a new pool",
            json!({"nodePools": [
                {"name": "general", "size": "medium", "min": 2, "max": 10},
                {"name": "batch", "size": "small", "min": 1, "max": 3},
            ]}),
            &[
                "ec2.CreateLaunchTemplate",
                "ec2.DeleteLaunchTemplate",
                "eks.CreateNodegroup",
                "eks.DeleteNodegroup",
            ],
        ),
        (
            "a removed pool",
            json!({"nodePools": [{"name": "general", "size": "medium", "min": 2, "max": 10}]}),
            &["ec2.DeleteLaunchTemplate", "eks.DeleteNodegroup"],
        ),
        (
            "another name",
            json!({"nodePools": [{"name": "base", "size": "medium", "min": 2, "max": 10}]}),
            &[
                "ec2.CreateLaunchTemplate",
                "ec2.DeleteLaunchTemplate",
                "eks.CreateNodegroup",
                "eks.DeleteNodegroup",
            ],
        ),
    ]
}

#[test]
fn every_edit_of_a_pool_reaches_the_api_once_and_settles() {
    let mut world = world("aws-standard", ScopeArg::Claims);
    settle(&mut world);
    for edits in [of_groups(), of_hardware(), of_the_list()] {
        edited(&mut world, edits);
    }
}
