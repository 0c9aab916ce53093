//! The rules in CEL of a structural schema (`x-kubernetes-validations`), evaluated as an API server does.
//!
//! CEL itself is the `cel` crate's. What Kubernetes adds is here, as its documentation of custom resource definitions has it
//! ("Validation rules"): a transition rule counts only where there is an old value, and a list's items have one only where
//! the list is a map.

mod bind;
mod compiled;
mod tests;

use std::fmt;

use serde_json::Value;

pub(crate) use compiled::compiled;

/// What one rule says about one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The value's place, as in `spec.nodePools[].labels{}`.
    pub(crate) path: String,
    /// What people read when the rule is broken.
    pub(crate) message: String,
    /// Whether it is.
    pub(crate) outcome: Outcome,
}

/// Whether a rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It does.
    Holds,
    /// It does not.
    Broken,
    /// An API server refuses the value too, with this error for a message.
    Error(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, message, .. } = self;
        match &self.outcome {
            Outcome::Holds => write!(f, "{path}: holds: {message}"),
            Outcome::Broken => write!(f, "{path}: {message}"),
            Outcome::Error(error) => write!(f, "{path}: {error}, in the rule: {message}"),
        }
    }
}

/// A rule and its place in a schema.
pub(crate) struct Rule {
    /// The place.
    pub(crate) path: String,
    /// All that the schema says of it.
    pub(crate) written: Value,
    /// Whether a value at its place has an old one on an update.
    pub(crate) correlates: bool,
}

/// Every rule of a schema.
pub(crate) fn rules(root: &str, schema: &Value) -> Vec<Rule> {
    let mut found = Vec::new();
    collect(root, schema, true, &mut found);
    found
}

fn collect(path: &str, schema: &Value, correlates: bool, found: &mut Vec<Rule>) {
    let written = schema["x-kubernetes-validations"].as_array();
    found.extend(written.into_iter().flatten().map(|rule| Rule {
        path: path.to_owned(),
        written: rule.clone(),
        correlates,
    }));
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(&below(path, name), property, correlates, found);
    }
    if schema["items"].is_object() {
        let correlates = correlates && schema["x-kubernetes-list-type"] == "map";
        collect(&format!("{path}[]"), &schema["items"], correlates, found);
    }
    if schema["additionalProperties"].is_object() {
        let values = &schema["additionalProperties"];
        collect(&format!("{path}{{}}"), values, correlates, found);
    }
}

fn below(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// What every rule says that counts for a value with its defaults; `old` is what an update replaces.
pub(crate) fn verdicts(
    root: &str,
    schema: &Value,
    new: &Value,
    old: Option<&Value>,
) -> Vec<Verdict> {
    let mut found = Vec::new();
    walk(root, schema, new, old, &mut found);
    found
}

/// Those that an API server refuses the value for.
pub(crate) fn refusals(
    root: &str,
    schema: &Value,
    new: &Value,
    old: Option<&Value>,
) -> Vec<Verdict> {
    let mut found = verdicts(root, schema, new, old);
    found.retain(|verdict| verdict.outcome != Outcome::Holds);
    found
}

/// What the rules at one place say about a value, without those below it.
pub(crate) fn own(path: &str, schema: &Value, new: &Value, old: Option<&Value>) -> Vec<Verdict> {
    let written = schema["x-kubernetes-validations"].as_array();
    let Some(written) = written.filter(|rules| !rules.is_empty()) else {
        return Vec::new();
    };
    let (new, old) = (
        bind::value(schema, new),
        old.map(|old| bind::value(schema, old)),
    );
    let rules = written
        .iter()
        .map(|rule| (rule, compiled(rule["rule"].as_str().unwrap())));
    rules
        .filter(|(_, compiled)| old.is_some() || !compiled.is_transition)
        .map(|(rule, compiled)| Verdict {
            path: path.to_owned(),
            message: rule["message"].as_str().unwrap_or_default().to_owned(),
            outcome: compiled.evaluate(&new, old.as_ref()),
        })
        .collect()
}

fn walk(path: &str, schema: &Value, new: &Value, old: Option<&Value>, found: &mut Vec<Verdict>) {
    found.extend(own(path, schema, new, old));
    for (name, value) in new.as_object().into_iter().flatten() {
        let old = old.and_then(|old| old.get(name));
        if let Some(property) = schema["properties"].get(name) {
            walk(&below(path, name), property, value, old, found);
        } else if schema["additionalProperties"].is_object() {
            let values = &schema["additionalProperties"];
            walk(&format!("{path}{{}}"), values, value, old, found);
        }
    }
    for item in new.as_array().into_iter().flatten() {
        let old = old.and_then(|old| counterpart(schema, item, old));
        walk(&format!("{path}[]"), &schema["items"], item, old, found);
    }
}

/// The item of an old list that an item of the new one replaces: the one with its keys.
fn counterpart<'a>(schema: &Value, item: &Value, old: &'a Value) -> Option<&'a Value> {
    let keys = schema["x-kubernetes-list-map-keys"].as_array()?;
    let same = |other: &&Value| {
        let mut keys = keys.iter().filter_map(Value::as_str);
        keys.all(|key| item.get(key) == other.get(key))
    };
    old.as_array()?.iter().find(same)
}
