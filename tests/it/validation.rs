//! Everything that a person can write wrong, and what the function says about it.

mod existing;
mod offers;
mod together;

use std::collections::BTreeSet;

use manifests::ScopeArg;
use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::{
        proto::v1::{Resource, RunFunctionResponse, State, Status},
        structpb::to_struct,
    },
};

use crate::fixture::{self, call, fatal, merge, yaml};

/// One rule: a mistake, what is said about it, and a neighbor that is right.
pub(crate) struct Row {
    place: String,
    pub(crate) bad: Value,
    says: String,
    pub(crate) good: Value,
}

/// What a patch in a row's place makes.
pub(crate) struct Written {
    /// The cluster's name.
    pub(crate) name: String,
    /// Its spec.
    pub(crate) spec: Value,
    /// The function's Input.
    pub(crate) input: Value,
}

const TABLES: [&str; 4] = [
    include_str!("validation/spec.yaml"),
    include_str!("validation/pools.yaml"),
    include_str!("validation/clouds.yaml"),
    include_str!("validation/input.yaml"),
];

/// Mistakes that depend on the region, which others then do too.
const OFFERS: &str = include_str!("validation/offers.yaml");

/// Mistakes that others would seem to follow from.
const ALONE: &str = include_str!("validation/alone.yaml");

pub(crate) fn rows() -> Vec<Row> {
    rows_of(&TABLES)
}

fn rows_of(tables: &[&str]) -> Vec<Row> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    tables
        .iter()
        .flat_map(|table| yaml(table).as_array().unwrap().clone())
        .map(|row| Row {
            place: text(&row, "in"),
            bad: row["bad"].clone(),
            says: row["says"].as_str().unwrap_or("?").to_owned(),
            good: row["good"].clone(),
        })
        .collect()
}

impl Row {
    /// What a message about the row begins with.
    pub(crate) fn title(&self) -> String {
        format!("in {}: {}", self.place, self.bad)
    }

    /// Whether it is about the cluster's name.
    fn is_of_a_name(&self) -> bool {
        self.place.ends_with(" name")
    }

    fn cloud(&self) -> &str {
        self.place.split_once(' ').unwrap().0
    }

    /// What is merged into the spec, into a pool of its own, and into the Input.
    fn patches(&self, patch: &Value) -> [Value; 3] {
        let none = Value::Null;
        match self.place.split_once(' ').unwrap().1 {
            "name" => [none.clone(), none.clone(), none],
            "spec" => [patch.clone(), none.clone(), none],
            "pool" => [none.clone(), patch.clone(), none],
            "input" => [none.clone(), none, patch.clone()],
            // Both at once, where a rule compares them.
            _ => [patch["spec"].clone(), none, patch["input"].clone()],
        }
    }

    /// A patch in the row's place: the name or the spec of a cluster on one cloud, its first pool, or
    /// the Input.
    pub(crate) fn written(&self, patch: &Value) -> Written {
        let mut written = Written::with(self.cloud(), &[self.patches(patch)]);
        if self.is_of_a_name() {
            patch.as_str().unwrap().clone_into(&mut written.name);
        }
        written
    }

    /// Calls with a patch in the row's place.
    fn call(&self, patch: &Value) -> RunFunctionResponse {
        self.written(patch).call()
    }
}

impl Written {
    /// A cluster on one cloud, into which patches are merged.
    fn with(cloud: &str, patches: &[[Value; 3]]) -> Self {
        let mut spec = match cloud {
            "aws" => fixture::aws(),
            _ => fixture::gcp(),
        };
        // A pool for system Pods besides the one under test.
        let (mut pool, mut input) = (Value::Null, json!({}));
        for [of_spec, of_pool, of_input] in patches {
            if !of_pool.is_null() && pool.is_null() {
                pool = json!({"name": "other", "min": 1, "max": 9});
            }
            for (target, patch) in [
                (&mut spec, of_spec),
                (&mut pool, of_pool),
                (&mut input, of_input),
            ] {
                if !patch.is_null() {
                    merge(target, patch);
                }
            }
        }
        if !pool.is_null() {
            spec["nodePools"].as_array_mut().unwrap().insert(0, pool);
        }
        let name = "prod".to_owned();
        Self { name, spec, input }
    }

    fn call(&self) -> RunFunctionResponse {
        let composite = fixture::composite(ScopeArg::Claims, &self.name, &self.spec);
        compose(fixture::request(composite, Some(&self.input)))
    }
}

/// The violations of an answer, without what stands around them.
fn said(rsp: &RunFunctionResponse) -> String {
    let message = fatal(rsp).unwrap_or_default();
    message
        .strip_prefix("nothing was changed: 1 problem: (1) ")
        .unwrap_or(message)
        .to_owned()
}

/// The problems of a message, one by one.
fn problems(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = message;
    for n in 1.. {
        let Some((_, problem)) = rest.split_once(&format!("({n}) ")) else {
            break;
        };
        rest = problem;
        let end = problem.find(&format!(" ({}) ", n + 1));
        found.push(problem[..end.unwrap_or(problem.len())].to_owned());
    }
    found
}

