//! The simulated clouds beside a provider's own code.

use std::collections::BTreeSet;

use serde_json::Value;

/// The paths at which two values differ, with both values.
pub fn differences(real: &Value, simulated: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(real, simulated, "", &mut found);
    found
}

fn compare(real: &Value, simulated: &Value, at: &str, found: &mut Vec<String>) {
    match (real, simulated) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let none = Value::Null;
                let (a, b) = (a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none));
                compare(a, b, &format!("{at}/{key}"), found);
            }
        }
        (real, simulated) if real != simulated => {
            found.push(format!(
                "{at}: {real} in real, {simulated} in the simulation"
            ));
        }
        _ => {}
    }
}
