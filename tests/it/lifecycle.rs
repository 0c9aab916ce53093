//! Clusters from their creation to their last day, in a simulated control plane.

use crate::support::cases::{Case, SCOPES};

#[test]
fn every_example_becomes_ready_in_every_scope() {
    for case in Case::all() {
        for (scope, name) in SCOPES {
            let mut world = case.world_in(scope);
            let steps = world.settle();
            let last = steps.last().unwrap();
            assert_eq!(last.fatal(), None, "{} {name}", case.name);
            assert!(
                last.is_ready(),
                "{} {name} waits for {:#}",
                case.name,
                last.status()["waitingFor"]
            );
            assert_eq!(last.status()["phase"], "Ready", "{} {name}", case.name);
        }
    }
}
