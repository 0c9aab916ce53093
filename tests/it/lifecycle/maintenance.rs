//! Images of nodes between two versions of Kubernetes, and the time for them.

use serde_json::{Value, json};

use super::{assert_healthy, edited};
use crate::support::{
    cases::run,
    simulator::{Step, World},
};

const RELEASE: &str = "releaseVersion";

/// The groups of a world, each with its image.
fn images(world: &World) -> Vec<(String, String)> {
    let groups = world.observed().into_iter();
    let groups = groups.filter(|(_, object)| object["kind"] == "NodeGroup");
    groups
        .map(|(key, group)| {
            let release = group["status"]["atProvider"][RELEASE].as_str();
            (key, release.unwrap_or_default().to_owned())
        })
        .collect()
}

/// The groups that an answer asks for an image.
fn asked(step: &Step) -> Vec<String> {
    let groups = step.desired().into_iter();
    groups
        .filter(|(_, group)| group["spec"]["forProvider"][RELEASE].is_string())
        .map(|(key, _)| key)
        .collect()
}

fn upgraded(step: &Step) -> Value {
    let conditions = step.conditions();
    let found = conditions.iter().find(|c| c["type"] == "Upgraded");
    found.unwrap().clone()
}

#[test]
fn pools_get_a_new_image_one_after_the_other_and_are_left_alone_afterwards() {
    let mut world = run("aws-standard").world.clone();
    let old = images(&world);
    assert!(old.len() > 1, "{old:?}");
    let release = "1.36.2-20261115";
    world.edit_input(&json!({"nodeImages": [{"release": release}]}));
    let mut order = Vec::new();
    let steps = world.settle_watched(|_, step| {
        let now = asked(step);
        assert!(now.len() <= 1, "{now:?} at once");
        order.extend(now);
    });
    order.dedup();
    assert_eq!(order.len(), old.len(), "{order:?}");
    assert!(order[0].starts_with("nodes-pool-general-"), "{order:?}");
    assert_eq!(upgraded(&steps[0])["reason"], "NodeImagesBehind");
    assert_healthy("aws-standard", &world, &steps);
    let last = steps.last().unwrap();
    assert_eq!(asked(last), [""; 0]);
    for (key, image) in images(&world) {
        assert_eq!(image, release, "{key}");
    }
    for pool in last.status()["nodePools"].as_array().unwrap() {
        assert_eq!(pool["release"], release);
    }
}

#[test]
fn an_environment_gets_an_image_first_and_nobody_gets_an_older_one() {
    let for_environment = |environment: &str| {
        let rows = json!([
            {"release": "1.36.1-20260901"},
            {"release": "1.36.3-20261201", "environments": [environment]},
            {"release": "1.35.9-20261201"},
        ]);
        let mut world = run("aws-standard").world.clone();
        world.edit_input(&json!({"nodeImages": rows}));
        !asked(&world.reconcile()).is_empty()
    };
    let environment = run("aws-standard").case.composite["spec"]["environment"].clone();
    assert!(for_environment(environment.as_str().unwrap()));
    assert!(!for_environment("elsewhere"));
    let mut world = run("aws-standard").world.clone();
    world.edit_input(&json!({"nodeImages": [{"release": "1.36.0-20260101"}]}));
    assert_eq!(asked(&world.reconcile()), [""; 0]);
}

#[test]
fn a_paused_cluster_keeps_its_images() {
    let mut world = run("aws-standard").world.clone();
    world.edit_input(&json!({"nodeImages": [{"release": "1.36.2-20261115"}]}));
    world.edit(&json!({"upgrade": {"paused": true}}));
    let step = world.reconcile();
    assert_eq!(asked(&step), [""; 0]);
    assert_eq!(upgraded(&step)["reason"], "Paused");
}

/// A lost status takes back no image that was sent, and asks for none.
#[test]
fn the_image_that_was_sent_stays_while_nothing_is_reported() {
    let mut world = run("aws-standard").world.clone();
    world.edit_input(&json!({"nodeImages": [{"release": "1.36.2-20261115"}]}));
    let sent = asked(&world.reconcile());
    assert_eq!(sent.len(), 1);
    for (key, _) in images(&world) {
        world
            .faults
            .insert(key, crate::support::simulator::Fault::NoStatus);
    }
    assert_eq!(asked(&world.reconcile()), sent);
}

#[test]
fn gke_gets_the_window_and_the_exclusions_and_loses_them_with_the_spec() {
    let policy = |maintenance: &Value| {
        let (_, steps) = edited("gcp-standard", &json!({"maintenance": maintenance}));
        let cluster = &steps.last().unwrap().desired()["cluster"];
        cluster["spec"]["forProvider"]["maintenancePolicy"].clone()
    };
    let weekend = json!({
        "window": {"days": ["sunday", "saturday"], "startTime": "22:30", "hours": 6},
        "exclusions": [{"name": "sale", "startTime": "2026-11-20T00:00:00Z", "endTime": "2026-12-01T00:00:00Z",
                        "scope": "minorUpgrades"}],
    });
    assert_eq!(
        policy(&weekend),
        json!({
            "recurringWindow": {
                "startTime": "2026-01-05T22:30:00Z",
                "endTime": "2026-01-06T04:30:00Z",
                "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
            },
            "maintenanceExclusion": [{
                "exclusionName": "sale",
                "startTime": "2026-11-20T00:00:00Z",
                "endTime": "2026-12-01T00:00:00Z",
                "exclusionOptions": {"scope": "NO_MINOR_UPGRADES"},
            }],
        })
    );
    let daily = policy(&json!({"window": {"startTime": "02:00", "hours": 4}}));
    assert_eq!(daily["recurringWindow"]["recurrence"], "FREQ=DAILY");
    assert_eq!(daily["recurringWindow"]["endTime"], "2026-01-05T06:00:00Z");
    assert_eq!(policy(&json!({})), Value::Null);
}

#[test]
fn eks_says_that_it_has_no_windows() {
    let (_, steps) = edited(
        "aws-standard",
        &json!({"maintenance": {"window": {"startTime": "02:00"}}}),
    );
    let notes = steps.last().unwrap().status()["parity"].clone();
    let mut notes = notes.as_array().unwrap().iter();
    assert!(notes.any(|note| note["field"] == "spec.maintenance"));
}
