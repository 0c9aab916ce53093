//! JSON against a schema of a discovery document.

use serde_json::Value;

/// What of a value does not fit a schema, as Google's front end says it.
pub fn problems(schemas: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(schemas, schema, value, "", &mut problems);
    problems
}

fn check(schemas: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        return check(schemas, &schemas[name], value, at, problems);
    }
    if value.is_null() {
        return;
    }
    let kind = schema["type"].as_str().unwrap_or("any");
    let format = schema["format"].as_str().unwrap_or_default();
    let fits = match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "boolean" => value.is_boolean() || matches!(value.as_str(), Some("true" | "false")),
        "integer" | "number" => value.is_number() || is_number(value),
        // 64-bit integers are strings in JSON; a number is taken as well.
        "string" if format.ends_with("int64") => value.is_i64() || is_number(value),
        "string" => value.is_string(),
        _ => true,
    };
    if !fits {
        problems.push(format!("Invalid value at '{at}' ({kind}), {value}"));
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = if at.is_empty() {
                    name.clone()
                } else {
                    format!("{at}.{name}")
                };
                if let Some(schema) = schema["properties"].get(name) {
                    check(schemas, schema, value, &at, problems);
                } else if let Some(schema) = schema.get("additionalProperties") {
                    check(schemas, schema, value, &at, problems);
                } else if kind == "object" {
                    problems.push(format!(
                        "Invalid JSON payload received. Unknown name \"{name}\" at '{at}': Cannot find field."
                    ));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check(
                    schemas,
                    &schema["items"],
                    item,
                    &format!("{at}[{index}]"),
                    problems,
                );
            }
        }
        Value::String(text) => {
            let values = schema["enum"].as_array();
            if values.is_some_and(|values| !values.iter().any(|known| known == text)) {
                problems.push(format!("Invalid value at '{at}' ({kind}), \"{text}\""));
            }
        }
        _ => {}
    }
}

fn is_number(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_fits_its_schema_or_the_path_of_what_does_not_is_named() {
        let schemas = json!({"Pool": {"type": "object", "properties": {
            "name": {"type": "string"},
            "mode": {"type": "string", "enum": ["A", "B"]},
            "size": {"type": "string", "format": "int64"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "inner": {"type": "array", "items": {"$ref": "Pool"}},
        }}});
        let pool = json!({"$ref": "Pool"});
        let sound = json!({"name": "a", "mode": "A", "size": 3, "labels": {"x": "y"}, "inner": [{"size": "4"}]});
        assert_eq!(problems(&schemas, &pool, &sound), [""; 0]);
        for (value, at) in [
            (json!({"inner": [{"nam": 1}]}), "inner[0].nam"),
            (json!({"mode": "C"}), "mode"),
            (json!({"labels": {"x": 1}}), "labels.x"),
            (json!({"size": "many"}), "size"),
            (json!({"inner": {}}), "inner"),
        ] {
            let found = problems(&schemas, &pool, &value);
            assert_eq!(found.len(), 1, "{value}");
            assert!(found[0].contains(&format!("'{at}'")), "{found:?}");
        }
    }
}
