//! One cluster in the three scopes: the same in the cloud, different in its envelope.

use std::{collections::BTreeMap, sync::OnceLock};

use serde_json::{Value, json};

use crate::support::{
    cases::{Case, SCOPES, run_in},
    simulator::{Step, World},
};

const STANDARD: [&str; 4] = ["aws-standard", "aws-auto", "gcp-standard", "gcp-autopilot"];
const EXTERNAL_NAME: &str = "/metadata/annotations/crossplane.io~1external-name";

/// A settled cluster in one scope.
struct Settled {
    scope: &'static str,
    world: World,
    step: Step,
}

/// The settled cluster in each scope, by the same name in the cloud. All are made once.
fn settled(name: &str) -> &'static [Settled; 3] {
    static SETTLED: OnceLock<BTreeMap<&str, [Settled; 3]>> = OnceLock::new();
    let all = SETTLED.get_or_init(|| STANDARD.map(|name| (name, settle(name))).into());
    &all[name]
}

fn settle(name: &str) -> [Settled; 3] {
    SCOPES.map(|(argument, scope)| {
        let mut world = Case::new(name).world_in(argument);
        world.edit_input(&json!({"allowNameOverrides": true}));
        world.edit(&json!({"cloudName": "same", "argocd": {"name": "same"}}));
        let step = world.settle().pop().unwrap();
        assert!(step.is_ready(), "{name} as {scope}");
        Settled { scope, world, step }
    })
}

/// What reaches the cloud, by key. References name objects, whose names differ.
fn in_cloud(step: &Step) -> BTreeMap<String, Value> {
    fn without_names(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    if field.ends_with("Ref") || field.ends_with("Refs") {
                        *value = json!("reference");
                    } else {
                        without_names(value);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(without_names),
            _ => {}
        }
    }
    let objects = step.desired().into_iter();
    let managed = objects.filter(|(_, object)| {
        object["apiVersion"]
            .as_str()
            .unwrap()
            .contains("upbound.io/")
    });
    managed
        .map(|(key, object)| {
            let mut cloud = json!({
                "kind": object["kind"],
                "name": object.pointer(EXTERNAL_NAME),
                "forProvider": object["spec"]["forProvider"],
                "initProvider": object["spec"]["initProvider"],
                "managementPolicies": object["spec"]["managementPolicies"],
            });
            without_names(&mut cloud);
            (key, cloud)
        })
        .collect()
}

/// Compares object by object, so that a difference can be read.
fn assert_equal(name: &str, one: &Step, other: &Step) {
    let (one, other) = (in_cloud(one), in_cloud(other));
    for (key, object) in &one {
        assert_eq!(Some(object), other.get(key), "{name}: {key}");
    }
    assert_eq!(one.len(), other.len(), "{name}");
}

#[test]
fn the_cloud_cannot_tell_the_scopes_apart() {
    for name in STANDARD {
        let [claims, cluster, namespaced] = settled(name).each_ref().map(|settled| &settled.step);
        assert_equal(name, claims, namespaced);
        assert_equal(name, claims, cluster);
        assert!(in_cloud(claims).len() > 15, "{name}");
    }
}

#[test]
fn a_claim_and_a_namespaced_composite_find_the_same_cluster_without_a_cloud_name() {
    for name in STANDARD {
        let (claims, namespaced) = (run_in(name, "claims"), run_in(name, "namespaced"));
        assert_eq!(
            in_cloud(claims.last()),
            in_cloud(namespaced.last()),
            "{name}"
        );
    }
}

#[test]
fn groups_versions_and_namespaces_are_the_scopes() {
    for name in STANDARD {
        for Settled { scope, world, step } in settled(name) {
            for (key, object) in step.desired() {
                let version = object["apiVersion"].as_str().unwrap();
                let Some((group, version)) = version.split_once('/') else {
                    continue;
                };
                let Some(service) = group.strip_suffix(".upbound.io") else {
                    continue;
                };
                let namespace = object["metadata"].get("namespace");
                let wanted = match *scope {
                    "claims" => None,
                    "cluster" => Some(json!("crossplane-system")),
                    _ => Some(world.composite["metadata"]["namespace"].clone()),
                };
                assert_eq!(namespace, wanted.as_ref(), "{name} as {scope}: {key}");
                let is_namespaced = service.ends_with(".m");
                assert_eq!(
                    is_namespaced,
                    *scope != "claims",
                    "{name} as {scope}: {key}"
                );
                assert!(!is_namespaced || version == "v1beta1", "{key}: {version}");
                let reference = &object["spec"]["providerConfigRef"];
                assert_eq!(reference["name"], "default");
                assert_eq!(reference.get("kind").is_some(), is_namespaced, "{key}");
            }
        }
    }
}

