//! What the function says about fields without an equivalent, brought out of it field by field.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use xcluster::cloud::registry::Clouds;

use super::super::{
    examples::{parse_spec, spec},
    schema::{Node, find, leaves, with},
};

/// A note in `status.parity`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Note {
    /// The field's path, without indices.
    pub(super) field: String,
    pub(super) cloud: &'static str,
    pub(super) note: String,
}

/// Every note that one field, in one of the modes, brings out.
pub(super) fn notes() -> Vec<Note> {
    let api = spec();
    let leaves = leaves(api.root, &api.schema);
    let mut found = BTreeSet::new();
    for cloud in ["aws", "gcp"] {
        for mode in ["standard", "auto"] {
            for base in [&api.minimal, &api.full] {
                let mut base = base.clone();
                base["provider"] = cloud.into();
                base["mode"] = mode.into();
                note(cloud, &base, &mut found);
                for leaf in &leaves {
                    for other in values(leaf, &base) {
                        note(cloud, &other, &mut found);
                    }
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The spec with each value of a field that may make a difference.
fn values(leaf: &Node, base: &Value) -> Vec<Value> {
    let fixed = ["spec.provider", "spec.mode"];
    if fixed.contains(&leaf.path.as_str()) || find(base, &leaf.path).is_none() {
        return Vec::new();
    }
    let choices: Vec<Value> = match leaf.kind() {
        "boolean" => vec![json!(true), json!(false)],
        "integer" => vec![
            leaf.schema["minimum"].clone(),
            leaf.schema["maximum"].clone(),
        ],
        _ if leaf.path == "spec.endpoint.allowedCidrs[]" => vec![json!("10.0.0.0/8")],
        _ => leaf.choices().into_iter().map(Value::from).collect(),
    };
    choices
        .into_iter()
        .map(|value| with(base, &leaf.path, value))
        .collect()
}

fn note(cloud: &'static str, spec: &Value, found: &mut BTreeSet<Note>) {
    let Ok(spec) = parse_spec(spec) else {
        return;
    };
    for parity in Clouds::ALL.of(spec.provider).unwrap().parity(&spec) {
        found.insert(Note {
            field: parity.field.replace("[0]", "[]"),
            cloud,
            note: parity.note,
        });
    }
}
