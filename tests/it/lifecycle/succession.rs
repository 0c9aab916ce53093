//! Capacity is never taken before something else has it.

use cloudsim::world;
use serde_json::{Value, json};

use super::{STANDARD, assert_healthy, deleted};
use crate::support::{
    cases::run,
    simulator::{Fault, Step, World},
};

/// The examples' pools, with these two sizes.
pub(super) fn pools(general: &str, gpu: &str) -> Value {
    json!({"nodePools": [
        {"name": "general", "size": general, "min": 2, "max": 10},
        {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "size": gpu, "min": 0, "max": 8,
         "capacity": "spot"},
    ]})
}

/// A settled cluster whose pools have grown to nine general and six GPU nodes.
pub(super) fn grown(name: &str) -> World {
    let mut world = run(name).world.clone();
    world.edit(&pools("medium", "large"));
    world.settle();
    for (pool, nodes) in [("general", 9), ("gpu", 6)] {
        let key = keys(&world, pool).pop().unwrap();
        resize(&mut world, &key, nodes);
    }
    world.settle();
    for (pool, nodes) in [("general", 9), ("gpu", 6)] {
        assert_eq!(nodes_of(&world, pool), nodes, "{name}: {pool}");
    }
    world
}

/// What an autoscaler does: EKS counts nodes, GKE those of each of three zones.
pub(super) fn resize(world: &mut World, key: &str, nodes: u64) {
    let cloud = world.cloud_mut(key);
    if cloud.get("scalingConfig").is_some() {
        cloud["scalingConfig"]["desiredSize"] = nodes.into();
    } else {
        cloud["nodeCount"] = (nodes / 3).into();
    }
}

/// The keys of the pools of a name that nobody has deleted.
pub(super) fn keys(world: &world::World, pool: &str) -> Vec<String> {
    let prefix = format!("nodes-pool-{pool}-");
    let objects = world.observed().into_iter();
    let stay = objects.filter(|(_, object)| object["metadata"]["deletionTimestamp"].is_null());
    let keys = stay.map(|(key, _)| key);
    keys.filter(|key| key.starts_with(&prefix)).collect()
}

/// The nodes of a pool and of those that it replaces, as the cloud reports them.
pub(super) fn nodes_of(world: &world::World, pool: &str) -> u64 {
    let observed = world.observed();
    let nodes = keys(world, pool).into_iter().map(|key| {
        let at = &observed[&key]["status"]["atProvider"];
        size(at, "nodeCount").unwrap_or(0)
    });
    nodes.sum()
}

/// The nodes that an object asks for at its creation.
pub(super) fn first_nodes(object: &Value) -> Option<u64> {
    size(&object["spec"]["initProvider"], "initialNodeCount")
}

/// EKS counts nodes, GKE those of each of three zones.
fn size(part: &Value, per_zone: &str) -> Option<u64> {
    let eks = part["scalingConfig"]["desiredSize"].as_u64();
    eks.or_else(|| Some(part[per_zone].as_u64()? * 3))
}

#[test]
fn a_replaced_pool_never_has_fewer_nodes_than_before() {
    for name in STANDARD {
        let mut world = grown(name);
        let before: Vec<_> = world.observed().into_keys().collect();
        world.edit(&pools("large", "xlarge"));
        let first = |step: &Step, pool: &str| {
            let desired = step.desired();
            let prefix = format!("nodes-pool-{pool}-");
            let mut pools = desired.iter().filter(|(key, _)| key.starts_with(&prefix));
            let new = pools
                .find(|(key, _)| !before.contains(*key))
                .map(|(_, it)| it);
            new.and_then(first_nodes)
        };
        let steps = world.settle_watched(|world, step| {
            for (pool, nodes) in [("general", 9), ("gpu", 6)] {
                // What it was created with stays, too, when its predecessor is gone.
                assert!(
                    first(step, pool).is_none_or(|it| it == nodes),
                    "{name}: {pool}"
                );
            }
            assert!(nodes_of(world, "general") >= 9, "{name}");
            assert!(nodes_of(world, "gpu") >= 6, "{name}");
        });
        assert_healthy(name, &world, &steps);
        assert_eq!(deleted(&steps).len(), 2, "{name}: {:?}", deleted(&steps));
        assert_eq!(nodes_of(&world, "general"), 9, "{name}");
        assert_eq!(nodes_of(&world, "gpu"), 6, "{name}");
        // The size is the autoscaler's again.
        let last = steps.last().unwrap().desired();
        for (key, object) in last
            .iter()
            .filter(|(key, _)| key.starts_with("nodes-pool-"))
        {
            let sent = &object["spec"]["forProvider"];
            let size = (sent.get("scalingConfig"), sent.get("nodeCount"));
            assert_eq!(size, (None, None), "{name}: {key}");
        }
        assert_eq!(last, world.reconcile().desired(), "{name}");
    }
}

