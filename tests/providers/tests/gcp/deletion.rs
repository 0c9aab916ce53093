//! Whole clusters are deleted, and nothing stays but what Google keeps.

use manifests::ScopeArg;
use serde_json::json;

use super::support::{left, settle, world};

/// No cluster takes so many.
const ROUNDS: usize = 80;

fn goes(example: &str, scope: ScopeArg) {
    let mut world = world(example, scope);
    settle(&mut world);
    world.edit(&json!({"deletionProtection": false}));
    settle(&mut world);
    let rounds = world.tear_down(ROUNDS);
    assert!(
        rounds.is_some(),
        "{example}: {:?} are left\n{}",
        world.observed().keys().collect::<Vec<_>>(),
        world.stuck().join("\n"),
    );
    println!("{example}: gone after {rounds:?} rounds");
    assert_eq!(left(&world), [""; 0], "{example}");
}

#[test]
fn a_standard_cluster_is_deleted_whole() {
    goes("gcp-standard", ScopeArg::Claims);
}

#[test]
fn an_autopilot_cluster_is_deleted_whole() {
    goes("gcp-autopilot", ScopeArg::Namespaced);
}
