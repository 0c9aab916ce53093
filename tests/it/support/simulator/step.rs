//! One reconcile, as tests read it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use xcluster::wire::proto::v1::{Ready, RunFunctionRequest, RunFunctionResponse, Severity, Status};

use super::KEY;

/// One reconcile.
pub(crate) struct Step {
    /// What the function was asked.
    pub(crate) request: RunFunctionRequest,
    /// What it answered.
    pub(crate) response: RunFunctionResponse,
    /// The keys of the objects that were deleted for it.
    pub(crate) deleted: Vec<String>,
}

impl Step {
    /// The message of the Fatal result, if there is one.
    pub(crate) fn fatal(&self) -> Option<&str> {
        fatal(&self.response)
    }

    /// Whether the composite is ready.
    pub(crate) fn is_ready(&self) -> bool {
        let desired = self.response.desired.as_ref();
        let composite = desired.and_then(|state| state.composite.as_ref());
        composite.is_some_and(|composite| composite.ready() == Ready::True)
    }

    /// The desired composed objects by key.
    pub(crate) fn desired(&self) -> BTreeMap<String, Value> {
        desired(&self.response)
    }

    /// The same with the annotation that Crossplane puts an object's key in.
    pub(crate) fn annotated(&self) -> BTreeMap<String, Value> {
        let mut objects = self.desired();
        for (key, object) in &mut objects {
            object["metadata"]["annotations"][KEY] = key.as_str().into();
        }
        objects
    }

    /// The keys of the desired composed objects that are ready.
    pub(crate) fn ready(&self) -> BTreeSet<String> {
        let state = self.response.desired.clone().unwrap_or_default();
        let resources = state.resources.into_iter();
        resources
            .filter(|(_, resource)| resource.ready() == Ready::True)
            .map(|(key, _)| key)
            .collect()
    }

    /// The desired status of the composite.
    pub(crate) fn status(&self) -> Value {
        let desired = self.response.desired.as_ref();
        let composite = desired.and_then(|state| state.composite.as_ref());
        let object = composite.and_then(|composite| composite.resource.as_ref());
        serde_json::to_value(object).unwrap()["status"].take()
    }

    /// The entry of `waitingFor` for a resource.
    pub(crate) fn waiting(&self, resource: &str) -> Option<Value> {
        let waiting = self.status()["waitingFor"].take();
        let mut waiting = waiting.as_array().into_iter().flatten();
        waiting.find(|it| it["resource"] == resource).cloned()
    }

    /// The conditions as they will stand in the composite.
    pub(crate) fn conditions(&self) -> Vec<Value> {
        conditions(&self.response)
    }
}

/// The message of a Fatal result.
pub(crate) fn fatal(response: &RunFunctionResponse) -> Option<&str> {
    let mut results = response.results.iter();
    results
        .find(|result| result.severity() == Severity::Fatal)
        .map(|result| result.message.as_str())
}

/// The desired composed objects of a response by key.
pub(crate) fn desired(response: &RunFunctionResponse) -> BTreeMap<String, Value> {
    let state = response.desired.clone().unwrap_or_default();
    let objects = state.resources.into_iter();
    objects
        .map(|(key, resource)| (key, serde_json::to_value(resource.resource).unwrap()))
        .collect()
}

fn conditions(response: &RunFunctionResponse) -> Vec<Value> {
    let conditions = response.conditions.iter();
    conditions
        .map(|condition| {
            let status = match condition.status() {
                Status::ConditionTrue => "True",
                Status::ConditionFalse => "False",
                _ => "Unknown",
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
        })
        .collect()
}
