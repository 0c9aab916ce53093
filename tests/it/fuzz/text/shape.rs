//! What a string may change of the objects that it stands in: its own value, and nothing around it.

use serde_json::{Value, json};
use xcluster::wire::proto::v1::RunFunctionResponse;

use crate::fixture::desired;

/// The shape of a value: its structure without its strings. JSON and base64 inside strings are
/// opened, since that is where a string could break out.
fn shape(value: &Value, path: &str, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            lines.push(format!("{path}{{{}}}", fields.len()));
            for (key, item) in fields {
                let free = ["labels", "annotations", "tags", "resourceLabels"];
                let key = if free.iter().any(|name| path.ends_with(name)) {
                    "*"
                } else {
                    key
                };
                shape(item, &format!("{path}/{key}"), lines);
            }
        }
        Value::Array(items) => {
            lines.push(format!("{path}[{}]", items.len()));
            for item in items {
                shape(item, &format!("{path}/-"), lines);
            }
        }
        Value::String(text) if path.ends_with("/data/config") => {
            let quoted = json!(text);
            let bytes: k8s_openapi::ByteString = serde_json::from_value(quoted).unwrap();
            shape(&serde_json::from_slice(&bytes.0).unwrap(), path, lines);
        }
        // Policies, and the configuration of add-ons.
        Value::String(text) if text.starts_with('{') && !path.contains("/annotations/") => {
            shape(&serde_json::from_str(text).unwrap(), path, lines);
        }
        Value::String(text) if path.ends_with("/condition/expression") => {
            let name = text
                .strip_prefix("resource.name == \"projects/")
                .and_then(|rest| rest.strip_suffix('"'))
                .unwrap();
            assert!(
                !name.contains(['"', '\\']) && name.split('/').count() == 5,
                "{text}"
            );
        }
        Value::String(_) => lines.push(format!("{path} string")),
        other => lines.push(format!("{path} {other}")),
    }
}

pub(super) fn shapes(rsp: &RunFunctionResponse) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, object) in desired(rsp) {
        // The keys of pools and principals hold hashes of what they are made of.
        let key = key.trim_end_matches(|c: char| c.is_ascii_hexdigit());
        shape(&object, key, &mut lines);
    }
    lines.sort();
    lines
}
