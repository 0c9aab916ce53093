//! Providers that start anew.

use manifests::ScopeArg;

use super::support::{assert_no_writes, calls, rounds, settle, world};

#[test]
fn a_provider_that_restarts_at_rest_makes_and_writes_nothing() {
    let mut world = world("gcp-standard", ScopeArg::Claims);
    settle(&mut world);
    world.clouds_mut().restart().unwrap();
    assert_no_writes(&mut world, 3);
}

#[test]
fn a_provider_that_dies_in_the_middle_of_every_creation_makes_nothing_twice() {
    let mut world = world("gcp-standard", ScopeArg::Claims);
    // Each round begins operations and kills the provider while they run.
    world.clouds_mut().waits = false;
    for _ in 0..12 {
        rounds(&mut world, 1);
        world.clouds_mut().restart().unwrap();
    }
    world.clouds_mut().waits = true;
    settle(&mut world);
    assert_no_writes(&mut world, 3);
    let calls = calls(&world, 0);
    let twice = calls.iter().filter(|call| call.starts_with("409"));
    assert_eq!(twice.collect::<Vec<_>>(), [""; 0]);
}