#[test]
fn references_name_objects_that_exist() {
    for name in STANDARD {
        for Settled { scope, world, .. } in settled(name) {
            let observed = world.observed();
            let names = observed
                .values()
                .map(|object| object["metadata"]["name"].clone());
            let names: Vec<_> = names.collect();
            for (key, object) in &observed {
                let mut refs = Vec::new();
                references(object, &mut refs);
                for reference in refs {
                    assert!(
                        names.contains(&reference),
                        "{scope}: {key} names {reference}"
                    );
                }
            }
        }
    }
}

/// All names of objects that an object refers to, its provider configuration aside.
fn references(value: &Value, found: &mut Vec<Value>) {
    let Value::Object(fields) = value else {
        return;
    };
    for (field, value) in fields {
        if field == "providerConfigRef" || field == "resourceRef" {
            continue;
        }
        if field.ends_with("Ref") && value.get("name").is_some() {
            found.push(value["name"].clone());
        } else if field.ends_with("Refs") {
            let items = value.as_array().into_iter().flatten();
            found.extend(items.map(|item| item["name"].clone()));
        } else {
            references(value, found);
        }
    }
}

#[test]
fn the_registration_goes_where_the_scope_can_reach() {
    for name in STANDARD {
        for scope in ["claims", "cluster"] {
            let desired = run_in(name, scope).last().desired();
            let secret = &desired["registration-secret"];
            assert_eq!(secret["kind"], "Secret", "{name} as {scope}");
            assert_eq!(
                secret["metadata"]["namespace"], "argocd",
                "{name} as {scope}"
            );
            assert!(
                !desired.contains_key("registration-object"),
                "{name} as {scope}"
            );
        }
        let desired = run_in(name, "namespaced").last().desired();
        let object = &desired["registration-object"];
        assert_eq!(
            object["apiVersion"], "kubernetes.m.crossplane.io/v1alpha1",
            "{name}"
        );
        assert_eq!(object["metadata"]["namespace"], "ml-platform", "{name}");
        let manifest = &object["spec"]["forProvider"]["manifest"];
        let claims = run_in(name, "claims").last().desired();
        assert_eq!(manifest, &claims["registration-secret"], "{name}");
        assert!(!desired.contains_key("registration-secret"), "{name}");
    }
}

#[test]
fn a_namespaced_composite_beside_argo_cd_composes_the_secret_itself() {
    let case = Case::new("aws-standard");
    let mut composite = case.in_scope(SCOPES[2].0);
    composite["metadata"]["namespace"] = json!("argocd");
    let mut world = World::new(composite, case.input);
    let desired = world.settle().pop().unwrap().desired();
    assert_eq!(desired["registration-secret"]["kind"], "Secret");
    assert!(!desired.contains_key("registration-object"));
}

#[test]
fn usages_are_of_the_kind_that_reaches_their_objects() {
    for name in STANDARD {
        for Settled { scope, world, step } in settled(name) {
            let observed = world.observed();
            let desired = step.desired();
            let usages = desired
                .iter()
                .filter(|(key, _)| key.starts_with("protection-"));
            for (key, usage) in usages {
                assert_eq!(usage["apiVersion"], "protection.crossplane.io/v1beta1");
                let of = &usage["spec"]["of"];
                let target = match key.as_str() {
                    "protection-composite" => Some(&world.composite),
                    "protection-claim" => None,
                    _ => observed
                        .values()
                        .find(|object| object["metadata"]["name"] == of["resourceRef"]["name"]),
                };
                let namespace = match target {
                    Some(target) => {
                        assert_eq!(target["kind"], of["kind"], "{scope}: {key}");
                        assert_eq!(target["apiVersion"], of["apiVersion"], "{scope}: {key}");
                        target["metadata"].get("namespace").cloned()
                    }
                    None => Some(json!("ml-platform")),
                };
                let kind = if namespace.is_some() {
                    "Usage"
                } else {
                    "ClusterUsage"
                };
                assert_eq!(usage["kind"], kind, "{name} as {scope}: {key}");
                if let Some(namespace) = namespace {
                    assert_eq!(usage["metadata"]["namespace"], namespace, "{scope}: {key}");
                }
            }
            let protects_claim = desired.contains_key("protection-claim");
            assert_eq!(protects_claim, *scope == "claims", "{name} as {scope}");
        }
    }
}

#[test]
fn names_of_objects_are_unique_in_their_kind_and_namespace() {
    for run in crate::support::cases::runs() {
        let mut seen = std::collections::BTreeSet::new();
        for (key, object) in run.last().desired() {
            let metadata = &object["metadata"];
            let identity = [
                &object["apiVersion"],
                &object["kind"],
                metadata.get("namespace").unwrap_or(&Value::Null),
                &metadata["name"],
            ];
            assert!(
                seen.insert(json!(identity).to_string()),
                "{}: {key}",
                run.title()
            );
        }
    }
}