#[test]
fn a_successor_stays_within_its_own_bounds() {
    for name in STANDARD {
        let mut world = grown(name);
        world.edit(&json!({"nodePools": [
            {"name": "general", "size": "large", "min": 2, "max": 6},
            {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "size": "xlarge", "min": 0,
             "max": 3, "capacity": "spot"},
        ]}));
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        assert_eq!(nodes_of(&world, "general"), 6, "{name}");
        assert_eq!(nodes_of(&world, "gpu"), 3, "{name}");
    }
}

#[test]
fn a_predecessor_that_grows_waits_until_its_successor_has_grown_too() {
    for name in STANDARD {
        let mut world = grown(name);
        let old = keys(&world, "general").pop().unwrap();
        let mut edit = pools("large", "large");
        edit["nodePools"][0]["max"] = json!(15);
        world.edit(&edit);
        let is_new = |key: &String| *key != old;
        let mut ready = 0;
        while ready == 0 {
            world.reconcile();
            world.tick();
            let new = keys(&world, "general").into_iter().find(is_new);
            let observed = world.observed();
            let conditions = new.map(|key| observed[&key]["status"].clone());
            ready = conditions.map_or(0, |status| {
                let active = status["atProvider"]["status"].as_str();
                let conditions = status["conditions"].as_array().cloned().unwrap_or_default();
                let holds = conditions
                    .iter()
                    .any(|c| c["type"] == "Ready" && c["status"] == "True");
                usize::from(holds && matches!(active, None | Some("ACTIVE")))
            });
        }
        // The successor has nine, and its predecessor twelve by now.
        resize(&mut world, &old, 12);
        let at = world.cloud_mut(&old).clone();
        for field in ["scalingConfig", "nodeCount"] {
            if let Some(size) = at.get(field) {
                world.object_mut(&old)["status"]["atProvider"][field] = size.clone();
            }
        }
        let mut said = Vec::new();
        let steps = world.settle_watched(|world, step| {
            said.extend(step.waiting(&old).map(|it| it["reason"].clone()));
            assert!(nodes_of(world, "general") >= 12, "{name}");
        });
        let first = said.first().expect("it waited");
        assert_eq!(first, "it has 9 of 12 nodes", "{name}: {said:?}");
        assert_eq!(deleted(&steps), [old], "{name}");
        assert_healthy(name, &world, &steps);
        assert_eq!(nodes_of(&world, "general"), 12, "{name}");
    }
}

#[test]
fn a_predecessor_whose_size_is_unknown_stays() {
    for name in STANDARD {
        let mut world = grown(name);
        let old = keys(&world, "general").pop().unwrap();
        world.edit(&pools("large", "large"));
        for fault in Fault::OBSERVED {
            let mut world = world.clone();
            world.faults = [(old.clone(), fault)].into();
            for _ in 0..12 {
                let gone = world.reconcile().deleted;
                // A size without conditions is a size.
                assert!(
                    gone.is_empty() || fault != Fault::NoStatus,
                    "{name}: {gone:?}"
                );
                assert!(
                    gone.is_empty() || nodes_of(&world, "general") == 9,
                    "{name}: {fault:?}"
                );
                world.tick();
            }
            world.faults.clear();
            let steps = world.settle_watched(|world, _| {
                assert!(nodes_of(world, "general") >= 9, "{name}: {fault:?}");
            });
            assert_healthy(name, &world, &steps);
            assert_eq!(nodes_of(&world, "general"), 9, "{name} {fault:?}");
            assert!(!world.observed().contains_key(&old), "{name} {fault:?}");
        }
    }
}

#[test]
fn a_pool_that_never_came_up_keeps_nothing_waiting() {
    for name in STANDARD {
        let mut world = run(name).world.clone();
        world.edit(&pools("medium", "large"));
        world.settle();
        world.break_clouds(&[("create-fails", "NodeGroup NodePool")]);
        world.edit(&pools("medium", "xlarge"));
        for _ in 0..4 {
            world.reconcile();
            world.tick();
        }
        assert_eq!(keys(&world, "gpu").len(), 2, "{name}");
        // Its author takes another size; what failed is given up, what works waits.
        world.break_clouds(&[]);
        world.edit(&pools("medium", "medium"));
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        assert_eq!(keys(&world, "gpu").len(), 1, "{name}");
    }
}

