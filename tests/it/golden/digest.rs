//! Short hashes, so that every byte of every answer is held and few have to be read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    mem,
};

use prost::Message as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::cost;
use crate::support::simulator::Step;

/// The first 8 hex digits of the sha256 of a document's JSON, its keys sorted.
pub(super) fn short(document: &Value) -> String {
    let bytes = Sha256::digest(document.to_string());
    bytes[..4].iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The hash of what a step says that the one before did not.
///
/// A part that stays as it is counts once, so one changed field changes the hashes of few steps.
pub(super) fn step(before: Option<&Step>, step: &Step) -> String {
    let (last, now) = (before.map(parts).unwrap_or_default(), parts(step));
    let names: BTreeSet<_> = last.keys().chain(now.keys()).collect();
    let changed = names
        .into_iter()
        .filter(|name| last.get(*name) != now.get(*name));
    let changed: BTreeMap<_, _> = changed.map(|name| (name, now.get(name))).collect();
    short(&json!(changed))
}

/// A whole answer in parts, by name; the cost is left out, because `cost.yaml` holds it.
fn parts(step: &Step) -> BTreeMap<String, Value> {
    let mut parts = BTreeMap::new();
    let mut rest = step.response.clone();

    let conditions = mem::take(&mut rest.conditions);
    let types: Vec<_> = conditions
        .iter()
        .map(|condition| &condition.r#type)
        .collect();
    parts.insert("conditions".to_owned(), json!(types));
    for condition in &conditions {
        if condition.r#type != cost::CONDITION {
            let name = format!("condition {}", condition.r#type);
            parts.insert(name, condition.encode_to_vec().into());
        }
    }

    if let Some(state) = &mut rest.desired {
        for (key, resource) in &mut state.resources {
            let object = json!(resource.resource.take());
            parts.insert(format!("object {key}"), object);
        }
        let composite = state.composite.as_mut();
        let object = composite.and_then(|composite| composite.resource.take());
        let mut object = json!(object);
        for (field, value) in cost::without(object["status"].take()) {
            if field == "waitingFor" {
                waiting(&value, &mut parts);
            } else {
                parts.insert(format!("status {field}"), value);
            }
        }
        parts.insert("composite".to_owned(), object);
        for (key, resource) in mem::take(&mut state.resources) {
            parts.insert(format!("resource {key}"), resource.encode_to_vec().into());
        }
    }
    parts.insert("rest".to_owned(), rest.encode_to_vec().into());
    parts
}

/// Each entry by itself, and their order.
fn waiting(list: &Value, parts: &mut BTreeMap<String, Value>) {
    let entries = list.as_array().into_iter().flatten();
    let order: Vec<_> = entries.clone().map(|entry| &entry["resource"]).collect();
    parts.insert("waiting".to_owned(), json!(order));
    for entry in entries {
        parts.insert(format!("waiting {}", entry["resource"]), entry.clone());
    }
    assert_eq!(
        order
            .iter()
            .map(|key| key.as_str())
            .collect::<BTreeSet<_>>()
            .len(),
        order.len(),
        "a resource waits more than once"
    );
}