#[test]
fn every_mistake_is_named_with_its_fix_and_its_neighbor_passes() {
    let mut wrong = Vec::new();
    for row in rows().into_iter().chain(rows_of(&[ALONE, OFFERS])) {
        let (bad, good) = (said(&row.call(&row.bad)), said(&row.call(&row.good)));
        if bad != row.says || !good.is_empty() {
            wrong.push(format!(
                "{}\n  expected: {}\n  said:     {bad}\n  of {}: {good}",
                row.title(),
                row.says,
                row.good
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_rule_for_a_string_has_a_row() {
    let rows = rows();
    let rules = include_str!("../../src/api/rules.rs");
    let problems: BTreeSet<_> = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("problem: \"")?.strip_suffix("\","))
        .collect();
    assert!(problems.len() > 15, "{problems:?}");
    for problem in problems {
        assert!(
            rows.iter().any(|row| row.says.contains(problem)),
            "{problem}"
        );
    }
}

/// A cluster with one mistake in almost every field.
fn very_bad() -> Value {
    yaml(
        "{provider: aws, region: US, environment: P, kubernetesVersion: 1.36, network: {cidr: 1.2.3.4},
          nodePools: [{name: A, size: XL, min: 5, max: 2, labels: {'a b': c}, taints: [{}]}],
          tags: {Name: x}, access: {admins: [me]}, argocd: {auth: {mode: token}}, nodepools: []}",
    )
}

#[test]
fn all_mistakes_are_told_at_once_sorted_in_one_line() {
    let rsp = call(ScopeArg::Claims, &very_bad(), None);
    let message = fatal(&rsp).unwrap();
    assert!(
        message.starts_with("nothing was changed: 14 problems: (1) "),
        "{message}"
    );
    let paths: Vec<_> = (1..=14)
        .map(|n| {
            let (_, rest) = message.split_once(&format!(" ({n}) ")).unwrap();
            rest.split(": ").next().unwrap()
        })
        .collect();
    let mut sorted = paths.clone();
    sorted.sort_unstable();
    assert_eq!(paths, sorted);
    assert!(!message.contains(char::is_control), "{message}");
}

#[test]
fn a_fatal_answer_adds_nothing_and_passes_on_what_came() {
    let earlier = to_struct(&json!({"kind": "Theirs"})).unwrap();
    let mut request = fixture::request(
        fixture::composite(ScopeArg::Claims, "prod", &very_bad()),
        None,
    );
    let theirs = Resource {
        resource: Some(earlier.clone()),
        ..Resource::default()
    };
    request.desired = Some(State {
        composite: Some(theirs.clone()),
        resources: [("theirs".to_owned(), theirs)].into(),
    });
    request.context = Some(earlier);
    let rsp = compose(request.clone());
    assert!(fatal(&rsp).is_some());
    assert_eq!(rsp.desired, request.desired);
    assert_eq!(rsp.context, request.context);
    assert_eq!(rsp.meta.unwrap().tag, "tag");
    let [condition] = &rsp.conditions[..] else {
        panic!("{:?}", rsp.conditions);
    };
    assert_eq!(condition.r#type, "Valid");
    assert_eq!(condition.status, i32::from(Status::ConditionFalse));
    assert!(condition.message.as_ref().unwrap().contains("spec.region"));
}

#[test]
fn a_fatal_answer_that_comes_late_adds_nothing_either() {
    // What an earlier step wrote is too deep to be merged: found when everything is planned.
    let mut request = fixture::request(
        fixture::composite(ScopeArg::Claims, "prod", &fixture::aws()),
        None,
    );
    let deep = (0..600).fold(json!(1), |below, _| json!({ "a": below }));
    let earlier = to_struct(&deep).unwrap();
    request.desired = Some(State {
        composite: Some(xcluster::compose::resource(earlier)),
        ..State::default()
    });
    let rsp = compose(request.clone());
    assert!(fatal(&rsp).is_some());
    assert_eq!(rsp.desired, request.desired);
    assert_eq!(rsp.conditions.len(), 1);
    assert_eq!(rsp.results.len(), 1);
}

#[test]
fn a_message_stays_short_whatever_was_written() {
    let megabyte = "x".repeat(1 << 20);
    let many: Vec<_> = (0..500).map(|n| format!("region-{n:0500}")).collect();
    let values = [json!(megabyte), json!([megabyte]), json!({ megabyte: 1 })];
    for field in fixture::aws()
        .as_object()
        .unwrap()
        .keys()
        .chain(["tags", "access", "x"].map(String::from).iter())
    {
        for value in &values {
            let mut spec = fixture::aws();
            spec[field] = value.clone();
            let rsp = call(ScopeArg::Claims, &spec, None);
            let message = fatal(&rsp).unwrap();
            assert!(message.len() < 8000, "{field}: {} bytes", message.len());
        }
    }
    let input = json!({"allowedRegions": {"aws": many}, "allowedMachineTypes": {"aws": many}});
    let mut spec = fixture::aws();
    spec["nodePools"][0]["machineTypes"] = json!({"aws": ["m7i.large"]});
    let rsp = call(ScopeArg::Claims, &spec, Some(&input));
    let message = fatal(&rsp).unwrap();
    assert!(message.len() < 8000, "{} bytes", message.len());
}
