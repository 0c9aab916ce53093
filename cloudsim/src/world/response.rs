//! What an answer of the function says, and what Crossplane writes of it into the composite.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xcluster::wire::{
    proto::v1::{Condition, Ready, RunFunctionResponse, Severity, Status},
    structpb::Struct,
};

/// Whether the function calls the composite ready.
pub fn is_ready(response: &RunFunctionResponse) -> bool {
    let desired = response.desired.as_ref();
    let composite = desired.and_then(|state| state.composite.as_ref());
    composite.is_some_and(|composite| composite.ready() == Ready::True)
}

/// The message of a Fatal result.
pub fn fatal(response: &RunFunctionResponse) -> Option<&str> {
    let mut results = response.results.iter();
    results
        .find(|result| result.severity() == Severity::Fatal)
        .map(|result| result.message.as_str())
}

/// The desired composed objects of a response by key.
pub fn desired(response: &RunFunctionResponse) -> BTreeMap<String, Value> {
    let state = response.desired.clone().unwrap_or_default();
    let objects = state.resources.into_iter();
    objects
        .map(|(key, resource)| (key, plain(resource.resource.as_ref())))
        .collect()
}

/// A condition as it will stand in the composite.
fn written(condition: &Condition) -> Value {
    let status = match condition.status() {
        Status::ConditionTrue => "True",
        Status::ConditionFalse => "False",
        Status::ConditionUnknown | Status::ConditionUnspecified => "Unknown",
    };
    let mut value = json!({
        "type": condition.r#type,
        "status": status,
        "reason": condition.reason,
    });
    if let Some(message) = &condition.message {
        value["message"] = message.as_str().into();
    }
    value
}

/// An object as JSON; null where there is none.
pub(super) fn plain(object: Option<&Struct>) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}

/// The function's conditions as they will stand in the composite.
pub(super) fn conditions(response: &RunFunctionResponse) -> Vec<Value> {
    response.conditions.iter().map(written).collect()
}

/// What core says of a composite itself.
#[derive(Clone, Copy, Debug)]
pub struct Core {
    /// Whether the last reconcile did what it should.
    pub synced: bool,
    /// Whether the composite is ready.
    pub ready: bool,
    /// Whether the circuit breaker is closed.
    pub responsive: bool,
}

impl Core {
    /// Core's own conditions and the function's.
    pub fn conditions(self, response: &RunFunctionResponse) -> Value {
        let own = [
            (
                "Synced",
                self.synced,
                ["ReconcileSuccess", "ReconcileError"],
            ),
            ("Ready", self.ready, ["Available", "Creating"]),
            (
                "Responsive",
                self.responsive,
                ["WatchCircuitClosed", "WatchCircuitOpen"],
            ),
        ];
        let own = own.map(|(kind, holds, [yes, no])| {
            let (status, reason) = if holds { ("True", yes) } else { ("False", no) };
            json!({"type": kind, "status": status, "reason": reason})
        });
        own.into_iter().chain(conditions(response)).collect()
    }
}
