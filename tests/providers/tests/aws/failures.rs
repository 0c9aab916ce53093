//! What fails half way is seen, and has a way out.

use manifests::ScopeArg;
use providers::amazon::Switches;
use serde_json::json;

use super::support::{
    Aws, assert_no_writes, changed, count, delete_object, rounds, settle, stuck, world, writes,
};

/// The key of the only object of a kind.
fn key_of(world: &Aws, kind: &str) -> String {
    let observed = world.observed();
    let mut found = observed.iter().filter(|(_, object)| object["kind"] == kind);
    found.next().unwrap().0.clone()
}

/// AWS-7: EKS gives up on a node group, and upjet finds that it exists.
#[test]
fn a_node_group_whose_creation_fails_is_seen_and_made_anew() {
    let mut world = world("aws-minimal", ScopeArg::Claims);
    let switches = Switches {
        fail_nodegroup: "general",
        ..Switches::default()
    };
    world.clouds().cloud.set(&switches).unwrap();
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    assert!(!last.is_ready());
    let key = key_of(&world, "NodeGroup");
    let waiting = last.waiting(&key).unwrap().to_string();
    assert!(waiting.contains("CREATE_FAILED"), "{waiting}");
    world.clouds().cloud.set(&Switches::default()).unwrap();
    delete_object(&mut world, &key);
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    assert_no_writes(&mut world, 3);
}

/// AWS-7: EKS gives up on a control plane, too.
#[test]
fn a_control_plane_whose_creation_fails_is_seen_and_made_anew() {
    let mut world = world("aws-minimal", ScopeArg::Claims);
    let switches = Switches {
        fail_cluster: ".",
        ..Switches::default()
    };
    world.clouds().cloud.set(&switches).unwrap();
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    assert!(!last.is_ready());
    let waiting = last.waiting("cluster").unwrap();
    assert!(waiting.to_string().contains("FAILED"), "{waiting}");
    let fix = waiting["fix"].as_str().unwrap();
    assert!(
        fix.contains("kubectl delete cluster.eks.aws.upbound.io "),
        "{fix}"
    );
    let groups = world.observed();
    assert!(!groups.values().any(|object| object["kind"] == "NodeGroup"));
    // As the advice says.
    world.clouds().cloud.set(&Switches::default()).unwrap();
    delete_object(&mut world, "cluster");
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    assert_eq!(stuck(&world), [""; 0]);
    assert_no_writes(&mut world, 3);
}

/// AWS-5: EKS has no control planes in one zone of this region, and an author cannot see by its letter which one it is.
#[test]
fn a_zone_without_eks_is_told_and_another_one_takes_its_place() {
    let zones =
        json!({"network": {"zones": 3, "zoneNames": ["us-east-1a", "us-east-1b", "us-east-1e"]}});
    let mut world = changed("aws-minimal", &zones);
    rounds(&mut world, 10);
    let step = world.reconcile().unwrap();
    let waiting = step.waiting("cluster").unwrap();
    let reason = waiting["reason"].as_str().unwrap();
    assert!(
        reason.contains("UnsupportedAvailabilityZoneException"),
        "{reason}"
    );
    let fix = waiting["fix"].as_str().unwrap();
    assert!(fix.contains("spec.network.zoneNames"), "{fix}");
    let zones = json!({"network": {"zoneNames": ["us-east-1a", "us-east-1b", "use1-az4"]}});
    world.edit(&zones);
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    assert_eq!(stuck(&world), [""; 0]);
    assert_no_writes(&mut world, 3);
}

/// AWS-15: nodes without a way out never join, and EKS tries none again.
#[test]
fn a_cluster_that_begins_without_nat_has_no_nodes_until_it_has_a_way_out() {
    let mut world = changed("aws-minimal", &json!({"network": {"nat": "none"}}));
    let steps = settle(&mut world);
    assert!(!steps.last().unwrap().is_ready());
    let before = count(&world);
    world.edit(&json!({"network": {"nat": "single"}}));
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    let made = writes(&world, before);
    assert!(
        made.iter()
            .any(|call| call.starts_with("eks.CreateNodegroup")),
        "{made:?}"
    );
    world.edit(&json!({"network": {"nat": "none"}}));
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    assert_eq!(stuck(&world), [""; 0]);
    assert_no_writes(&mut world, 3);
}

/// A key of somebody else encrypts, and no key is made.
#[test]
fn a_cluster_with_a_key_of_its_author_makes_none() {
    let mut world = world("aws-minimal", ScopeArg::Claims);
    let key = world.clouds().cloud.add_key("us-east-1").unwrap();
    world.edit(&json!({"encryption": {"keyId": key}}));
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    let calls = writes(&world, 0);
    assert!(
        !calls.iter().any(|call| call.starts_with("kms.")),
        "{calls:?}"
    );
    let cluster = &world.observed()["cluster"];
    let has = cluster.pointer("/status/atProvider/encryptionConfig/provider/keyArn");
    assert_eq!(has, Some(&json!(key)));
    assert_no_writes(&mut world, 3);
    super::deletion::goes_but(
        &mut world,
        &[format!("key {}", key.rsplit('/').next().unwrap())],
    );
}

/// Terraform reads no status of add-ons (internal/service/eks/addon.go), so no provider has one to report.
#[test]
fn an_add_on_that_becomes_unhealthy_is_not_seen() {
    let mut world = world("aws-minimal", ScopeArg::Claims);
    settle(&mut world);
    let switches = Switches {
        degraded_addon: "coredns",
        ..Switches::default()
    };
    world.clouds().cloud.set(&switches).unwrap();
    assert_no_writes(&mut world, 3);
    let addon = &world.observed()["addons-dns"];
    assert_eq!(addon["status"]["atProvider"]["addonName"], "coredns");
    assert_eq!(addon.pointer("/status/atProvider/status"), None);
    assert!(settle(&mut world).last().unwrap().is_ready());
}

#[test]
fn throttling_only_delays() {
    let mut world = world("aws-minimal", ScopeArg::Claims);
    let switches = Switches {
        throttle: "^(eks|ec2|iam|kms|logs)\\.(Create|Describe|Get|Attach|Tag)",
        ..Switches::default()
    };
    world.clouds().cloud.set(&switches).unwrap();
    settle(&mut world);
    assert_eq!(stuck(&world), [""; 0]);
    assert_no_writes(&mut world, 3);
}
