//! What Crossplane writes into a composite's conditions.

use serde_json::{Value, json};

use super::step::Step;

impl Step {
    /// Core's own conditions and the function's, given those from before.
    pub(super) fn conditions_after(&self, before: &Value) -> Value {
        let (mut ready, mut synced) = (self.is_ready(), true);
        if self.fatal().is_some() {
            let mut before = before.as_array().into_iter().flatten();
            ready = before.any(|c| c["type"] == "Ready" && c["status"] == "True");
            synced = false;
        }
        synced &= self.refused.is_empty();
        let core = [
            (
                "Synced",
                synced,
                if synced {
                    "ReconcileSuccess"
                } else {
                    "ReconcileError"
                },
            ),
            ("Ready", ready, if ready { "Available" } else { "Creating" }),
            ("Responsive", true, "WatchCircuitClosed"),
        ];
        let core = core.map(|(kind, holds, reason)| {
            let status = if holds { "True" } else { "False" };
            json!({"type": kind, "status": status, "reason": reason})
        });
        core.into_iter().chain(self.conditions()).collect()
    }
}
