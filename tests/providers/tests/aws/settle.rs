//! From nothing to Ready in the function's own order, and then no write, also of a provider that starts anew.

use manifests::ScopeArg;

use super::support::{HOUR, assert_no_writes, examples, settle, stuck, world};

/// Of the examples on Google Cloud, the one whose DNS is in AWS: what is Google's is simulated here.
const OTHERS: [&str; 1] = ["gcp-traffic"];

fn becomes_ready(example: &str, scope: ScopeArg) {
    let mut world = world(example, scope);
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    assert!(
        last.is_ready(),
        "{example} waits for {:#}",
        last.status()["waitingFor"]
    );
    assert_eq!(stuck(&world), [""; 0], "{example}");
    println!("{example}: ready after {} reconciles", steps.len());
    assert_no_writes(&mut world, HOUR);
    world.clouds_mut().restart().unwrap();
    assert_no_writes(&mut world, 3);
}

fn all_become_ready(scope: ScopeArg) {
    std::thread::scope(|threads| {
        for example in examples().into_iter().chain(OTHERS.map(str::to_owned)) {
            threads.spawn(move || becomes_ready(&example, scope));
        }
    });
}

#[test]
fn the_examples_are_these() {
    let driven = ["aws-auto", "aws-minimal", "aws-standard", "aws-traffic"];
    assert_eq!(examples(), driven);
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
