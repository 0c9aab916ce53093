//! Where the strings of a spec and an Input are.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::full::full;
use crate::api::{examples::apis, schema::leaves};

/// Pointers to all strings in a value, and to all keys that a person chose.
pub(super) fn places(value: &Value, pointer: &str, found: &mut Vec<(String, bool)>) {
    match value {
        Value::String(_) => found.push((pointer.to_owned(), false)),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{n}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                places(item, &format!("{pointer}/{key}"), found);
                let free = ["labels", "annotations", "tags", "accounts"];
                if free
                    .iter()
                    .any(|name| pointer.ends_with(&format!("/{name}")))
                {
                    found.push((format!("{pointer}/{key}"), true));
                }
            }
        }
        _ => {}
    }
}

/// `value` with a hostile string for the value, or the key, at a pointer.
pub(super) fn replaced(value: &Value, pointer: &str, is_key: bool, hostile: &str) -> Value {
    let mut value = value.clone();
    if is_key {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let fields = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        let before = fields.remove(key).unwrap();
        fields.insert(hostile.to_owned(), before);
    } else {
        *value.pointer_mut(pointer).unwrap() = json!(hostile);
    }
    value
}

/// The path of a pointer as schemas have it: `spec.nodePools[].labels{}`.
fn schema_path(root: &str, mut schema: &Value, pointer: &str) -> String {
    let mut path = root.to_owned();
    for segment in pointer.split('/').skip(1) {
        if schema["properties"].is_object() {
            path = format!("{path}.{segment}");
            schema = &schema["properties"][segment];
        } else if schema["items"].is_object() {
            path.push_str("[]");
            schema = &schema["items"];
        } else {
            path.push_str("{}");
            schema = &schema["additionalProperties"];
        }
    }
    path
}

#[test]
fn every_string_of_both_schemas_has_a_place() {
    for (part, api) in apis().iter().enumerate() {
        let mut covered = BTreeSet::new();
        for cloud in ["aws", "gcp"] {
            let (spec, input) = full(cloud);
            let mut found = Vec::new();
            places([&spec, &input][part], "", &mut found);
            covered.extend(
                found
                    .iter()
                    .map(|(pointer, _)| schema_path(api.root, &api.schema, pointer)),
            );
        }
        let strings = leaves(api.root, &api.schema);
        let strings = strings.iter().filter(|leaf| leaf.kind() == "string");
        let missing: Vec<_> = strings
            .map(|leaf| &leaf.path)
            .filter(|path| !covered.contains(*path))
            .collect();
        assert_eq!(missing, [""; 0], "add them to the full clusters");
    }
}
