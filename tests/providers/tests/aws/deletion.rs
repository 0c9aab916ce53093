//! Whole clusters are deleted, and nothing stays but what is kept.

use manifests::ScopeArg;
use serde_json::json;

use super::support::{Aws, settle, stuck, world};

/// No cluster takes so many.
const ROUNDS: usize = 120;

/// Protection off, the composite deleted: nothing is left in the cloud but the control plane's logs, which are kept
/// (docs/decisions.md), and what the test names.
pub(crate) fn goes_but(world: &mut Aws, kept: &[String]) {
    world.edit(&json!({"deletionProtection": false}));
    settle(world);
    let cluster = world.observed()["cluster"]["status"]["atProvider"]["id"].clone();
    let gone = world.tear_down(ROUNDS);
    let objects: Vec<_> = world.observed().into_keys().collect();
    assert!(gone.is_some(), "{objects:?} stay: {:#?}", stuck(world));
    println!("gone after {gone:?} rounds");
    let logs = format!("log group /aws/eks/{}/cluster", cluster.as_str().unwrap());
    let kept: Vec<_> = kept.iter().cloned().chain([logs]).collect();
    assert_eq!(world.clouds().cloud.left().unwrap(), kept);
}

fn made_and_gone(example: &str, scope: ScopeArg) {
    let mut world = world(example, scope);
    settle(&mut world);
    goes_but(&mut world, &[]);
}

#[test]
fn a_cluster_with_node_groups_is_deleted_whole() {
    made_and_gone("aws-standard", ScopeArg::Claims);
}

#[test]
fn an_auto_mode_cluster_is_deleted_whole() {
    made_and_gone("aws-auto", ScopeArg::Namespaced);
}

#[test]
fn a_cluster_with_traffic_is_deleted_whole() {
    made_and_gone("aws-traffic", ScopeArg::Cluster);
}
