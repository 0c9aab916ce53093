//! Room on a target: what an autoscaler can add, and what is there where nothing adds nodes.

use failover::{
    capacity::{Room, room},
    cluster::Cluster,
};
use serde_json::{Value, json};

use crate::world::spec;

#[test]
fn room_is_what_the_target_can_add() {
    let pools = |pools, mode| with_pools("gcp", mode, 100, &pools);
    // No size is medium.
    let source = pools(
        json!([{"name": "a", "size": "small", "min": 2, "max": 9}, {"name": "b", "min": 2, "max": 9}, gpus(2, 1, 4)]),
        "standard",
    );
    // 12 vCPU and 2 GPUs are needed.
    let rows = [
        (
            json!([{"name": "b", "size": "large", "min": 1, "max": 3}, gpus(1, 0, 2)]),
            true,
        ),
        (
            json!([{"name": "b", "size": "large", "min": 2, "max": 3}, gpus(1, 0, 2)]),
            false,
        ),
        (
            json!([{"name": "b", "size": "large", "min": 1, "max": 3}]),
            false,
        ),
    ];
    for (target, enough) in rows {
        let found = room(&source, &pools(target, "standard"));
        assert_eq!(matches!(found, Room::Enough(_)), enough, "{found:?}");
        assert_eq!(matches!(found, Room::TooLittle(_)), !enough, "{found:?}");
    }
    let auto = pools(json!([]), "auto");
    assert_eq!(room(&source, &auto), Room::ByTheCloud);
    assert!(matches!(room(&auto, &source), Room::Unknown(_)));
}

/// A cluster with its mode, pools and weight in DNS.
fn with_pools(provider: &str, mode: &str, weight: u64, pools: &Value) -> Cluster {
    let spec = spec(json!({"provider": provider, "mode": mode, "nodePools": pools}));
    let traffic = json!({"state": "active", "weight": weight});
    let status = json!({"traffic": traffic});
    let object = json!({"metadata": {"name": "a"}, "spec": spec, "status": status});
    let cluster = Cluster::read(&object).unwrap();
    assert_eq!(cluster.spec.as_ref().err(), None);
    cluster
}

/// A pool of GPUs.
fn gpus(count: u32, min: u32, max: u32) -> Value {
    json!({"name": "gpu", "gpu": {"type": "nvidia-l4", "count": count}, "min": min, "max": max})
}

#[test]
fn nodes_that_nothing_adds_are_not_counted() {
    let pool = |min: u64| json!([{"name": "general", "size": "medium", "min": min, "max": 50}]);
    let gpus =
        |min| json!([{"name": "general", "size": "medium", "min": 2, "max": 50}, gpus(1, min, 8)]);
    // Pools and weight of the source, then of a target on EKS, and whether that has enough.
    let rows = [
        // Its max would be plenty, and nothing goes there by itself.
        (pool(2), 100, pool(2), 100, false),
        (pool(2), 100, pool(3), 100, false),
        (pool(2), 100, pool(4), 100, true),
        // A target that has nearly no traffic, or none, needs nodes for the source's alone.
        (pool(2), 100, pool(3), 10, true),
        (pool(2), 100, pool(2), 10, false),
        (pool(2), 100, pool(2), 0, true),
        (pool(2), 100, pool(1), 0, false),
        // One that has most of it needs more than the source has.
        (pool(2), 50, pool(5), 100, false),
        (pool(2), 50, pool(6), 100, true),
        (pool(2), 0, pool(2), 100, true),
        (gpus(0), 100, pool(4), 100, true),
        (gpus(1), 100, pool(8), 100, false),
        (gpus(1), 100, gpus(0), 0, false),
        (gpus(1), 100, gpus(1), 0, true),
    ];
    for (ours, weight, theirs, its_weight, enough) in rows {
        let source = with_pools("gcp", "standard", weight, &ours);
        let target = with_pools("aws", "standard", its_weight, &theirs);
        let found = room(&source, &target);
        assert_eq!(matches!(found, Room::Enough(_)), enough, "{found:?}");
        assert_eq!(matches!(found, Room::TooFewNodes(_)), !enough, "{found:?}");
        // GKE and the Auto modes add them.
        let auto = with_pools("aws", "auto", its_weight, &json!([]));
        assert_eq!(room(&source, &auto), Room::ByTheCloud);
    }
    let source = with_pools("aws", "standard", 100, &pool(2));
    let scales = with_pools("gcp", "standard", 100, &pool(2));
    assert!(matches!(room(&source, &scales), Room::Enough(_)));
    let auto = with_pools("gcp", "auto", 100, &json!([]));
    let Room::Unknown(why) = room(&auto, &source) else {
        panic!("what Autopilot has is not known");
    };
    assert!(why.ends_with("nothing adds nodes to a"), "{why}");
}
