//! Edits of everything but node pools and traffic.

use manifests::ScopeArg;
use serde_json::json;

use super::{Edit, edited};
use crate::support::{assert_no_writes, count, edit_input, settle, world, writes};

const ROLE: &str = "arn:aws:iam::111122223333:role/";

/// Tags, and from where the control plane is reached.
fn of_tags_and_the_endpoint() -> Vec<Edit> {
    vec![
        (
            "tags",
            json!({"tags": {"owner": "research"}}),
            &[
                "ec2.CreateLaunchTemplateVersion x2",
                "ec2.CreateTags x19",
                "eks.TagResource x9",
                "eks.UpdateNodegroupVersion launchTemplate x2",
                "iam.TagRole x4",
                "kms.TagResource",
                "logs.TagResource",
            ],
        ),
        (
            "no tags",
            json!({"tags": {"owner": null}}),
            &[
                "ec2.CreateLaunchTemplateVersion x2",
                "ec2.DeleteTags x19",
                "eks.UntagResource x9",
                "eks.UpdateNodegroupVersion launchTemplate x2",
                "iam.UntagRole x4",
                "kms.UntagResource",
                "logs.UntagResource",
            ],
        ),
        (
            "environment",
            json!({"environment": "staging"}),
            &[
                "ec2.CreateLaunchTemplateVersion x2",
                "ec2.CreateTags x19",
                "eks.TagResource x9",
                "eks.UpdateNodegroupVersion launchTemplate x2",
                "iam.TagRole x4",
                "kms.TagResource",
                "logs.TagResource",
            ],
        ),
        (
            "ranges",
            json!({"endpoint": {"allowedCidrs": ["198.51.100.0/24"]}}),
            &["eks.UpdateClusterConfig resourcesVpcConfig"],
        ),
        (
            "private",
            json!({"endpoint": {"public": false}}),
            &["eks.UpdateClusterConfig resourcesVpcConfig"],
        ),
        (
            "public",
            json!({"endpoint": {"public": true}}),
            &["eks.UpdateClusterConfig resourcesVpcConfig"],
        ),
    ]
}

/// The way out.
fn of_nat() -> Vec<Edit> {
    vec![
        (
            "one NAT gateway",
            json!({"network": {"nat": "single"}}),
            &[
                "ec2.DeleteNatGateway x2",
                "ec2.ReleaseAddress x2",
                "ec2.ReplaceRoute x2",
            ],
        ),
        (
            "no NAT",
            json!({"network": {"nat": "none"}}),
            &[
                "ec2.DeleteNatGateway",
                "ec2.DeleteRoute x3",
                "ec2.ReleaseAddress",
            ],
        ),
        (
            "NAT in each zone",
            json!({"network": {"nat": "perZone"}}),
            &[
                "ec2.AllocateAddress x3",
                "ec2.CreateNatGateway x3",
                "ec2.CreateRoute x3",
            ],
        ),
    ]
}

/// Who may use the cluster.
fn of_access() -> Vec<Edit> {
    let one = format!("{ROLE}one");
    let two = format!("{ROLE}two");
    vec![
        (
            "admins",
            json!({"access": {"admins": [one, two]}}),
            &["eks.AssociateAccessPolicy x2", "eks.CreateAccessEntry x2"],
        ),
        (
            "viewers",
            json!({"access": {"admins": [one], "viewers": [two]}}),
            &["eks.AssociateAccessPolicy", "eks.DisassociateAccessPolicy"],
        ),
        (
            "an admin becomes a viewer",
            json!({"access": {"admins": null, "viewers": [one, two]}}),
            &["eks.AssociateAccessPolicy", "eks.DisassociateAccessPolicy"],
        ),
        (
            "nobody",
            json!({"access": {"viewers": null}}),
            &["eks.DeleteAccessEntry x2"],
        ),
        (
            "not in Argo CD",
            json!({"argocd": {"register": false}}),
            &["eks.DeleteAccessEntry"],
        ),
        (
            "in Argo CD",
            json!({"argocd": {"register": true}}),
            &["eks.AssociateAccessPolicy", "eks.CreateAccessEntry"],
        ),
    ]
}

/// Add-ons.
fn of_addons() -> Vec<Edit> {
    vec![
        (
            "versions of add-ons",
            json!({"addons": {
                "networking": {"version": "v1.20.5-eksbuild.1"},
                "kubeProxy": {"version": "v1.36.1-eksbuild.1"},
                "podIdentity": {"version": "v1.3.10-eksbuild.1"},
                "dns": {"version": "v1.12.5-eksbuild.1"},
                "blockStorage": {"version": "v1.54.0-eksbuild.1"},
            }}),
            &["eks.UpdateAddon addonVersion,resolveConflicts x5"],
        ),
        (
            "no block storage",
            json!({"addons": {"blockStorage": {"enabled": false}}}),
            &["eks.DeleteAddon", "iam.DeleteRole", "iam.DetachRolePolicy"],
        ),
        (
            "block storage",
            json!({"addons": {"blockStorage": {"enabled": true}}}),
            &["eks.CreateAddon", "iam.AttachRolePolicy", "iam.CreateRole"],
        ),
        (
            "metrics",
            json!({"addons": {"metricsServer": {"enabled": true}}}),
            &["eks.CreateAddon"],
        ),
        (
            "no metrics",
            json!({"addons": {"metricsServer": {"enabled": false}}}),
            &["eks.DeleteAddon"],
        ),
    ]
}

