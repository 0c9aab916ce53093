//! TEN-2: the platform decides which clusters serve, and no author does.

use serde_json::{Value, json};

use super::{RECORD, TRAFFIC, assert_healthy, pair, serving, weight};
use crate::support::{
    cases::{Case, SCOPES},
    simulator::World,
};

/// The objects that have to do with callers.
fn of_traffic(world: &World) -> Vec<String> {
    let keys = world.observed().into_keys();
    keys.filter(|key| key.starts_with("traffic-")).collect()
}

fn members(namespace: &str, environment: &str) -> Value {
    json!({"traffic": {"namespaces": [namespace], "environments": [environment]}})
}

#[test]
fn a_cluster_that_the_platform_does_not_name_gets_no_callers_whatever_its_author_writes() {
    for name in TRAFFIC {
        for (input, edit, reason) in [
            (
                members("ml-platform", "staging"),
                json!({}),
                "another environment",
            ),
            (members("team-b", "prod"), json!({}), "another namespace"),
            (
                members("ml-platform", "prod"),
                json!({"environment": "staging"}),
                "staging",
            ),
            (
                members("team-b", "prod"),
                json!({"traffic": {"state": "active", "weight": 255},
                       "argocd": {"labels": {"serves": "inference"}}}),
                "an author who insists",
            ),
        ] {
            let mut world = Case::new(name).world();
            world.edit_input(&input);
            world.edit(&edit);
            // Its workload is another matter.
            world.edit(&json!({"argocd": {"labels": {"workload": null}}}));
            let steps = world.settle();
            assert_healthy(name, &world, &steps);
            assert_eq!(of_traffic(&world), [""; 0], "{name}: {reason}");
            let step = steps.last().unwrap();
            let told = serving(step);
            assert!(
                told.starts_with("Unknown NotWanted: the service is not for"),
                "{told}"
            );
            assert_eq!(step.status()["traffic"]["host"], Value::Null);
        }
    }
}

#[test]
fn a_cluster_without_a_namespace_serves_by_its_environment() {
    let (cluster, _) = SCOPES[1];
    for (environment, serves) in [("prod", true), ("staging", false)] {
        let mut world = Case::new("aws-traffic").world_in(cluster);
        world.edit_input(&members("team-b", environment));
        world.settle();
        assert_eq!(
            world.observed().contains_key(RECORD),
            serves,
            "{environment}"
        );
    }
}

#[test]
fn a_cluster_that_served_is_drained_when_another_one_serves() {
    for name in TRAFFIC {
        let mut world = pair(name, "claims");
        let share = weight(&world.reconcile().desired()).clone();
        world.edit_input(&members("ml-platform", "staging"));
        let steps = world.settle();
        let step = steps.last().unwrap();
        assert_eq!(
            (step.fatal(), weight(&step.desired())),
            (None, &json!(0)),
            "{name}"
        );
        assert!(
            serving(step).starts_with("False Drained"),
            "{}",
            serving(step)
        );
        // Nothing of it goes, and the platform's word brings it back.
        let before = of_traffic(&world);
        world.edit_input(&members("ml-platform", "prod"));
        let steps = world.settle();
        assert_eq!(of_traffic(&world), before);
        assert_eq!(weight(&steps.last().unwrap().desired()), &share, "{name}");
    }
}

#[test]
fn the_last_cluster_that_serves_goes_on_though_the_platform_does_not_name_it() {
    for name in TRAFFIC {
        let mut world = pair(name, "claims");
        let share = weight(&world.reconcile().desired()).clone();
        world.others = Some(Vec::new());
        world.edit_input(&members("ml-platform", "staging"));
        let steps = world.settle();
        let step = steps.last().unwrap();
        assert_eq!(
            (step.fatal(), weight(&step.desired())),
            (None, &share),
            "{name}"
        );
        let told = serving(step);
        assert!(told.contains("no other one is known to serve"), "{told}");
    }
}
