//! What fails half way is seen, and has a way out.

use manifests::ScopeArg;
use providers::amazon::Switches;
use serde_json::json;

use super::support::{rests, settle, stuck, world};

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
    let observed = world.observed();
    let mut groups = observed.iter();
    let (key, _) = groups
        .find(|(_, object)| object["kind"] == "NodeGroup")
        .unwrap();
    let waiting = last.waiting(key).unwrap().to_string();
    assert!(waiting.contains("CREATE_FAILED"), "{waiting}");
    // The advice: delete the object, and Crossplane makes it anew.
    world.clouds().cloud.set(&Switches::default()).unwrap();
    let deleted = &mut world.object_mut(key).unwrap()["metadata"]["deletionTimestamp"];
    *deleted = json!("2026-01-15T09:30:00Z");
    while world.observed().contains_key(key) {
        world.tick();
    }
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    rests(&mut world, 3);
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
    rests(&mut world, 3);
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
    rests(&mut world, 3);
}
