//! Some node pool takes system Pods at every moment.

use cloudsim::world;
use serde_json::json;

use super::{
    STANDARD, assert_healthy,
    succession::{keys, resize},
};
use crate::support::cases::run;

#[test]
fn the_last_pool_for_system_pods_stays_until_another_one_is_ready() {
    let gpu = json!({"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8,
        "capacity": "spot"});
    let tainted = json!({"name": "general", "size": "medium", "min": 2, "max": 10,
        "taints": [{"key": "dedicated", "value": "x", "effect": "NoSchedule"}]});
    let renamed = json!({"name": "workers", "size": "medium", "min": 2, "max": 10});
    for name in STANDARD {
        for (reason, pools) in [
            ("renamed", json!([renamed, gpu])),
            ("tainted beside a new one", json!([tainted, renamed, gpu])),
        ] {
            let mut world = run(name).world.clone();
            let old = keys(&world, "general").pop().unwrap();
            let template = "nodes-template-general";
            let spec = |world: &world::World| world.observed()[&old]["spec"]["forProvider"].clone();
            let before = spec(&world);
            world.edit(&json!({"nodePools": pools}));
            let mut beside = 0;
            let steps = world.settle_watched(|world, step| {
                let workers = keys(world, "workers");
                if workers.iter().any(|key| step.ready().contains(key)) {
                    return;
                }
                beside += 1;
                assert_eq!(spec(world), before, "{name}: {reason}");
                let templates = step.desired().contains_key(template);
                assert_eq!(templates, name.starts_with("aws"), "{name}: {reason}");
            });
            assert!(
                beside > 2,
                "{name}: {reason}: the new pool was ready at once"
            );
            assert_healthy(name, &world, &steps);
            let stays = reason != "renamed";
            assert_eq!(
                world.observed().contains_key(&old),
                stays,
                "{name}: {reason}"
            );
            if stays {
                assert_ne!(spec(&world), before, "{name}: the taint never arrives");
            }
        }
    }
}

#[test]
fn a_removed_pool_goes_at_once_where_another_one_takes_system_pods() {
    for name in STANDARD {
        let mut world = run(name).world.clone();
        world.edit(&json!({"nodePools": [
            {"name": "general", "size": "medium", "min": 2, "max": 10},
            {"name": "more", "size": "medium", "min": 2, "max": 10},
        ]}));
        world.settle();
        let more = keys(&world, "more").pop().unwrap();
        world.edit(&json!({"nodePools": [
            {"name": "general", "size": "medium", "min": 2, "max": 10},
        ]}));
        assert!(world.reconcile().deleted.contains(&more), "{name}");
    }
}

/// The autoscaler takes the last node of a pool whose `min` is 0.
#[test]
fn a_pool_without_a_node_takes_no_system_pods() {
    let spare = json!({"name": "spare", "size": "medium", "min": 0, "max": 3});
    let general = json!({"name": "general", "size": "medium", "min": 2, "max": 10});
    // Another name and other taints: nothing takes over from the general pool.
    let workers = json!({"name": "workers", "size": "medium", "min": 2, "max": 10,
        "taints": [{"key": "last", "value": "x", "effect": "PreferNoSchedule"}]});
    let tainted = json!({"name": "general", "size": "medium", "min": 2, "max": 10,
        "taints": [{"key": "dedicated", "value": "x", "effect": "NoSchedule"}]});
    for name in STANDARD {
        for pools in [json!([workers, spare]), json!([tainted, workers, spare])] {
            let mut world = run(name).world.clone();
            world.edit(&json!({"nodePools": [general, spare]}));
            world.settle();
            let old = keys(&world, "general").pop().unwrap();
            let empty = keys(&world, "spare").pop().unwrap();
            resize(&mut world, &empty, 0);
            world.settle();
            let before = world.observed()[&old]["spec"]["forProvider"].clone();
            world.break_clouds(&[("create-fails", "NodeGroup NodePool")]);
            world.edit(&json!({"nodePools": pools}));
            for _ in 0..4 {
                let step = world.reconcile();
                let waiting = step.waiting(&old).unwrap();
                let expected = "none in the spec is ready and has nodes yet";
                assert_eq!(waiting["reason"], expected, "{name}: {pools}");
                world.tick();
            }
            assert_eq!(
                world.observed()[&old]["spec"]["forProvider"],
                before,
                "{name}"
            );
            // Its Pods wait for a node, so the autoscaler adds some.
            resize(&mut world, &empty, 3);
            world.tick();
            let step = world.reconcile();
            assert_eq!(step.waiting(&old), None, "{name}: {pools}");
            world.break_clouds(&[]);
            let steps = world.settle();
            assert_healthy(name, &world, &steps);
            let kept = world
                .observed()
                .get(&old)
                .map(|it| it["spec"]["forProvider"].clone());
            assert_ne!(kept.as_ref(), Some(&before), "{name}: {pools}");
        }
    }
}

/// Crossplane would make it anew, beside the pool that takes its place.
#[test]
fn a_last_pool_that_is_being_deleted_is_not_made_again() {
    for name in STANDARD {
        let mut world = run(name).world.clone();
        let old = keys(&world, "general").pop().unwrap();
        let gpu = json!({"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8,
            "capacity": "spot"});
        world.edit(&json!({"nodePools": [
            {"name": "workers", "size": "medium", "min": 2, "max": 10}, gpu,
        ]}));
        assert!(world.reconcile().desired().contains_key(&old), "{name}");
        world.object_mut(&old)["metadata"]["deletionTimestamp"] = json!("2026-11-28T00:00:00Z");
        assert!(!world.reconcile().desired().contains_key(&old), "{name}");
    }
}
