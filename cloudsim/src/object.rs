//! What managed resources say, read without their types.

use serde_json::Value;

/// A string at a JSON pointer; empty where there is none.
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A field of `forProvider`.
pub fn field<'a>(object: &'a Value, name: &str) -> &'a str {
    part(object, "spec", "forProvider", name)
}

/// A field of `atProvider`.
pub fn reported<'a>(object: &'a Value, name: &str) -> &'a str {
    part(object, "status", "atProvider", name)
}

fn part<'a>(object: &'a Value, of: &str, part: &str, name: &str) -> &'a str {
    object[of][part][name].as_str().unwrap_or_default()
}

/// The name in the cloud, whether or not the object has it stored.
pub fn name_of(object: &Value) -> &str {
    match stored_name(object) {
        "" => reported(object, "id"),
        name => name,
    }
}

/// The external name that the object has stored: what references to it resolve to.
pub(crate) fn stored_name(object: &Value) -> &str {
    let annotations = &object["metadata"]["annotations"];
    annotations["crossplane.io/external-name"]
        .as_str()
        .unwrap_or_default()
}

/// Whether the cloud has the object and it works.
pub fn works(object: &Value) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    let mut conditions = conditions.into_iter().flatten();
    let ready = conditions.any(|c| c["type"] == "Ready" && c["status"] == "True");
    ready && matches!(reported(object, "status"), "" | "ACTIVE")
}

/// Whether the management policies allow an action; all are allowed where none are named.
pub fn may(object: &Value, action: &str) -> bool {
    let policies = object["spec"]["managementPolicies"].as_array();
    policies.is_none_or(|policies| policies.iter().any(|p| *p == action || *p == "*"))
}

/// Whether somebody has asked for the object's deletion.
pub(crate) fn is_going(object: &Value) -> bool {
    !object["metadata"]["deletionTimestamp"].is_null()
}
