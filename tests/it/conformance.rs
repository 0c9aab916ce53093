//! Every object that is ever composed, against the custom resource definitions of the releases
//! that have to take it.

mod fetch;
pub(crate) mod names;
mod reads;
mod references;
mod schema;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use serde_json::{Value, json};
use test_support::crds;

use crate::support::{
    cases::{run_in, runs},
    cel,
};
use schema::Crds;

/// The definitions, unless it is said that there are none.
fn crds() -> Option<&'static Crds> {
    static FOUND: OnceLock<Option<Crds>> = OnceLock::new();
    FOUND.get_or_init(|| crds::folder().map(Crds::new)).as_ref()
}

/// The clouds' own kinds on their clusters, whose definitions no Go module or package has
/// (docs/compatibility.md). Only that they are these, and no others, can be checked.
const UNPUBLISHED: [(&str, &str); 3] = [
    ("eks.amazonaws.com/v1", "IngressClassParams"),
    ("networking.gke.io/v1", "GCPBackendPolicy"),
    ("networking.gke.io/v1", "HealthCheckPolicy"),
];

/// Panics with what is wrong with an object that is not composed.
pub(crate) fn check(object: &Value) {
    let Some(crds) = crds() else { return };
    let (version, kind) = (&object["apiVersion"], &object["kind"]);
    let unpublished = |it: &(&str, &str)| (version, kind) == (&json!(it.0), &json!(it.1));
    if !UNPUBLISHED.iter().any(unpublished) {
        assert_eq!(crds.problems(object), [""; 0], "{kind}");
    }
}

/// The releases whose definitions an object of this group is compared with.
pub(crate) fn releases(group: &str) -> &'static [&'static str] {
    Crds::releases(group)
}

/// All objects of all steps of all examples in all scopes, each once.
fn objects() -> BTreeMap<String, (String, Value)> {
    let mut found = BTreeMap::new();
    for run in runs() {
        for step in &run.steps {
            for (key, object) in step.desired() {
                let title = format!("{}: {key}", run.title());
                found.entry(object.to_string()).or_insert((title, object));
            }
        }
    }
    found
}

#[test]
fn every_object_is_one_that_its_provider_takes() {
    let Some(crds) = crds() else { return };
    let mut wrong = BTreeSet::new();
    let objects = objects();
    assert!(objects.len() > 500, "{} objects", objects.len());
    for (title, object) in objects.values() {
        for problem in crds.problems(object) {
            wrong.insert(format!("{title}: {problem}"));
        }
    }
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(
        wrong.is_empty(),
        "{} problems:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_change_is_one_that_its_provider_takes() {
    let Some(crds) = crds() else { return };
    let (mut changes, mut wrong) = (0, Vec::new());
    for run in runs() {
        for steps in run.steps.windows(2) {
            let before = steps[0].desired();
            for (key, new) in steps[1].desired() {
                if let Some(old) = before.get(&key).filter(|old| **old != new) {
                    changes += 1;
                    let broken = crds.broken_by_change(&new, old);
                    wrong.extend(
                        broken
                            .iter()
                            .map(|it| format!("{}: {key}: {it}", run.title())),
                    );
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(changes > 50, "{changes} changes");
}

#[test]
fn every_rule_for_what_is_composed_can_be_evaluated() {
    let Some(crds) = crds() else { return };
    let mut rules = BTreeSet::new();
    for (_, object) in objects().values() {
        for rule in crds.rules(object) {
            rules.insert(rule.written["rule"].as_str().unwrap().to_owned());
        }
    }
    assert!(rules.len() > 10, "{rules:?}");
    for rule in rules {
        let unknown = cel::compiled(&rule).unknown_functions();
        assert_eq!(unknown, [""; 0], "{rule}");
    }
}

#[test]
fn the_check_finds_deliberate_mistakes() {
    let Some(crds) = crds() else { return };
    let object = |example: &str, scope: &str, key: &str| {
        run_in(example, scope).last().desired()[key].clone()
    };
    let aws = object("aws-standard", "claims", "cluster");
    let gcp = object("gcp-standard", "namespaced", "cluster");
    let network = object("aws-standard", "cluster", "network-vpc");
    let usage = object("aws-standard", "claims", "protection-composite");
    let rows: [(&Value, &str, Value, &str); 14] = [
        (&aws, "/spec/forProvider/colour", json!("blue"), "colour"),
        (
            &aws,
            "/spec/forProvider/vpcConfig/subnetIDs",
            json!([]),
            "subnetIDs",
        ),
        (
            &aws,
            "/spec/forProvider/vpcConfig",
            json!([{}]),
            "is not of type",
        ),
        (&aws, "/spec/forProvider/region", json!(null), "region"),
        (
            &aws,
            "/spec/forProvider/roleArnRef",
            json!({"policy": {}}),
            "name",
        ),
        (
            &aws,
            "/spec/managementPolicies",
            json!(["Sometimes"]),
            "Sometimes",
        ),
        (&aws, "/metadata/namespace", json!("default"), "namespace"),
        (
            &aws,
            "/apiVersion",
            json!("eks.aws.upbound.io/v9"),
            "not served",
        ),
        (&aws, "/kind", json!("Klaster"), "does not exist"),
        (&network, "/metadata/namespace", json!(null), "namespace"),
        (
            &network,
            "/spec/forProvider/enableDnsSupport",
            json!("yes"),
            "is not of type",
        ),
        (
            &gcp,
            "/spec/forProvider/initialNodeCount",
            json!("1"),
            "is not of type",
        ),
        (&usage, "/spec/of/name", json!("x"), "name"),
        (&usage, "/spec/reason", json!(null), "must be specified"),
    ];
    for (object, pointer, value, expected) in rows {
        assert_eq!(crds.problems(object), [""; 0], "as it is");
        let mut object = object.clone();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        let parent = object.pointer_mut(parent).unwrap();
        match value {
            Value::Null => drop(parent.as_object_mut().unwrap().remove(field)),
            value => parent[field] = value,
        }
        let problems = crds.problems(&object);
        assert!(
            problems.iter().any(|problem| problem.contains(expected)),
            "{pointer}: {problems:?}"
        );
    }
    let mut nothing = object("aws-standard", "claims", "identity-node-role");
    let spec = nothing["spec"]["forProvider"].as_object_mut().unwrap();
    spec.remove("assumeRolePolicy");
    let problems = crds.problems(&nothing);
    assert!(
        problems[0].contains("assumeRolePolicy is a required parameter"),
        "{problems:?}"
    );
    nothing["spec"]["managementPolicies"] = json!(["Observe"]);
    assert_eq!(
        crds.problems(&nothing),
        [""; 0],
        "nothing is required to look"
    );
}
