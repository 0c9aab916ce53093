//! What API servers do with JSON: server-side apply with one applier and a provider that writes
//! beside it, and merge patches.

use serde_json::Value;

/// Applies `desired`: what was applied before and is no longer there is removed, and what others
/// wrote stays. Lists are replaced whole.
pub fn apply(object: &mut Value, applied: &mut Value, desired: Value) {
    remove(object, applied, &desired);
    set(object, &desired);
    *applied = desired;
}

fn remove(object: &mut Value, applied: &Value, desired: &Value) {
    let (Value::Object(object), Value::Object(applied)) = (object, applied) else {
        return;
    };
    for (field, before) in applied {
        match (object.get_mut(field), desired.get(field)) {
            (Some(now), Some(desired)) => remove(now, before, desired),
            (Some(now), None) => {
                remove(now, before, &Value::Null);
                let emptied = now.as_object().is_some_and(serde_json::Map::is_empty);
                if emptied || !now.is_object() {
                    object.remove(field);
                }
            }
            (None, _) => {}
        }
    }
}

/// Sets every leaf of `from` in `object`.
pub fn set(object: &mut Value, from: &Value) {
    match (&mut *object, from) {
        (Value::Object(object), Value::Object(from)) => {
            for (field, value) in from {
                set(object.entry(field.clone()).or_insert(Value::Null), value);
            }
        }
        _ => *object = from.clone(),
    }
}

/// JSON merge patch, RFC 7396.
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(target) = target.as_object_mut() else {
        return;
    };
    for (field, value) in patch {
        if value.is_null() {
            target.remove(field);
        } else {
            merge_patch(target.entry(field.clone()).or_insert(Value::Null), value);
        }
    }
}
