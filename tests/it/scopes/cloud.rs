//! What reaches the clouds is the same in all scopes, at each step.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Life, each_reference, lives, version};
use crate::support::{
    cases::{Case, run_in},
    simulator::Step,
};

const SET_IDENTIFIER: &str = "/spec/forProvider/setIdentifier";
const EXTERNAL_NAME: &str = "/metadata/annotations/crossplane.io~1external-name";

impl Life {
    /// What each step sends to the cloud. spec.cloudName does not change a record's set identifier, so it
    /// stands there by its role.
    fn in_cloud(&self) -> Vec<BTreeMap<String, Value>> {
        let desired = self.last().desired();
        let mut sets = desired
            .values()
            .filter_map(|object| object.pointer(SET_IDENTIFIER));
        let set = sets.next().and_then(Value::as_str);
        let mut steps: Vec<_> = self.steps.iter().map(in_cloud).collect();
        let objects = steps.iter_mut().flat_map(BTreeMap::values_mut);
        if let Some(set) = set {
            objects.for_each(|object| {
                *object = serde_json::from_str(&object.to_string().replace(set, "SET")).unwrap();
            });
        }
        steps
    }
}

/// What reaches the cloud, by key. References name objects, whose names differ: their keys stand there.
fn in_cloud(step: &Step) -> BTreeMap<String, Value> {
    let desired = step.desired();
    let keys: BTreeMap<_, _> = desired
        .iter()
        .map(|(key, object)| (object["metadata"]["name"].as_str().unwrap(), key))
        .collect();
    let managed = desired
        .iter()
        .filter(|(_, object)| version(object).contains("upbound.io/"));
    managed
        .map(|(key, object)| {
            let mut cloud = json!({
                "kind": object["kind"],
                "name": object.pointer(EXTERNAL_NAME),
                "forProvider": object["spec"]["forProvider"],
                "initProvider": object["spec"]["initProvider"],
                "managementPolicies": object["spec"]["managementPolicies"],
            });
            each_reference(&mut cloud, &mut |name| {
                *name = json!(keys[name.as_str().unwrap()]);
            });
            (key.clone(), cloud)
        })
        .collect()
}

/// The keys with their readiness, as the scope of claims has them. Usages are the scope's own: the first
/// of a kind is created alone, and a scope has them of one kind or of two.
fn readiness(step: &Step) -> BTreeMap<String, bool> {
    let (ready, desired) = (step.ready(), step.desired());
    let keys = desired
        .into_keys()
        .filter(|key| !key.starts_with("protection-"));
    keys.map(|key| {
        let ready = ready.contains(&key);
        (
            key.replace("registration-object", "registration-secret"),
            ready,
        )
    })
    .collect()
}

/// Compares object by object, so that a difference can be read.
fn assert_same(title: &str, one: &[BTreeMap<String, Value>], other: &[BTreeMap<String, Value>]) {
    for (number, (one, other)) in (1..).zip(one.iter().zip(other)) {
        for (key, object) in one {
            assert_eq!(
                Some(object),
                other.get(key),
                "{title}, step {number}: {key}"
            );
        }
        assert_eq!(one.len(), other.len(), "{title}, step {number}");
    }
    assert_eq!(one.len(), other.len(), "{title}: steps");
}

#[test]
fn the_cloud_cannot_tell_the_scopes_apart_at_any_step() {
    for (name, [claims, others @ ..]) in lives() {
        for other in others {
            let title = format!("{name} as {}", other.scope);
            assert_same(&title, &claims.in_cloud(), &other.in_cloud());
        }
        assert!(in_cloud(claims.last()).len() > 15, "{name}");
    }
}

#[test]
fn keys_and_readiness_are_the_same_in_all_scopes_at_any_step() {
    for (name, [claims, others @ ..]) in lives() {
        for other in others {
            for (number, (one, other)) in (1..).zip(claims.steps.iter().zip(&other.steps)) {
                assert_eq!(readiness(one), readiness(other), "{name}, step {number}");
            }
        }
    }
}

#[test]
fn a_claim_and_a_namespaced_composite_find_the_same_cluster_without_a_cloud_name() {
    for case in Case::all() {
        let [claims, namespaced] = ["claims", "namespaced"].map(|scope| {
            let steps = run_in(&case.name, scope).steps.iter();
            steps.map(in_cloud).collect::<Vec<_>>()
        });
        assert_same(&case.name, &claims, &namespaced);
    }
}
