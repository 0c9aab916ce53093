//! What objects say of each other: references and Usages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schema::identity;
use crate::support::cases::{Run, runs};

/// Group, kind, namespace and name.
type Id = (String, String, String, String);

fn id(object: &Value) -> Id {
    let (group, _, kind) = identity(object);
    let text = |pointer| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    (
        group.to_owned(),
        kind.to_owned(),
        text("/metadata/namespace").to_owned(),
        text("/metadata/name").to_owned(),
    )
}

/// Everything that exists in the end: what was composed, the composite and its claim.
fn ids(run: &Run) -> BTreeSet<Id> {
    let mut found: BTreeSet<_> = run.last().desired().values().map(id).collect();
    found.insert(id(&run.world.composite));
    if run.scope == "claims" {
        found.insert(id(&run.case.claim()));
    }
    found
}

/// The references below a value, each with its path and the name that it gives.
fn references(value: &Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, below) in fields {
                path.push(key.clone());
                let single = key.ends_with("Ref").then_some(below).into_iter();
                let many = key
                    .ends_with("Refs")
                    .then_some(below)
                    .and_then(Value::as_array);
                for reference in single.chain(many.into_iter().flatten()) {
                    let name = reference["name"].as_str().unwrap_or_default();
                    found.push((path.clone(), name.to_owned()));
                }
                references(below, path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                path.push(n.to_string());
                references(item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// What the providers' documentation says a reference is to: field, kind and API family.
const REFERENCES: [(&str, &str, &str); 18] = [
    ("healthCheckIdRef", "HealthCheck", "route53"),
    ("vpcIdRef", "VPC", "ec2"),
    ("subnetIdRef", "Subnet", "ec2"),
    ("subnetIdRefs", "Subnet", "ec2"),
    ("routeTableIdRef", "RouteTable", "ec2"),
    ("gatewayIdRef", "InternetGateway", "ec2"),
    ("natGatewayIdRef", "NATGateway", "ec2"),
    ("allocationIdRef", "EIP", "ec2"),
    ("roleArnRef", "Role", "iam"),
    ("nodeRoleArnRef", "Role", "iam"),
    ("targetKeyIdRef", "Key", "kms"),
    ("networkRef", "Network", "compute"),
    ("subnetworkRef", "Subnetwork", "compute"),
    ("routerRef", "Router", "compute"),
    ("clusterRef", "Cluster", "container"),
    ("serviceAccountRef", "ServiceAccount", "cloudplatform"),
    ("keyRingRef", "KeyRing", "kms"),
    ("cryptoKeyIdRef", "CryptoKey", "kms"),
];

#[test]
fn every_reference_names_a_composed_object_of_the_right_kind() {
    let mut checked = BTreeSet::new();
    for run in runs() {
        let ids = ids(run);
        for (key, object) in run.last().desired() {
            let (group, _, _) = identity(&object);
            let (mut found, mut path) = (Vec::new(), Vec::new());
            references(&object["spec"]["forProvider"], &mut path, &mut found);
            references(&object["spec"]["initProvider"], &mut path, &mut found);
            for (path, name) in found {
                let at = format!("{}: {key} {}", run.title(), path.join("."));
                let field = path.last().unwrap();
                let known = REFERENCES.iter().find(|(known, ..)| known == field);
                let Some((_, kind, family)) = known else {
                    panic!("{at}: which kind is that?");
                };
                let (_, rest) = group.split_once('.').unwrap();
                let namespace = id(&object).2;
                let target = (
                    format!("{family}.{rest}"),
                    (*kind).to_owned(),
                    namespace,
                    name,
                );
                assert!(ids.contains(&target), "{at}: there is no {target:?}");
                checked.insert(field.clone());
            }
        }
    }
    assert_eq!(checked.len(), REFERENCES.len(), "{checked:?}");
}

/// The pairs of Usages: what stays, and until what is gone.
fn usages(run: &Run) -> Vec<(Id, Option<Id>)> {
    let objects = run.last().desired();
    let usages = objects.values().filter(|object| {
        let (group, _, _) = identity(object);
        group == "protection.crossplane.io"
    });
    usages
        .map(|usage| {
            let target = |end: &Value| {
                let (group, _, kind) = identity(end);
                let name = end["resourceRef"]["name"].as_str().unwrap_or_default();
                (
                    group.to_owned(),
                    kind.to_owned(),
                    id(usage).2,
                    name.to_owned(),
                )
            };
            let by = &usage["spec"]["by"];
            (
                target(&usage["spec"]["of"]),
                by.is_object().then(|| target(by)),
            )
        })
        .collect()
}

#[test]
fn every_usage_is_of_and_by_objects_that_exist_in_its_scope() {
    for run in runs() {
        let ids = ids(run);
        let usages = usages(run);
        assert!(usages.len() >= 3, "{}", run.title());
        for (of, by) in usages {
            assert!(ids.contains(&of), "{}: of {of:?}", run.title());
            if let Some(by) = by {
                assert!(ids.contains(&by), "{}: by {by:?}", run.title());
            }
        }
    }
}

/// Whether one can go from an object to itself.
fn has_cycle(pairs: &[(Id, Option<Id>)]) -> bool {
    let mut waits: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
    for (of, by) in pairs {
        waits.entry(of).or_default().extend(by);
    }
    // Take away what waits for nothing, until nothing is left or nothing can be taken away.
    while !waits.is_empty() {
        let before = waits.len();
        let still: BTreeSet<_> = waits.keys().copied().collect();
        waits.retain(|_, by| by.iter().any(|by| still.contains(by)));
        if waits.len() == before {
            return true;
        }
    }
    false
}

#[test]
fn usages_never_wait_for_each_other() {
    for run in runs() {
        assert!(!has_cycle(&usages(run)), "{}", run.title());
    }
    let node = |name: &str| (String::new(), String::new(), String::new(), name.to_owned());
    let edge = |of: &str, by: &str| (node(of), Some(node(by)));
    assert!(!has_cycle(&[
        edge("a", "b"),
        edge("b", "c"),
        edge("a", "c")
    ]));
    assert!(has_cycle(&[edge("a", "b"), edge("b", "c"), edge("c", "a")]));
}
