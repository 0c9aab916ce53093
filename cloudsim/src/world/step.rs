//! What became of one reconcile.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use xcluster::wire::{
    proto::v1::{Condition, Ready, RunFunctionRequest, RunFunctionResponse, Severity, Status},
    structpb::Struct,
};

use super::KEY;

/// One reconcile.
pub struct Step {
    /// What the function was asked.
    pub request: RunFunctionRequest,
    /// What it answered.
    pub response: RunFunctionResponse,
    /// The keys of the objects that were deleted for it.
    pub deleted: Vec<String>,
    /// What core or the API server would not do of it.
    pub refused: Vec<String>,
}

impl Step {
    /// The message of the Fatal result, if there is one.
    pub fn fatal(&self) -> Option<&str> {
        fatal(&self.response)
    }

    /// Whether the composite is ready.
    pub fn is_ready(&self) -> bool {
        let desired = self.response.desired.as_ref();
        let composite = desired.and_then(|state| state.composite.as_ref());
        composite.is_some_and(|composite| composite.ready() == Ready::True)
    }

    /// The desired composed objects by key.
    pub fn desired(&self) -> BTreeMap<String, Value> {
        desired(&self.response)
    }

    /// The same with the annotation that Crossplane puts an object's key in.
    pub fn annotated(&self) -> BTreeMap<String, Value> {
        let mut objects = self.desired();
        for (key, object) in &mut objects {
            object["metadata"]["annotations"][KEY] = key.as_str().into();
        }
        objects
    }

    /// The keys of the desired composed objects that are ready.
    pub fn ready(&self) -> BTreeSet<String> {
        let state = self.response.desired.clone().unwrap_or_default();
        let resources = state.resources.into_iter();
        resources
            .filter(|(_, resource)| resource.ready() == Ready::True)
            .map(|(key, _)| key)
            .collect()
    }

    /// The desired status of the composite.
    pub fn status(&self) -> Value {
        let desired = self.response.desired.as_ref();
        let composite = desired.and_then(|state| state.composite.as_ref());
        let object = composite.and_then(|composite| composite.resource.as_ref());
        plain(object)["status"].take()
    }

    /// The entry of `waitingFor` for a resource.
    pub fn waiting(&self, resource: &str) -> Option<Value> {
        let waiting = self.status()["waitingFor"].take();
        let mut waiting = waiting.as_array().into_iter().flatten();
        waiting.find(|it| it["resource"] == resource).cloned()
    }

    /// The conditions as they will stand in the composite.
    pub fn conditions(&self) -> Vec<Value> {
        let conditions = self.response.conditions.iter();
        conditions.map(written).collect()
    }
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
fn plain(object: Option<&Struct>) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}
