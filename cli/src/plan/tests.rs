//! What a plan reaches, beside the simulator's own runs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cloudsim::world::World;
use manifests::{input_of, load};
use test_support::{examples, files::repository};
use xcluster::{compose::compose, wire::structpb::to_struct};

use super::settle::make;

/// At the simulator's own pace a tick is a tick, clouds refuse what comes too early, and ids are the same.
#[test]
fn a_plan_reaches_what_a_run_of_the_simulator_reaches() {
    for name in examples::names() {
        let composition = repository("examples").join(&name).join("composition.yaml");
        let input = input_of(&load(&composition).unwrap(), &composition).unwrap();
        let composite = examples::composite(&name);

        let mut world = World::new(composite.clone(), input.clone(), compose);
        let steps = world.settle().unwrap();
        assert!(steps.last().unwrap().is_ready(), "{name}");

        let composite = to_struct(&composite).unwrap();
        let planned = make(&composite, input.as_ref(), None).unwrap().objects();
        let keys: Vec<_> = planned.keys().collect();
        let observed = world.observed();
        assert_eq!(keys, observed.keys().collect::<Vec<_>>(), "{name}");
        for (key, mut object) in observed {
            object.as_object_mut().unwrap().remove("status");
            assert_eq!(planned[&key], object, "{name}: {key}");
        }
    }
}
