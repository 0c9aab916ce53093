//! Observations that say less than there is.

use serde_json::{Value, json};

/// What can happen to an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The condition Ready turns false.
    Unready,
    /// All conditions are gone.
    NoConditions,
    /// The whole status is gone, as after a restore from a backup.
    NoStatus,
}

impl Fault {
    pub(crate) const ALL: [Self; 3] = [Self::NoStatus, Self::NoConditions, Self::Unready];

    /// Falsifies an object.
    pub(crate) fn hit(self, object: &mut Value) {
        let Some(object) = object.as_object_mut() else {
            return;
        };
        match self {
            Self::NoStatus => drop(object.remove("status")),
            Self::NoConditions => {
                if let Some(status) = object.get_mut("status").and_then(Value::as_object_mut) {
                    status.remove("conditions");
                }
            }
            Self::Unready => {
                let status = object.entry("status").or_insert_with(|| json!({}));
                status["conditions"] = json!([
                    {"type": "Ready", "status": "False", "reason": "Unavailable"},
                    {"type": "Synced", "status": "True", "reason": "ReconcileSuccess"},
                ]);
            }
        }
    }
}
