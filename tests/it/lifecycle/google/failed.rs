//! Node pools that GKE made without their nodes. Its provider says so for a moment alone: `tests/providers/tests/gcp/year.rs` saw it.

use serde_json::{Value, json};

use super::{super::assert_healthy, made};
use crate::{
    lifecycle::succession::keys,
    support::simulator::{Step, World},
};

const LABEL: &str = "xcluster.dev/creation-failed";

/// A pool that is replaced while GKE makes no nodes: its key, and that of its successor.
fn replaced() -> (World, String, String) {
    let mut world = made("gcp-standard", &json!({}));
    let old = keys(&world, "general").remove(0);
    let mut pools = world.composite["spec"]["nodePools"].clone();
    pools[0]["size"] = "large".into();
    world.edit(&json!({"nodePools": pools}));
    world.break_clouds(&[("create-fails-late", "NodePool")]);
    for _ in 0..20 {
        world.step();
    }
    world.break_clouds(&[]);
    let new = keys(&world, "general").into_iter().find(|key| *key != old);
    (world, old, new.unwrap())
}

fn pools_ready(step: &Step) -> Value {
    let conditions = step.conditions().into_iter();
    let mut found = conditions.filter(|condition| condition["type"] == "NodePoolsReady");
    found.next().unwrap()
}

#[test]
fn a_pool_stays_until_its_successor_has_nodes_and_not_only_says_so() {
    let (mut world, old, new) = replaced();
    let step = world.step();
    let object = &world.observed()[&new];
    let ready = object["status"]["conditions"].as_array().unwrap();
    assert!(
        ready
            .iter()
            .any(|it| it["type"] == "Ready" && it["status"] == "True")
    );
    assert_eq!(object["metadata"]["labels"][LABEL], "ERROR");
    assert!(step.desired().contains_key(&old));
    assert!(!step.is_ready());
    let told = pools_ready(&step)["message"].to_string();
    assert!(
        told.contains("GKE ended its creation in the state ERROR"),
        "{told}"
    );
    let waiting = step.waiting(&new).unwrap();
    let fix = waiting["fix"].as_str().unwrap();
    assert!(fix.contains("A GKE node pool in an error state"), "{fix}");
    // As that page says.
    world.object_mut(&new)["metadata"]["deletionTimestamp"] = json!("2026-11-28T00:00:00Z");
    let steps = world.settle();
    assert_healthy("gcp-standard", &world, &steps);
    assert_eq!(keys(&world, "general"), std::slice::from_ref(&new));
    assert_eq!(
        world.observed()[&new]["metadata"]["labels"].get(LABEL),
        None
    );
}

#[test]
fn a_pool_that_lacks_some_nodes_is_ready_and_takes_over_when_a_person_says_so() {
    let (mut world, old, new) = replaced();
    world.object_mut(&new)["metadata"]["labels"][LABEL] = "RUNNING_WITH_ERROR".into();
    let step = world.step();
    assert!(step.ready().contains(&new));
    assert!(step.desired().contains_key(&old));
    let told = step.waiting(&old).unwrap().to_string();
    assert!(
        told.contains("remove its label xcluster.dev/creation-failed"),
        "{told}"
    );
    let labels = &mut world.object_mut(&new)["metadata"]["labels"];
    labels.as_object_mut().unwrap().remove(LABEL);
    let steps = world.settle();
    assert_healthy("gcp-standard", &world, &steps);
    assert_eq!(keys(&world, "general"), [new]);
}
