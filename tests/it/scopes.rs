//! One cluster in the three scopes: the same in the cloud, different in its envelope.

mod cloud;

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::support::{
    cases::{Case, SCOPES, run_in},
    simulator::{Step, World},
};

/// The life of a cluster in one scope.
struct Life {
    scope: &'static str,
    world: World,
    steps: Vec<Step>,
}

/// The life of each example's cluster in each scope, by the same name in the cloud. All are lived once.
fn lives() -> &'static [(String, [Life; 3])] {
    static LIVES: OnceLock<Vec<(String, [Life; 3])>> = OnceLock::new();
    LIVES.get_or_init(|| {
        let cases = Case::all().into_iter();
        cases.map(|case| (case.name.clone(), live(&case))).collect()
    })
}

fn live(case: &Case) -> [Life; 3] {
    SCOPES.map(|(argument, scope)| {
        let mut world = case.world_in(argument);
        world.edit_input(&json!({"allowNameOverrides": true}));
        world.edit(&json!({"cloudName": "same", "argocd": {"name": "same"}}));
        let steps = world.settle();
        assert!(steps.last().unwrap().is_ready(), "{} as {scope}", case.name);
        Life {
            scope,
            world,
            steps,
        }
    })
}

impl Life {
    fn last(&self) -> &Step {
        self.steps.last().unwrap()
    }
}

fn version(object: &Value) -> &str {
    object["apiVersion"].as_str().unwrap()
}

#[test]
fn groups_versions_and_namespaces_are_the_scopes() {
    for (name, lives) in lives() {
        for life @ Life { scope, world, .. } in lives {
            let step = life.last();
            for (key, object) in step.desired() {
                let Some((group, version)) = version(&object).split_once('/') else {
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
                let account = if service.starts_with("route53") {
                    "dns"
                } else {
                    "default"
                };
                assert_eq!(reference["name"], account, "{name} as {scope}: {key}");
                assert_eq!(reference.get("kind").is_some(), is_namespaced, "{key}");
            }
        }
    }
}

#[test]
fn references_name_objects_that_exist() {
    for (name, lives) in lives() {
        for Life { scope, world, .. } in lives {
            let observed = world.observed();
            let names = observed
                .values()
                .map(|object| object["metadata"]["name"].clone());
            let names: Vec<_> = names.collect();
            for (key, mut object) in observed.clone() {
                each_reference(&mut object, &mut |reference| {
                    assert!(
                        names.contains(reference),
                        "{name} as {scope}: {key} names {reference}"
                    );
                });
            }
        }
    }
}

/// Visits the name in each reference to an object, except to its provider configuration.
fn each_reference(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                if field == "providerConfigRef" || field == "resourceRef" {
                    continue;
                }
                if field.ends_with("Ref") && value.get("name").is_some() {
                    visit(&mut value["name"]);
                } else if field.ends_with("Refs") {
                    let items = value.as_array_mut().into_iter().flatten();
                    items.for_each(|item| visit(&mut item["name"]));
                } else {
                    each_reference(value, visit);
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| each_reference(item, visit)),
        _ => {}
    }
}

#[test]
fn the_registration_goes_where_the_scope_can_reach() {
    for name in ["aws-standard", "aws-auto", "gcp-standard", "gcp-autopilot"] {
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
    // The platform gives no workload to clusters of this namespace.
    composite["spec"]["argocd"]["labels"] = json!({});
    let mut world = World::new(composite, case.input);
    let desired = world.settle().pop().unwrap().desired();
    assert_eq!(desired["registration-secret"]["kind"], "Secret");
    assert!(!desired.contains_key("registration-object"));
}

#[test]
fn usages_are_of_the_kind_that_reaches_their_objects() {
    for (name, lives) in lives() {
        for life @ Life { scope, world, .. } in lives {
            let step = life.last();
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
