//! What providers write, in the order in which upjet's do: each write is an event to Crossplane.

use std::collections::BTreeMap;

use cloudsim::{FINALIZER, may};
use kube::{
    Api, Client, ResourceExt,
    api::{DynamicObject, Patch, PatchParams},
};
use serde_json::{Value, json};
use tracing::{debug, warn};

use super::{diff::diff, kinds::Kinds, manifests};

/// The field manager.
pub(crate) const MANAGER: &str = "cloudsim";
/// What crossplane-runtime writes before and after it asks for the creation of anything.
const PENDING: &str = "crossplane.io/external-create-pending";
const SUCCEEDED: &str = "crossplane.io/external-create-succeeded";

/// Writes objects, and knows which of them have not come back from the API server yet.
pub(crate) struct Writer {
    client: Client,
    /// The version that the last write of an object made. Anything older is an old sight of it.
    written: BTreeMap<String, u64>,
    /// The status that was sent, and what the API server made of it: it drops fields that the kind
    /// does not have.
    statuses: BTreeMap<String, (Value, Value)>,
}

impl Writer {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            written: BTreeMap::new(),
            statuses: BTreeMap::new(),
        }
    }

    /// Whether this is an object as it is now, as far as this writer knows.
    pub(crate) fn fresh(&self, key: &str, object: &Value) -> bool {
        let version = object["metadata"]["resourceVersion"].as_str();
        let written = self.written.get(key).copied().unwrap_or_default();
        version.and_then(number) >= Some(written)
    }

    /// Brings the API server from `before` to `after`.
    pub(crate) async fn write(&mut self, kinds: &Kinds, key: &str, before: &Value, after: &Value) {
        let Some(api) = kinds.api(key) else { return };
        if let Err(error) = self.try_write(&api, key, before, after).await {
            match error {
                // Somebody was faster; the next tick sees what they did.
                kube::Error::Api(status) if [404, 409].contains(&status.code) => {
                    debug!("{key}: {status}");
                }
                error => warn!("{key}: {error}"),
            }
        }
    }

    async fn try_write(
        &mut self,
        api: &Api<DynamicObject>,
        key: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), kube::Error> {
        let going = after["metadata"].get("deletionTimestamp").is_some();
        if key.starts_with("kubernetes.") {
            manifests::sync(&self.client, after, going).await?;
        }
        let mut patches = Vec::new();
        let held = finalizers(before).any(|one| one == FINALIZER);
        if !held && !going {
            let all: Vec<_> = finalizers(before).chain([FINALIZER]).collect();
            patches.push((json!({"metadata": {"finalizers": all}}), false));
        }
        if let Some(spec) = diff(&before["spec"], &after["spec"]) {
            patches.push((json!({"spec": spec}), false));
        }
        let annotations = diff(
            &before["metadata"]["annotations"],
            &after["metadata"]["annotations"],
        );
        if let Some(mut done) = annotations.or_else(|| created(before, after).then(|| json!({}))) {
            let now = now();
            let pending = json!({PENDING: now});
            patches.push((json!({"metadata": {"annotations": pending}}), false));
            done[SUCCEEDED] = now.into();
            patches.push((json!({"metadata": {"annotations": done}}), false));
        }
        let mut status = after["status"].clone();
        stamp(&before["status"], &mut status);
        let known = self.statuses.get(key);
        let sent = known.is_some_and(|(sent, made)| *sent == status && *made == before["status"]);
        if let Some(change) = diff(&before["status"], &status).filter(|_| !sent) {
            patches.push((json!({"status": change}), true));
        }
        if going && held && !finalizers(after).any(|one| one == FINALIZER) {
            let rest: Vec<_> = finalizers(after).filter(|one| *one != FINALIZER).collect();
            patches.push((json!({"metadata": {"finalizers": rest}}), false));
        }
        let name = after["metadata"]["name"].as_str().unwrap_or_default();
        let parameters = PatchParams::apply(MANAGER);
        for (patch, is_status) in patches {
            let patch = Patch::Merge(patch);
            let written = if is_status {
                let written = api.patch_status(name, &parameters, &patch).await?;
                let made = written.data.get("status").cloned().unwrap_or_default();
                if let Some(dropped) = diff(&made, &status) {
                    debug!("{key}: the API server dropped {dropped}");
                }
                self.statuses.insert(key.to_owned(), (status.clone(), made));
                written
            } else {
                api.patch(name, &parameters, &patch).await?
            };
            if let Some(version) = written.resource_version().as_deref().and_then(number) {
                self.written.insert(key.to_owned(), version);
            }
        }
        Ok(())
    }
}

/// Whether the cloud has just made it, under the name that the object already had.
fn created(before: &Value, after: &Value) -> bool {
    let annotations = &before["metadata"]["annotations"];
    let exists = !after["status"]["atProvider"].is_null();
    may(after, "Create") && annotations.get(SUCCEEDED).is_none() && exists
}

/// Versions of one resource are numbers that grow (KEP-5504, Kubernetes 1.35).
fn number(version: &str) -> Option<u64> {
    version.parse().ok()
}

fn finalizers(object: &Value) -> impl Iterator<Item = &str> {
    let list = object
        .pointer("/metadata/finalizers")
        .and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// Gives every condition a time: the one it had while it says the same.
fn stamp(before: &Value, status: &mut Value) {
    let Some(Value::Array(conditions)) = status.get_mut("conditions") else {
        return;
    };
    for condition in conditions {
        if condition.get("lastTransitionTime").is_none() {
            let had = before["conditions"].as_array().into_iter().flatten();
            let mut had = had.filter(|had| {
                had["type"] == condition["type"] && had["status"] == condition["status"]
            });
            let time = had.next().map(|had| had["lastTransitionTime"].clone());
            condition["lastTransitionTime"] = time.unwrap_or_else(|| now().into());
        }
    }
}

fn now() -> String {
    k8s_openapi::jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}
