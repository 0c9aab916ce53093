//! Instance types of EKS: their order, and others.

use serde_json::{Value, json};

use super::{assert_healthy, deleted, older};
use crate::support::cases::run;

const NAME: &str = "aws-standard";

fn pools(capacity: &str, types: &[&str]) -> Value {
    json!({"nodePools": [
        {"name": "general", "size": "medium", "min": 2, "max": 10},
        {"name": "mix", "machineTypes": {"aws": types}, "min": 2, "max": 10, "capacity": capacity},
    ]})
}

/// EKS chooses spot nodes by price and capacity, and on-demand nodes by the order of the list.
#[test]
fn another_order_of_spot_types_is_the_same_group() {
    let (one, two) = (["m6i.xlarge", "m7i.xlarge"], ["m7i.xlarge", "m6i.xlarge"]);
    for (capacity, stays) in [("spot", true), ("onDemand", false)] {
        let mut world = older(NAME, "1.35");
        world.edit(&pools(capacity, &one));
        let before = world.settle().pop().unwrap().desired();
        world.edit(&pools(capacity, &two));
        let steps = world.settle();
        assert_healthy(NAME, &world, &steps);
        let after = steps.last().unwrap().desired();
        assert_eq!(before == after, stays, "{capacity}");
        assert_eq!(deleted(&steps).is_empty(), stays, "{capacity}");
        // The pool is the same one in all that follows: bounds, size and version.
        world.edit(&json!({"kubernetesVersion": "1.36"}));
        let steps = world.settle();
        assert_healthy(NAME, &world, &steps);
        assert!(deleted(&steps).is_empty(), "{capacity}");
        let pools = steps.last().unwrap().status()["nodePools"].clone();
        let mix = pools
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["name"] == "mix");
        assert_eq!(mix.unwrap()["version"], "1.36", "{pools:#}");
    }
}

#[test]
fn another_set_of_spot_types_takes_over_as_any_successor() {
    let one = ["m6i.xlarge", "m7i.xlarge"];
    for other in [
        &["m7i.xlarge"][..],
        &["m7i.xlarge", "m6i.xlarge", "m7a.xlarge"],
    ] {
        let mut world = run(NAME).world.clone();
        world.edit(&pools("spot", &one));
        world.settle();
        world.edit(&pools("spot", other));
        let steps = world.settle();
        assert_healthy(NAME, &world, &steps);
        assert_eq!(deleted(&steps).len(), 1, "{other:?}");
    }
}

/// In the middle of a replacement the order of a list still means nothing.
#[test]
fn a_list_that_comes_back_in_another_order_is_the_group_that_was_there() {
    let mut world = run(NAME).world.clone();
    world.edit(&pools("spot", &["m6i.xlarge", "m7i.xlarge"]));
    let before = world.settle().pop().unwrap().desired();
    world.edit(&pools("spot", &["m6a.xlarge", "m7a.xlarge"]));
    for _ in 0..3 {
        world.step();
    }
    world.edit(&pools("spot", &["m7i.xlarge", "m6i.xlarge"]));
    let steps = world.settle();
    assert_healthy(NAME, &world, &steps);
    assert_eq!(steps.last().unwrap().desired(), before);
}
