//! What API servers and providers write into objects beside what the function asks for.
//!
//! Most bytes of a real request are of this kind: identity, owners, finalizers, transition times,
//! and above all `managedFields`, which name every field again for everyone who wrote it. All of it
//! is made from the object itself, so that equal clusters give equal bytes.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::apply;

const TIME: &str = "2026-01-15T09:30:00Z";

/// A composite as the API server has it once its objects are there.
pub fn composite(object: &Value, composed: &[&Value]) -> Value {
    let mut object = object.clone();
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let name = name.to_owned();
    let references = composed.iter().map(|object| {
        json!({"apiVersion": object["apiVersion"], "kind": object["kind"], "name": object["metadata"]["name"]})
    });
    let references: Vec<Value> = references.collect();
    let spec = &mut object["spec"];
    spec["compositionRef"] = json!({"name": "xclusters.xcluster.dev"});
    spec["compositionRevisionRef"] = json!({"name": "xclusters.xcluster.dev-0f5e2a1"});
    spec["compositionUpdatePolicy"] = "Automatic".into();
    if !references.is_empty() {
        spec["resourceRefs"] = references.into();
    }
    let written = json!({"metadata": parts(&object["metadata"], &["annotations", "labels"]), "spec": object["spec"]});
    let mut managers = vec![manager(
        &object,
        "apiextensions.crossplane.io/claim",
        "Apply",
        &written,
    )];
    if object.get("status").is_some() {
        date_conditions(&mut object);
        let written = parts(&object, &["status"]);
        let applier = "apiextensions.crossplane.io/composite";
        managers.push(manager(&object, applier, "Apply", &written));
    }
    identify(&mut object, &name);
    object["metadata"]["finalizers"] = json!(["composite.apiextensions.crossplane.io"]);
    object["metadata"]["managedFields"] = managers.into();
    object
}

/// A composed object as the API server has it once its provider is done with it.
pub fn composed(object: &Value, owner: &Value) -> Value {
    let mut object = object.clone();
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let name = name.to_owned();
    object["metadata"]["ownerReferences"] = json!([{
        "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"], "controller": true, "blockOwnerDeletion": true,
    }]);
    let asked = ["annotations", "labels", "ownerReferences"];
    let written = json!({"metadata": parts(&object["metadata"], &asked), "spec": object["spec"]});
    let applier = format!(
        "apiextensions.crossplane.io/composed/{}",
        hex(64, "applier")
    );
    let mut managers = vec![manager(&object, &applier, "Apply", &written)];
    if object.pointer("/spec/forProvider").is_some() {
        let written = provided(&mut object);
        managers.push(manager(&object, "provider", "Update", &written));
        let written = parts(&object, &["status"]);
        let mut status = manager(&object, "provider", "Update", &written);
        status["subresource"] = "status".into();
        managers.push(status);
    }
    identify(&mut object, &name);
    object["metadata"]["managedFields"] = managers.into();
    object
}

fn identify(object: &mut Value, name: &str) {
    let metadata = &mut object["metadata"];
    let digits = hex(32, name);
    let mut rest = digits.as_str();
    let groups = [8, 4, 4, 4, 12].map(|length| {
        let (group, after) = rest.split_at(length);
        rest = after;
        group
    });
    metadata["uid"] = groups.join("-").into();
    metadata["resourceVersion"] = "184467".into();
    metadata["generation"] = 3.into();
    metadata["creationTimestamp"] = TIME.into();
}

/// Adds what a provider writes into a managed resource. What that is beside the status.
fn provided(object: &mut Value) -> Value {
    let own = json!({"metadata": {
        "annotations": {
            "crossplane.io/external-create-pending": TIME,
            "crossplane.io/external-create-succeeded": TIME,
            "crossplane.io/external-name": object["metadata"]["annotations"]["crossplane.io/external-name"],
            "upjet.crossplane.io/provider-meta":
                r#"{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":1800000000000}}"#,
        },
        "finalizers": ["finalizer.managedresource.crossplane.io"],
    }});
    apply::set(object, &own);
    if let Some(tags) = object.pointer("/spec/forProvider/tags").cloned() {
        object["status"]["atProvider"]["tagsAll"] = tags;
    }
    if let Some(conditions) = object["status"]["conditions"].as_array_mut() {
        conditions
            .push(json!({"type": "LastAsyncOperation", "status": "True", "reason": "Success"}));
    }
    object["status"]["observedGeneration"] = 3.into();
    date_conditions(object);
    own
}

fn date_conditions(object: &mut Value) {
    let conditions = object.pointer_mut("/status/conditions");
    for condition in conditions
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        condition["lastTransitionTime"] = TIME.into();
        condition["observedGeneration"] = 3.into();
    }
}

/// An entry of managedFields: who wrote what of the object.
fn manager(object: &Value, name: &str, operation: &str, written: &Value) -> Value {
    json!({"manager": name, "operation": operation, "apiVersion": object["apiVersion"], "time": TIME,
        "fieldsType": "FieldsV1", "fieldsV1": fields(written)})
}

/// Some fields of an object, those that it has.
fn parts(object: &Value, names: &[&str]) -> Value {
    let parts = names
        .iter()
        .filter_map(|&name| Some((name.to_owned(), object.get(name)?.clone())));
    Value::Object(parts.collect())
}

/// The names of an object's fields, as `FieldsV1` has them.
fn fields(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let named = object.iter();
            let named = named.map(|(key, value)| (format!("f:{key}"), fields(value)));
            Value::Object(named.collect())
        }
        Value::Array(items) => {
            let keyed = items.iter().filter_map(|item| {
                let key = ["type", "uid", "name"]
                    .into_iter()
                    .find(|key| item.get(key).is_some())?;
                let mut inner = fields(item);
                inner["."] = json!({});
                Some((format!("k:{}", json!({ key: item[key] })), inner))
            });
            Value::Object(keyed.collect())
        }
        _ => json!({}),
    }
}

/// Hexadecimal digits that depend on nothing but a text (FNV-1a).
pub fn hex(digits: usize, text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut made = String::new();
    while made.len() < digits {
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        // Writing to a String cannot fail.
        let _ = write!(made, "{hash:016x}");
    }
    made.truncate(digits);
    made
}
