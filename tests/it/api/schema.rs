//! Structural schemas: walking them, defaulting by them, and checking values against them.

use serde_json::{Map, Value};

use crate::support::{
    cases::text,
    cel::{self, Outcome},
};

/// The source XRD.
pub(crate) const SOURCE: &str = "clusters/xrd/cluster.yaml";
/// The CRD of the Input.
pub(crate) const INPUT: &str = "package/input/xcluster.fn.crossplane.io_inputs.yaml";

pub(crate) fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The schema of the only version of a definition.
pub(crate) fn schema_of(definition: &Value) -> Value {
    let versions = definition["spec"]["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 1);
    versions[0]["schema"]["openAPIV3Schema"].clone()
}

/// A place in a schema. Its path has `[]` behind a list and `{}` behind a map with free keys:
/// `spec.nodePools[].labels{}`.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) path: String,
    pub(crate) schema: Value,
}

impl Node {
    pub(crate) fn kind(&self) -> &str {
        self.schema["type"].as_str().unwrap_or_default()
    }

    pub(crate) fn is_leaf(&self) -> bool {
        matches!(self.kind(), "string" | "integer" | "boolean")
    }

    /// Whether it is an object whose fields are known.
    pub(crate) fn is_record(&self) -> bool {
        self.schema["properties"].is_object()
    }

    pub(crate) fn choices(&self) -> Vec<&str> {
        let values = self.schema["enum"].as_array().into_iter().flatten();
        values.map(|value| value.as_str().unwrap()).collect()
    }
}

/// Every place of a schema, parents first.
pub(crate) fn nodes(root: &str, schema: &Value) -> Vec<Node> {
    let mut found = vec![Node {
        path: root.to_owned(),
        schema: schema.clone(),
    }];
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        found.extend(nodes(&format!("{root}.{name}"), property));
    }
    if schema["items"].is_object() {
        found.extend(nodes(&format!("{root}[]"), &schema["items"]));
    }
    if schema["additionalProperties"].is_object() {
        found.extend(nodes(
            &format!("{root}{{}}"),
            &schema["additionalProperties"],
        ));
    }
    found
}

pub(crate) fn leaves(root: &str, schema: &Value) -> Vec<Node> {
    let mut found = nodes(root, schema);
    found.retain(Node::is_leaf);
    assert!(!found.is_empty());
    found
}

/// A step of a path below its root.
enum Step<'p> {
    Field(&'p str),
    FirstItem,
    FirstEntry,
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut found = Vec::new();
    for segment in path.split('.').skip(1) {
        let name = segment.trim_end_matches(['[', ']', '{', '}']);
        found.push(Step::Field(name));
        if segment.ends_with("[]") {
            found.push(Step::FirstItem);
        } else if segment.ends_with("{}") {
            found.push(Step::FirstEntry);
        }
    }
    found
}

/// The value at a path; of a list the first item, of a map the first entry.
pub(crate) fn place<'v>(value: &'v mut Value, path: &str) -> &'v mut Value {
    steps(path).into_iter().fold(value, |at, step| match step {
        Step::Field(name) => at
            .get_mut(name)
            .unwrap_or_else(|| panic!("{path}: the example has no {name}")),
        Step::FirstItem => &mut at[0],
        Step::FirstEntry => at.as_object_mut().unwrap().values_mut().next().unwrap(),
    })
}

/// Like [`place`], if it is there.
pub(crate) fn find(value: &Value, path: &str) -> Option<Value> {
    let found = steps(path)
        .into_iter()
        .try_fold(value, |at, step| match step {
            Step::Field(name) => at.get(name),
            Step::FirstItem => at.get(0),
            Step::FirstEntry => at.as_object()?.values().next(),
        });
    found.cloned()
}

/// A value with another one at a path.
pub(crate) fn with(value: &Value, path: &str, other: impl Into<Value>) -> Value {
    let mut changed = value.clone();
    *place(&mut changed, path) = other.into();
    changed
}

/// The path as a violation says it, with the index and the key that [`place`] takes.
pub(crate) fn spoken(value: &Value, path: &str) -> String {
    let mut said = path.split('.').next().unwrap().to_owned();
    let mut at = value;
    for step in steps(path) {
        match step {
            Step::Field(name) => {
                said = format!("{said}.{name}");
                at = &at[name];
            }
            Step::FirstItem => {
                said.push_str("[0]");
                at = &at[0];
            }
            Step::FirstEntry => {
                let (key, value) = at.as_object().unwrap().iter().next().unwrap();
                said = format!("{said}[{key}]");
                at = value;
            }
        }
    }
    said
}

/// What the API server does to an object before anybody sees it.
pub(crate) fn defaulted(schema: &Value, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields = fields.clone();
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                if !fields.contains_key(name)
                    && let Some(default) = property.get("default")
                {
                    fields.insert(name.clone(), default.clone());
                }
            }
            let inside = |(name, value): (String, Value)| {
                let property = schema["properties"].get(&name);
                let schema = property.unwrap_or(&schema["additionalProperties"]);
                (name, defaulted(schema, &value))
            };
            Value::Object(fields.into_iter().map(inside).collect())
        }
        Value::Array(items) => items
            .iter()
            .map(|item| defaulted(&schema["items"], item))
            .collect(),
        scalar => scalar.clone(),
    }
}

/// A value without empty lists and objects: to people they say the same as nothing.
pub(crate) fn without_empty(value: &Value) -> Value {
    let is_empty = |value: &Value| {
        value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), without_empty(value)))
            .filter(|(_, value)| !is_empty(value))
            .collect(),
        Value::Array(items) => items.iter().map(without_empty).collect(),
        scalar => scalar.clone(),
    }
}

/// Checks values as the API server would: the schema, lists that are sets, and the rules in CEL that stand at
/// a string or a list itself. Those of objects compare fields, which are tested one by one here.
pub(crate) struct Check {
    schema: Value,
    validator: jsonschema::Validator,
}

impl Check {
    pub(crate) fn new(schema: &Value) -> Self {
        Self {
            schema: schema.clone(),
            validator: jsonschema::validator_for(schema).unwrap(),
        }
    }

    pub(crate) fn accepts(&self, value: &Value) -> bool {
        let repeats = |items: &Vec<Value>| {
            (1..items.len()).any(|n| items[..n].iter().any(|other| *other == items[n]))
        };
        let is_set = self.schema["x-kubernetes-list-type"] == "set";
        let keeps_rules = || {
            let verdicts = cel::own("", &self.schema, value, None);
            let mut outcomes = verdicts.into_iter().map(|it| it.outcome);
            outcomes.all(|outcome| outcome == Outcome::Holds)
        };
        self.validator.is_valid(value)
            && !(is_set && value.as_array().is_some_and(repeats))
            && (value.is_object() || keeps_rules())
    }
}

/// The rules in CEL of one place.
pub(crate) fn rules(schema: &Value) -> impl Iterator<Item = &str> {
    let rules = schema["x-kubernetes-validations"].as_array();
    rules
        .into_iter()
        .flatten()
        .map(|rule| rule["rule"].as_str().unwrap())
}