#[test]
fn three_sizes_in_a_row_take_no_node_before_the_last_one_has_it() {
    for name in STANDARD {
        let mut world = grown(name);
        let first = keys(&world, "general").pop().unwrap();
        world.edit(&pools("large", "large"));
        world.reconcile();
        world.tick();
        world.edit(&pools("xlarge", "large"));
        let steps = world.settle_watched(|world, _| {
            assert!(nodes_of(world, "general") >= 9, "{name}");
        });
        assert_healthy(name, &world, &steps);
        assert_eq!(keys(&world, "general").len(), 1, "{name}");
        assert!(deleted(&steps).contains(&first), "{name}");
    }
}

/// Crossplane keeps what is being deleted among the observed resources until the provider is done.
#[test]
fn a_size_that_is_taken_back_waits_for_the_pool_that_is_being_deleted() {
    for name in STANDARD {
        let mut world = grown(name);
        let old = keys(&world, "general").pop().unwrap();
        world.edit(&pools("large", "large"));
        while keys(&world, "general").len() < 2 {
            world.reconcile();
        }
        let new = keys(&world, "general").into_iter().find(|key| *key != old);
        let new = new.unwrap();
        for _ in 0..6 {
            world.tick();
        }
        // The old pool goes, is ready to the end, and is wanted again.
        world.object_mut(&old)["metadata"]["deletionTimestamp"] = json!("2026-11-28T00:00:00Z");
        world.edit(&pools("medium", "large"));
        let step = world.reconcile();
        assert!(!step.deleted.contains(&new), "{name}: {:?}", step.deleted);
        let waiting = step.waiting(&new).unwrap();
        assert_eq!(waiting["reason"], "it is being deleted", "{name}");
        // Meant the other way round, it is no predecessor that anything waits for.
        world.edit(&pools("large", "large"));
        let step = world.reconcile();
        assert!(!step.desired().contains_key(&old), "{name}");
        assert!(step.desired().contains_key(&new), "{name}");
    }
}

/// A pool that is going, or that the cloud has not made yet, has no nodes to take over.
#[test]
fn a_successor_is_sized_by_the_pools_that_have_nodes() {
    let going = |object: &mut Value| {
        object["metadata"]["deletionTimestamp"] = json!("2026-11-28T00:00:00Z");
    };
    let creating =
        |object: &mut Value| object["status"]["atProvider"]["status"] = json!("CREATING");
    for (name, without_nodes) in [
        ("aws-standard", &going as &dyn Fn(&mut Value)),
        ("gcp-standard", &going),
        ("aws-standard", &creating),
    ] {
        let mut world = grown(name);
        let old = keys(&world, "general").pop().unwrap();
        world.edit(&pools("large", "large"));
        world.reconcile();
        for _ in 0..6 {
            world.tick();
        }
        let second = keys(&world, "general").into_iter().find(|key| *key != old);
        let second = second.unwrap();
        without_nodes(world.object_mut(&second));
        let is_going = world.object_mut(&second)["metadata"]["deletionTimestamp"].is_string();
        world.edit(&pools("xlarge", "large"));
        let step = world.reconcile();
        let third = keys(&world, "general");
        let third = third.iter().find(|key| **key != old && **key != second);
        let desired = step.desired();
        let nodes = first_nodes(&desired[third.unwrap()]);
        assert_eq!(nodes, Some(9), "{name}");
        // Crossplane would make it anew if it were desired.
        assert_eq!(desired.contains_key(&second), !is_going, "{name}");
    }
}

/// GKE counts the nodes of a zone, and reports those of all zones divided by three.
#[test]
fn a_small_pool_gets_a_node_in_each_zone_until_it_has_taken_over() {
    let pools = |size: &str| {
        json!({"nodePools": [
            {"name": "general", "size": size, "min": 1, "max": 2},
        ]})
    };
    let mut world = run("gcp-standard").world.clone();
    world.edit(&pools("medium"));
    world.settle();
    let old = keys(&world, "general").pop().unwrap();
    world.cloud_mut(&old)["nodeCount"] = json!(0);
    world.settle();
    world.edit(&pools("large"));
    let mut sent = Vec::new();
    let steps = world.settle_watched(|world, step| {
        let desired = step.desired();
        for key in keys(world, "general").iter().filter(|key| **key != old) {
            let spec = &desired[key]["spec"];
            let most = spec["forProvider"]["autoscaling"]["totalMaxNodeCount"].as_u64();
            let first = spec["initProvider"]["initialNodeCount"].as_u64();
            sent.push((first.unwrap(), most.unwrap()));
        }
    });
    assert_healthy("gcp-standard", &world, &steps);
    assert_eq!(sent.first(), Some(&(1, 3)));
    assert_eq!(sent.last(), Some(&(1, 2)));
    assert_eq!(deleted(&steps), [old]);
}
