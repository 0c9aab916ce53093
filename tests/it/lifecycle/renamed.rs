//! Pools that get another name.

use cloudsim::world;
use serde_json::{Value, json};

use super::{
    STANDARD, assert_healthy, deleted,
    succession::{first_nodes, grown, keys, nodes_of, pools},
};
use crate::support::simulator::World;

/// The pools of a grown cluster, one of them with other values.
fn changed(pool: usize, change: &Value) -> Value {
    let mut edit = pools("medium", "large");
    cloudsim::apply::merge_patch(&mut edit["nodePools"][pool], change);
    edit
}

/// The nodes of pools of these names.
fn nodes(world: &world::World, names: [&str; 2]) -> u64 {
    names.iter().map(|name| nodes_of(world, name)).sum()
}

/// The first nodes of the only object of a pool.
fn first(world: &World, pool: &str) -> Option<u64> {
    let key = keys(world, pool).pop().unwrap();
    first_nodes(&world.observed()[&key])
}

#[test]
fn a_renamed_pool_keeps_its_nodes_until_the_new_one_has_as_many() {
    let taint = json!({"key": "dedicated", "value": "x", "effect": "NoSchedule"});
    let rows = [
        (0, "general", 9, json!({"name": "workers"}), "another name"),
        (
            0,
            "general",
            9,
            json!({"name": "workers", "size": "large"}),
            "larger, too",
        ),
        (1, "gpu", 6, json!({"name": "inference"}), "GPUs"),
    ];
    for name in STANDARD {
        for (pool, old, size, change, reason) in &rows {
            let mut world = grown(name);
            let key = keys(&world, old).pop().unwrap();
            let new = change["name"].as_str().unwrap();
            world.edit(&changed(*pool, change));
            let steps = world.settle_watched(|world, _| {
                let has = nodes(world, [old, new]);
                assert!(has >= *size, "{name}: {reason}: {has}");
            });
            assert_healthy(name, &world, &steps);
            assert_eq!(nodes_of(&world, new), *size, "{name}: {reason}");
            assert!(deleted(&steps).contains(&key), "{name}: {reason}");
            // The label goes with the last predecessor.
            let object = &world.observed()[&keys(&world, new)[0]];
            let labels = object["metadata"]["labels"].to_string();
            assert!(!labels.contains("replaces"), "{name}: {labels}");
        }
        // Pods that tolerate no taint cannot move there, and other GPUs are another purchase.
        for (pool, old, change) in [
            (0, "general", json!({"name": "workers", "taints": [taint]})),
            (
                1,
                "gpu",
                json!({"name": "h100", "gpu": {"type": "nvidia-h100-80gb", "count": 8}, "size": null,
                       "zones": if name.starts_with("gcp") { json!(["asia-east1-c"]) } else { json!([]) }}),
            ),
        ] {
            let mut world = grown(name);
            let mut edit = changed(pool, &change);
            let own =
                json!({"name": "own", "size": "medium", "min": 2, "max": 10, "labels": {"a": "b"}});
            edit["nodePools"].as_array_mut().unwrap().push(own);
            world.edit(&edit);
            let steps = world.settle();
            assert_healthy(name, &world, &steps);
            let new = change["name"].as_str().unwrap();
            assert_eq!(
                first(&world, new),
                Some(if pool == 0 {
                    2 + u64::from(name.starts_with("gcp"))
                } else {
                    0
                }),
                "{name}: {old}"
            );
        }
    }
}

#[test]
fn several_pools_of_other_names_are_taken_over_together() {
    for name in STANDARD {
        let mut world = grown(name);
        let mut edit = pools("medium", "large");
        let more = json!({"name": "more", "size": "medium", "min": 3, "max": 6});
        edit["nodePools"].as_array_mut().unwrap().push(more);
        world.edit(&edit);
        world.settle();
        world.edit(&changed(0, &json!({"name": "workers", "max": 20})));
        let steps = world.settle_watched(|world, _| {
            let has = nodes(world, ["general", "workers"]) + nodes_of(world, "more");
            assert!(has >= 12, "{name}: {has}");
        });
        assert_healthy(name, &world, &steps);
        assert_eq!(nodes_of(&world, "workers"), 12, "{name}");
    }
}

#[test]
fn a_new_name_that_is_taken_back_or_changed_again_takes_no_node() {
    for name in STANDARD {
        for last in ["general", "third"] {
            let mut world = grown(name);
            world.edit(&changed(0, &json!({"name": "workers"})));
            for _ in 0..3 {
                world.step();
            }
            world.edit(&changed(0, &json!({"name": last})));
            let steps = world.settle_watched(|world, _| {
                let has = nodes(world, ["general", "workers"]) + nodes_of(world, "third");
                assert!(has >= 9, "{name}: {last}: {has}");
            });
            assert_healthy(name, &world, &steps);
            // One that came up on the way counts, too, up to the maximum in whole zones.
            assert!((9..=12).contains(&nodes_of(&world, last)), "{name}: {last}");
            assert!(keys(&world, "workers").is_empty(), "{name}: {last}");
        }
    }
}

/// A pool that was there before is nobody's successor.
#[test]
fn a_pool_that_goes_beside_an_equal_one_goes_at_once() {
    for name in STANDARD {
        let mut world = grown(name);
        let mut edit = pools("medium", "large");
        let more = json!({"name": "more", "size": "medium", "min": 2, "max": 10});
        edit["nodePools"].as_array_mut().unwrap().push(more);
        world.edit(&edit);
        world.settle();
        let old = keys(&world, "general").pop().unwrap();
        edit["nodePools"].as_array_mut().unwrap().remove(0);
        world.edit(&edit);
        assert!(world.reconcile().deleted.contains(&old), "{name}");
    }
}
