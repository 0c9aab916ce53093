//! Creations that fail half way are seen, and what a person does about them helps.

use manifests::ScopeArg;

use super::support::{Gcp, assert_no_writes, rounds, settle, world};

const QUOTA: &str = "Insufficient quota to satisfy the request: SSD_TOTAL_GB";

/// Lets the creation of a cluster or a pool fail from now on.
fn fail(world: &mut Gcp, name: &str) {
    let mut state = world.clouds().cloud.state();
    state
        .container
        .faults
        .creations
        .insert(name.to_owned(), QUOTA.to_owned());
}

/// What the quota has kept away can be created.
fn raise_quota(world: &mut Gcp) {
    world
        .clouds()
        .cloud
        .state()
        .container
        .faults
        .creations
        .clear();
}

/// GCP-9: a creation that a quota ends leaves the first pool.
#[test]
fn a_cluster_that_a_quota_keeps_away_is_not_ready_and_says_what_to_do() {
    let mut world = world("gcp-standard", ScopeArg::Claims);
    fail(&mut world, "prod-asia-b6a360");
    rounds(&mut world, 24);
    let step = world.reconcile().unwrap();
    assert!(!step.is_ready());
    let waiting = step.waiting("cluster").unwrap();
    assert_eq!(waiting["for"], "the end of its creation", "{waiting:#}");
    let fix = waiting["fix"].as_str().unwrap();
    assert!(fix.contains("docs/troubleshooting.md"), "{fix}");
    // As that page says: the cluster was never made, so a person deletes it, and the provider creates it again.
    raise_quota(&mut world);
    world
        .clouds()
        .cloud
        .state()
        .container
        .remove("prod-asia-b6a360");
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
    assert_no_writes(&mut world, 2);
}

/// GCP-9: a provider that dies before it deletes the first pool never deletes it.
#[test]
fn a_first_pool_that_has_stayed_is_told_and_a_person_deletes_it() {
    let mut world = world("gcp-standard", ScopeArg::Claims);
    // Nothing ends while the provider dies.
    world.clouds_mut().waits = false;
    world.clouds().cloud.state().container.faults.frozen = true;
    while world.clouds().cloud.state().container.clusters().count() == 0 {
        rounds(&mut world, 1);
    }
    world.clouds_mut().restart().unwrap();
    world.clouds_mut().waits = true;
    world.clouds().cloud.state().container.faults.frozen = false;
    rounds(&mut world, 12);
    let step = world.reconcile().unwrap();
    assert!(!step.is_ready());
    let waiting = step.waiting("cluster").unwrap();
    let reason = "the provider was stopped before it deleted the pool default-pool";
    assert_eq!(waiting["reason"], reason, "{waiting:#}");
    let name = "prod-asia-b6a360";
    world
        .clouds()
        .cloud
        .state()
        .container
        .cluster_mut(name)
        .unwrap()
        .pools
        .clear();
    let steps = settle(&mut world);
    assert!(steps.last().unwrap().is_ready());
}
