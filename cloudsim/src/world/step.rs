//! What became of one reconcile.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xcluster::wire::proto::v1::{Ready, RunFunctionRequest, RunFunctionResponse};

use super::{
    KEY,
    response::{Core, conditions, desired, fatal, is_ready, plain},
};

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
        is_ready(&self.response)
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
        conditions(&self.response)
    }

    /// Those of core and of the function, given those from before.
    pub(super) fn conditions_after(&self, before: &Value) -> Value {
        let (mut ready, mut synced) = (self.is_ready(), self.refused.is_empty());
        if self.fatal().is_some() {
            let mut before = before.as_array().into_iter().flatten();
            ready = before.any(|c| c["type"] == "Ready" && c["status"] == "True");
            synced = false;
        }
        let core = Core {
            synced,
            ready,
            responsive: true,
        };
        core.conditions(&self.response)
    }
}
