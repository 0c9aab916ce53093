//! Clusters from their creation to their last day, in a simulated control plane.

use crate::support::cases::runs;

#[test]
fn every_example_becomes_ready_in_every_scope() {
    for run in runs() {
        let last = run.last();
        assert_eq!(last.fatal(), None, "{}", run.title());
        let waiting = &last.status()["waitingFor"];
        assert!(last.is_ready(), "{} waits for {waiting:#}", run.title());
        assert_eq!(last.status()["phase"], "Ready", "{}", run.title());
    }
}
