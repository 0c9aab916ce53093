//! What of a service's check and records Route 53 cannot change.

use serde_json::json;

use super::{RECORD, TRAFFIC, assert_healthy, deleted, edited, pair};

/// AWS-12: the interval of a check cannot change, so another check takes its place. Callers are asked for all along.
#[test]
fn another_interval_is_another_check_and_the_record_changes_over() {
    let checks = ["traffic-health-check", "traffic-health-check-next"];
    for name in TRAFFIC {
        let mut world = pair(name, "claims");
        let first = world.observed()[checks[0]]["spec"]["forProvider"]["requestInterval"] == 10;
        // There and back: the checks take turns.
        for (fast, old, new) in [(!first, 0, 1), (first, 1, 0)] {
            let writes = world.updates().len();
            world.edit_input(&json!({"traffic": {"healthCheck": {"fast": fast}}}));
            let steps = world.settle_watched(|world, step| {
                let observed = world.observed();
                let asked_by = &observed[RECORD]["status"]["atProvider"]["healthCheckId"];
                for key in &step.deleted {
                    let id = &observed[key]["status"]["atProvider"]["id"];
                    assert_ne!(id, asked_by, "{name}: the record has {key}");
                }
            });
            assert_healthy(name, &world, &steps);
            assert_eq!(deleted(&steps), [checks[old]], "{name}");
            assert_eq!(
                world.updates().len(),
                writes + 1,
                "{name}: the record alone"
            );
            let observed = world.observed();
            let check = &observed[checks[new]];
            let interval = if fast { 10 } else { 30 };
            assert_eq!(check["spec"]["forProvider"]["requestInterval"], interval);
            let id = &check["status"]["atProvider"]["id"];
            let record = &observed[RECORD]["status"]["atProvider"];
            assert_eq!(&record["healthCheckId"], id, "{name}");
            // A drain goes on to work.
            for state in ["drained", "active"] {
                let steps = edited(&mut world, &json!({"state": state}));
                assert_healthy(name, &world, &steps);
            }
        }
    }
}

/// AWS-12: one record of a weighted set takes no TTL of its own, and stands still with everything that follows.
#[test]
fn a_ttl_that_route_53_refuses_is_refused_before() {
    let mut world = pair("aws-traffic", "claims");
    world.edit_input(&json!({"traffic": {"ttlSeconds": 45}}));
    let step = world.reconcile();
    let message = step.fatal().unwrap_or_default();
    assert!(
        message.contains("input.traffic.ttlSeconds: \"45\""),
        "{message}"
    );
    assert!(message.contains("set it back to"), "{message}");
    // Somebody has changed all records in one request.
    world.cloud_mut(RECORD)["ttl"] = 45.into();
    world.object_mut(RECORD)["status"]["atProvider"]["ttl"] = 45.into();
    let steps = world.settle();
    assert_healthy("aws-traffic", &world, &steps);
    let steps = edited(&mut world, &json!({"state": "drained"}));
    assert_healthy("aws-traffic", &world, &steps);
}