/// The version and the protection. A budget is nothing to the cloud.
fn of_the_cluster() -> Vec<Edit> {
    vec![
        ("a budget", json!({"budget": {"monthlyUsd": 9}}), &[]),
        (
            "extended support",
            json!({"upgrade": {"supportType": "extended"}}),
            &["eks.UpdateClusterConfig upgradePolicy"],
        ),
        (
            "standard support",
            json!({"upgrade": {"supportType": "standard"}}),
            &["eks.UpdateClusterConfig upgradePolicy"],
        ),
        ("force", json!({"upgrade": {"force": true}}), &[]),
        ("no force", json!({"upgrade": {"force": false}}), &[]),
        // EKS has no windows.
        (
            "a window",
            json!({"maintenance": {"window": {"startTime": "02:00"}}}),
            &[],
        ),
        (
            "a kube-proxy of the table",
            json!({"addons": {"kubeProxy": {"version": null}}}),
            &[],
        ),
        (
            "a paused version",
            json!({"kubernetesVersion": "1.37", "upgrade": {"paused": true}}),
            &[],
        ),
        // AWS-3: control plane, add-ons, nodes.
        (
            "another version",
            json!({"upgrade": {"paused": false}}),
            &[
                "eks.UpdateAddon addonVersion,resolveConflicts",
                "eks.UpdateClusterVersion version",
                "eks.UpdateNodegroupVersion launchTemplate,version x2",
            ],
        ),
        (
            "no protection",
            json!({"deletionProtection": false}),
            &["eks.UpdateClusterConfig deletionProtection"],
        ),
        (
            "protection",
            json!({"deletionProtection": true}),
            &["eks.UpdateClusterConfig deletionProtection"],
        ),
    ]
}

#[test]
fn every_edit_of_a_cluster_with_node_groups_reaches_the_api_once_and_settles() {
    let mut world = world("aws-standard", ScopeArg::Claims);
    settle(&mut world);
    for edits in [
        of_tags_and_the_endpoint(),
        of_nat(),
        of_access(),
        of_addons(),
        of_the_cluster(),
    ] {
        edited(&mut world, edits);
    }
}

/// AWS-3: EKS replaces no node for a newer image by itself.
#[test]
fn a_newer_image_reaches_one_node_group_after_the_other() {
    let mut world = world("aws-standard", ScopeArg::Claims);
    settle(&mut world);
    let before = count(&world);
    edit_input(
        &mut world,
        &json!({"nodeImages": [{"release": "1.36.2-20261115"}]}),
    );
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    assert!(last.is_ready(), "{:#}", last.status()["waitingFor"]);
    let calls = ["eks.UpdateNodegroupVersion launchTemplate,releaseVersion x2"];
    assert_eq!(writes(&world, before), calls);
    for pool in last.status()["nodePools"].as_array().unwrap() {
        assert_eq!(pool["release"], "1.36.2-20261115");
    }
    assert_no_writes(&mut world, 2);
}

/// What Auto Mode has of them, in a namespace.
fn edits_in_auto_mode() -> Vec<Edit> {
    let mut edits: Vec<Edit> = vec![
        (
            "tags",
            json!({"tags": {"owner": "research"}}),
            &[
                "ec2.CreateTags x17",
                "eks.TagResource x4",
                "iam.TagRole x2",
                "kms.TagResource",
                "logs.TagResource",
            ],
        ),
        (
            "ranges",
            json!({"endpoint": {"allowedCidrs": ["198.51.100.0/24"]}}),
            &["eks.UpdateClusterConfig resourcesVpcConfig"],
        ),
        (
            "private",
            json!({"endpoint": {"public": false}}),
            &["eks.UpdateClusterConfig resourcesVpcConfig"],
        ),
    ];
    edits.extend(of_nat());
    let more: Vec<Edit> = vec![
        (
            "viewers",
            json!({"access": {"viewers": null}}),
            &["eks.DeleteAccessEntry"],
        ),
        (
            "another version",
            json!({"kubernetesVersion": "1.37"}),
            &["eks.UpdateClusterVersion version"],
        ),
    ];
    edits.extend(more);
    edits
}

#[test]
fn every_edit_of_an_auto_mode_cluster_reaches_the_api_once_and_settles() {
    let mut world = world("aws-auto", ScopeArg::Namespaced);
    settle(&mut world);
    edited(&mut world, edits_in_auto_mode());
}
