//! The status that the function writes against the one that the XRD declares.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use xcluster::{compose::Phase, wire::proto::v1::RunFunctionResponse};

use crate::lifecycle::older;

use super::{
    schema::{SOURCE, find, leaves, nodes, schema_of, with, yaml},
    settle::{settle, status_of, unreported},
};

fn schema() -> Value {
    schema_of(&yaml(SOURCE))["properties"]["status"].clone()
}

/// Clusters that between them have every status field.
fn clusters() -> [Value; 4] {
    let spec = |cloud: &str, mode: &str, more: Value| {
        let mut spec = json!({
            "provider": cloud,
            "region": if cloud == "aws" { "us-east-1" } else { "europe-west1" },
            "account": if cloud == "aws" { "111122223333" } else { "acme-prod" },
            "environment": "prod",
            "kubernetesVersion": "1.36",
            "mode": mode,
            "network": {"cidr": "10.20.0.0/16"},
        });
        let fields = spec.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        spec
    };
    let pools = json!({
        "nodePools": [{"name": "general", "min": 1, "max": 2, "maxUnavailable": 1}],
        "endpoint": {"allowedCidrs": ["203.0.113.0/24"]},
    });
    [
        spec("aws", "standard", pools.clone()),
        spec("aws", "auto", json!({})),
        spec("gcp", "standard", pools),
        spec("gcp", "auto", json!({})),
    ]
}

#[test]
fn everything_that_is_written_to_the_status_is_declared_and_everything_declared_is_written() {
    let schema = schema();
    let validator = jsonschema::validator_for(&closed(&schema)).unwrap();
    let mut written = BTreeSet::new();
    let declared = leaves("status", &schema);
    let input = json!({"traffic": {
        "host": "inference.acme.example",
        "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {"zoneId": "Z0ACMEEXAMPLE"}},
    }});
    for spec in clusters() {
        let mut answers = settle(&spec, &input).unwrap();
        answers.push(unreported(&spec, &input));
        answers.push(held_back());
        for answer in answers {
            let status = status_of(&answer);
            let errors: Vec<_> = validator
                .iter_errors(&status)
                .map(|error| format!("status{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, [""; 0], "{spec}");
            // A line says only what it is about, and `find` looks at the first one.
            for line in status["cost"]["items"].as_array().unwrap() {
                let status = with(&status, "status.cost.items", json!([line]));
                let present = declared.iter().map(|leaf| leaf.path.as_str());
                written.extend(present.filter(|path| find(&status, path).is_some()));
            }
        }
    }
    let all: BTreeSet<_> = declared.iter().map(|leaf| leaf.path.as_str()).collect();
    assert_eq!(written, all);
}

/// The answer for a cluster whose next version waits for something.
fn held_back() -> RunFunctionResponse {
    let mut world = older("aws-standard", "1.35");
    world.edit(&json!({"kubernetesVersion": "1.36", "upgrade": {"paused": true}}));
    world.reconcile().response
}

/// A schema that takes declared fields only: server-side apply refuses all others.
fn closed(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties
            .values_mut()
            .for_each(|inner| *inner = closed(inner));
        schema["additionalProperties"] = json!(false);
    }
    if let Some(items) = schema.get_mut("items") {
        *items = closed(items);
    }
    schema
}

#[test]
fn the_phases_are_those_of_the_code() {
    let mut phases: Vec<_> = [None, Some("Ready")]
        .into_iter()
        .flat_map(|last| {
            [(true, true), (true, false), (false, true), (false, false)].map(|now| (last, now))
        })
        .map(|(last, (ready, upgrading))| Phase::next(last, ready, upgrading).name())
        .collect();
    phases.sort_unstable();
    phases.dedup();
    let nodes = nodes("status", &schema());
    let phase = nodes
        .iter()
        .find(|node| node.path == "status.phase")
        .unwrap();
    let mut declared = phase.choices();
    declared.sort_unstable();
    assert_eq!(declared, phases);
}
