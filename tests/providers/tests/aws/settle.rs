//! From nothing to Ready, and then no write.

use manifests::ScopeArg;

use super::support::{examples, rests, settle, stuck, world};

/// Of the examples on Google Cloud, the one whose DNS is in AWS: what is Google's is simulated here.
const OTHERS: [&str; 1] = ["gcp-traffic"];

#[test]
fn the_examples_are_these() {
    let driven = ["aws-auto", "aws-minimal", "aws-standard", "aws-traffic"];
    assert_eq!(examples(), driven);
}

#[test]
fn auto_becomes_ready_and_is_written_to_no_more() {
    becomes_ready("aws-auto", ScopeArg::Claims);
}

#[test]
fn minimal_becomes_ready_and_is_written_to_no_more() {
    becomes_ready("aws-minimal", ScopeArg::Claims);
}

#[test]
fn standard_becomes_ready_and_is_written_to_no_more() {
    becomes_ready("aws-standard", ScopeArg::Claims);
}

#[test]
fn traffic_becomes_ready_and_is_written_to_no_more() {
    becomes_ready("aws-traffic", ScopeArg::Claims);
}

#[test]
fn traffic_of_the_other_cloud_becomes_ready_and_is_written_to_no_more() {
    becomes_ready(OTHERS[0], ScopeArg::Claims);
}

#[test]
fn a_composite_of_the_cluster_scope_becomes_ready_and_is_written_to_no_more() {
    becomes_ready("aws-traffic", ScopeArg::Cluster);
}

#[test]
fn a_namespaced_composite_becomes_ready_and_is_written_to_no_more() {
    becomes_ready("aws-standard", ScopeArg::Namespaced);
}

fn becomes_ready(example: &str, scope: ScopeArg) {
    let started = std::time::Instant::now();
    let mut world = world(example, scope);
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    // An example without the platform's facts waits for these alone.
    assert_eq!(stuck(&world), [""; 0], "{example}");
    println!(
        "{example}: {} rounds in {:?}, ready {}, waits for {}",
        steps.len(),
        started.elapsed(),
        last.is_ready(),
        last.status()["waitingFor"]
    );
    rests(&mut world, 6);
}
