//! JSON as a rule sees it: `self` and `oldSelf`.

use std::sync::Arc;

use cel::objects::{Key, Map};
use serde_json::Value;

/// Words of CEL, which no field can be called by (`celReservedSymbols` of Kubernetes' CEL library).
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A field's name in a rule (`Escape` of Kubernetes' CEL library).
fn escaped(name: &str) -> String {
    if RESERVED.contains(&name) {
        return format!("__{name}__");
    }
    name.replace("__", "__underscores__")
        .replace('.', "__dot__")
        .replace('-', "__dash__")
        .replace('/', "__slash__")
}

/// A value by its schema. A rule sees no field that the schema lacks, and of an object's metadata the name alone.
pub(super) fn value(schema: &Value, value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(it) => (*it).into(),
        Value::String(it) => it.as_str().into(),
        Value::Number(it) => match it.as_i64().filter(|_| schema["type"] != "number") {
            Some(it) => it.into(),
            None => it.as_f64().unwrap().into(),
        },
        Value::Array(items) => list(schema, items),
        Value::Object(fields) => object(schema, fields),
    }
}

fn object(schema: &Value, fields: &serde_json::Map<String, Value>) -> cel::Value {
    let known = schema["properties"].as_object();
    let values = &schema["additionalProperties"];
    let named = fields.iter().filter_map(|(name, field)| match known {
        Some(_) if name == "metadata" && fields.contains_key("kind") => {
            Some((escaped(name), metadata(field)))
        }
        Some(known) => Some((escaped(name), value(known.get(name)?, field))),
        None => Some((name.clone(), value(values, field))),
    });
    map(named)
}

fn metadata(fields: &Value) -> cel::Value {
    let seen = ["name", "generateName"].into_iter();
    map(seen.filter_map(|name| Some((name.to_owned(), fields.get(name)?.as_str()?.into()))))
}

fn map(fields: impl Iterator<Item = (String, cel::Value)>) -> cel::Value {
    let fields = fields.map(|(name, value)| (Key::from(name), value));
    cel::Value::Map(Map {
        map: Arc::new(fields.collect()),
    })
}

/// The order of a set, and of a list that is a map, is no part of its value: two are equal in any order.
fn list(schema: &Value, items: &[Value]) -> cel::Value {
    let mut items: Vec<_> = items.iter().collect();
    if schema["x-kubernetes-list-type"] == "set" || schema["x-kubernetes-list-type"] == "map" {
        items.sort_by_cached_key(|item| {
            let keys = schema["x-kubernetes-list-map-keys"].as_array();
            let keys = keys.into_iter().flatten().filter_map(Value::as_str);
            let keys: Vec<_> = keys.map(|key| item[key].to_string()).collect();
            if keys.is_empty() {
                vec![item.to_string()]
            } else {
                keys
            }
        });
    }
    let bound = items.into_iter().map(|item| value(&schema["items"], item));
    cel::Value::List(bound.collect::<Vec<_>>().into())
}
