//! From nothing to Ready in the function's own order, and then no write.

use manifests::ScopeArg;

use super::support::{assert_no_writes, examples, settle, world};

/// Crossplane polls every minute, and a provider every ten: so many polls are an hour.
const POLLS: usize = 6;

fn becomes_ready(example: &str, scope: ScopeArg) {
    let mut world = world(example, scope);
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    assert!(
        last.is_ready(),
        "{example} waits for {:#}",
        last.status()["waitingFor"]
    );
    assert_eq!(world.stuck(), [""; 0], "{example}");
    println!("{example}: ready after {} reconciles", steps.len());
    assert_no_writes(&mut world, POLLS);
}

fn all_become_ready(scope: ScopeArg) {
    std::thread::scope(|threads| {
        for example in examples() {
            threads.spawn(move || becomes_ready(&example, scope));
        }
    });
}

#[test]
fn every_example_becomes_ready_as_a_claim_and_is_written_to_no_more() {
    all_become_ready(ScopeArg::Claims);
}

#[test]
fn every_example_becomes_ready_in_the_cluster_scope_and_is_written_to_no_more() {
    all_become_ready(ScopeArg::Cluster);
}

#[test]
fn every_example_becomes_ready_in_a_namespace_and_is_written_to_no_more() {
    all_become_ready(ScopeArg::Namespaced);
}
