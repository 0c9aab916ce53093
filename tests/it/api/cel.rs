//! The rules in CEL of the XRDs and of the Input, as an API server evaluates them: each is seen to hold and to be broken,
//! and what they refuse the function refuses too.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::{Value, json};

use super::schema::{INPUT, SOURCE, defaulted, schema_of, yaml};
use crate::{
    lifecycle::refused,
    support::{
        cases::{run, runs},
        cel::{Outcome, Verdict, compiled, refusals, rules, verdicts},
    },
    validation::{Row, Written, rows},
};

/// A schema with its rules.
struct Api {
    root: &'static str,
    schema: Value,
    validator: jsonschema::Validator,
}

/// What composites have to be by all three XRDs, which have the same schema.
static COMPOSITE: LazyLock<Api> = LazyLock::new(|| Api::new("", SOURCE));

/// What the function's Input has to be.
static INPUTS: LazyLock<Api> = LazyLock::new(|| Api::new("input", INPUT));

impl Api {
    fn new(root: &'static str, definition: &str) -> Self {
        let schema = schema_of(&yaml(definition));
        let validator = jsonschema::validator_for(&schema).unwrap();
        Self {
            root,
            schema,
            validator,
        }
    }

    /// What each rule says. Where the rest of the schema refuses an object, no rule is asked.
    fn verdicts(&self, new: &Value, old: Option<&Value>) -> Vec<Verdict> {
        let new = defaulted(&self.schema, new);
        if !self.validator.is_valid(&new) {
            return Vec::new();
        }
        let old = old.map(|old| defaulted(&self.schema, old));
        verdicts(self.root, &self.schema, &new, old.as_ref())
    }

    /// Why an API server refuses an object.
    fn refusals(&self, new: &Value, old: Option<&Value>) -> Vec<String> {
        let new = defaulted(&self.schema, new);
        let errors = self.validator.iter_errors(&new);
        let mut found: Vec<_> = errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if found.is_empty() {
            let old = old.map(|old| defaulted(&self.schema, old));
            let broken = refusals(self.root, &self.schema, &new, old.as_ref());
            found.extend(broken.iter().map(ToString::to_string));
        }
        found
    }
}

fn composite(name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "xcluster.dev/v1alpha1",
        "kind": "Cluster",
        "metadata": {"name": name},
        "spec": spec,
    })
}

/// Why an API server refuses to create a cluster with this spec.
pub(crate) fn why_refused(name: &str, spec: &Value) -> Vec<String> {
    COMPOSITE.refusals(&composite(name, spec), None)
}

/// A rule, as a verdict names it.
type Name = (String, String);

/// The rules that hold wherever they count, and those that are broken somewhere.
///
/// # Panics
/// When one cannot be evaluated.
fn sorted_out(verdicts: &[Verdict]) -> (BTreeSet<Name>, BTreeSet<Name>) {
    for it in verdicts {
        assert!(!matches!(it.outcome, Outcome::Error(_)), "{it}");
    }
    let of = |outcome: &Outcome| {
        let found = verdicts.iter().filter(|it| it.outcome == *outcome);
        found
            .map(|it| (it.path.clone(), it.message.clone()))
            .collect::<BTreeSet<_>>()
    };
    let broken = of(&Outcome::Broken);
    (&of(&Outcome::Holds) - &broken, broken)
}

/// The rules that a row's mistake breaks and its neighbor keeps.
fn told_apart(row: &Row) -> BTreeSet<Name> {
    let of_composite = |it: &Written| COMPOSITE.verdicts(&composite(&it.name, &it.spec), None);
    let of_input = |it: &Written| INPUTS.verdicts(&it.input, None);
    let judged = |patch: &Value| {
        let written = row.written(patch);
        sorted_out(&[of_composite(&written), of_input(&written)].concat())
    };
    &judged(&row.good).0 & &judged(&row.bad).1
}

/// The rules that a change of a settled example breaks, and that hold without it.
fn broken_by((example, edit, _): &refused::Row) -> BTreeSet<Name> {
    let mut world = run(example).world.clone();
    let old = world.composite.clone();
    world.edit(edit);
    let judged = |new: &Value| sorted_out(&COMPOSITE.verdicts(new, Some(&old)));
    &judged(&old).0 & &judged(&world.composite).1
}

#[test]
fn every_rule_is_one_that_an_api_server_takes_and_that_can_be_evaluated() {
    for api in [&COMPOSITE, &INPUTS] {
        for rule in rules(api.root, &api.schema) {
            let fields: Vec<_> = rule.written.as_object().unwrap().keys().collect();
            // Others mean more than is evaluated here.
            assert_eq!(fields, ["message", "rule"], "{}", rule.path);
            let compiled = compiled(rule.written["rule"].as_str().unwrap());
            assert_eq!(compiled.unknown_functions(), [""; 0], "{}", rule.path);
            assert!(
                rule.correlates || !compiled.is_transition,
                "nothing old is known at {}",
                rule.path
            );
        }
    }
}

#[test]
fn every_rule_holds_for_one_value_and_is_broken_by_another() {
    let mut seen: BTreeSet<Name> = rows().iter().flat_map(told_apart).collect();
    let changes = [refused::rows(), refused::harmless()].concat();
    seen.extend(changes.iter().flat_map(broken_by));
    let mut all = BTreeSet::new();
    for api in [&COMPOSITE, &INPUTS] {
        for rule in rules(api.root, &api.schema) {
            let message = rule.written["message"].as_str().unwrap().to_owned();
            assert!(
                all.insert((rule.path, message.clone())),
                "there is another rule with {message}"
            );
        }
    }
    assert!(all.len() > 25, "{all:#?}");
    let unseen: Vec<_> = all.difference(&seen).collect();
    assert!(unseen.is_empty(), "no row tells apart {unseen:#?}");
}

#[test]
fn a_change_that_a_rule_forbids_is_one_that_the_function_refuses_too_or_that_is_harmless() {
    let transitions = rules("", &COMPOSITE.schema).into_iter().filter(|rule| {
        let text = rule.written["rule"].as_str().unwrap();
        compiled(text).is_transition
    });
    let transitions: BTreeSet<Name> = transitions
        .map(|rule| {
            let message = rule.written["message"].as_str().unwrap();
            (rule.path, message.to_owned())
        })
        .collect();
    assert!(transitions.len() > 8, "{transitions:#?}");
    let changes = [refused::rows(), refused::harmless()].concat();
    for shape in refused::SHAPES {
        let of_shape = changes.iter().filter(|row| row.0 == shape);
        let forbidden: BTreeSet<Name> = of_shape.flat_map(broken_by).collect();
        let unseen: Vec<_> = transitions.difference(&forbidden).collect();
        assert!(unseen.is_empty(), "no change of {shape} breaks {unseen:#?}");
    }
}

#[test]
fn what_the_function_takes_an_api_server_takes() {
    for row in rows() {
        let written = row.written(&row.good);
        let of_composite = why_refused(&written.name, &written.spec);
        assert_eq!(of_composite, [""; 0], "{}", row.title());
        let of_input = INPUTS.refusals(&written.input, None);
        assert_eq!(of_input, [""; 0], "{}", row.title());
    }
    for run in runs() {
        // With the status that the function wrote, as it is and in the place of itself.
        let settled = &run.world.composite;
        for old in [None, Some(settled)] {
            let found = COMPOSITE.refusals(settled, old);
            assert_eq!(found, [""; 0], "{}", run.title());
        }
    }
}
