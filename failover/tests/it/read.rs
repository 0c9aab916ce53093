//! What is read of an object, whatever release wrote it.

use failover::cluster::Cluster;
use serde_json::{Value, json};
use xcluster::api::{
    choice::{Mode, TrafficState},
    provider::Provider,
};

use crate::world::spec;

fn read(spec: &Value) -> Cluster {
    Cluster::read(&json!({"metadata": {"name": "prod-us"}, "spec": spec})).unwrap()
}

#[test]
fn the_spec_is_what_the_function_reads() {
    let claim = spec(json!({
        "mode": "auto",
        "nodePools": [],
        "traffic": {"state": "drained"},
        // Crossplane's own fields of a claim.
        "resourceRef": {"apiVersion": "xcluster.dev/v1alpha1", "kind": "XCluster", "name": "prod-us-1"},
        "compositionRef": {"name": "xclusters"},
        "compositeDeletePolicy": "Background",
    }));
    let cluster = read(&claim);
    let spec = cluster.spec.as_ref().unwrap();
    assert_eq!((spec.provider, spec.mode), (Provider::AWS, Mode::Auto));
    assert_eq!(spec.traffic.state, TrafficState::Drained);
    assert_eq!(cluster.wanted, Some(TrafficState::Drained));
    assert_eq!(
        (cluster.provider.as_str(), cluster.region.as_str()),
        ("aws", "us-east-1")
    );
}

#[test]
fn a_spec_that_the_function_would_refuse_is_said_with_its_problems() {
    let rows = [
        (json!({"region": null}), "spec.region"),
        (json!({"newer": 1}), "spec.newer"),
        (
            json!({"nodePools": [{"name": "general", "min": 2}]}),
            "spec.nodePools[0].max",
        ),
    ];
    for (fields, path) in rows {
        let cluster = read(&spec(fields));
        let why = cluster.spec.unwrap_err();
        assert!(
            why.starts_with(&format!("1 problem: (1) {path}: ")),
            "{why}"
        );
        // What a run needs is there all the same.
        assert_eq!((cluster.wanted, cluster.unclear), (None, None));
    }
    let cluster = read(&Value::Null);
    assert!(cluster.spec.is_err() && cluster.unclear.is_none());
    assert_eq!(cluster.provider, "unknown");
}

#[test]
fn a_state_that_is_not_known_is_named_and_is_no_default() {
    let asleep = json!({"state": "asleep"});
    let of = |spec: Value, status: Value| {
        let object = json!({"metadata": {"name": "prod-us"}, "spec": spec, "status": status});
        Cluster::read(&object).unwrap().unclear
    };
    for (found, path) in [
        (
            of(json!({"traffic": asleep}), Value::Null),
            "spec.traffic.state",
        ),
        (
            of(Value::Null, json!({"traffic": asleep})),
            "status.traffic.state",
        ),
        (
            of(json!({"traffic": {"state": 1}}), Value::Null),
            "spec.traffic.state",
        ),
    ] {
        let why = found.unwrap();
        assert!(why.starts_with(&format!("prod-us: {path} is ")), "{why}");
        assert!(
            why.ends_with("this release knows active, drained, evacuated"),
            "{why}"
        );
    }
    assert_eq!(of(json!({"traffic": {"state": null}}), Value::Null), None);
}

#[test]
fn a_claim_that_is_in_step_with_a_refused_composite_is_refused() {
    let of = |valid: &str| {
        let conditions = json!([
            {"type": "Synced", "status": "True", "reason": "ReconcileSuccess"},
            {"type": "Valid", "status": valid, "reason": "InvalidCluster", "message": "it is the last one"},
        ]);
        let object = json!({"metadata": {"name": "a"}, "status": {"conditions": conditions}});
        Cluster::read(&object).unwrap().synced
    };
    assert!(of("True").holds);
    let refused = of("False");
    assert!(!refused.holds && refused.why == "InvalidCluster: it is the last one");
}
