//! How objects go that are no longer desired: Usages hold them, then their providers.

use serde_json::{Value, json};
use xcluster::wire::proto::v1::State;

use super::{World, step::Step};
use crate::{
    FINALIZER, Providers,
    object::{is_going, text},
};

/// When whatever goes was deleted.
const TIME: &str = "2026-01-15T09:30:00Z";

impl<P: Providers> World<P> {
    /// Deletes what exists and is no longer desired, but for what a Usage holds.
    pub(super) fn collect_garbage(&mut self, desired: &State, step: &mut Step) {
        let undesired = self.objects.iter().filter(|(key, held)| {
            !desired.resources.contains_key(*key) && !is_going(held.object())
        });
        let undesired: Vec<_> = undesired.map(|(key, _)| key.clone()).collect();
        for key in undesired {
            let object = self.objects[&key].object();
            if let Some(usage) = self.holds(object) {
                step.refused.push(format!("{key} is held by {usage}"));
                continue;
            }
            self.delete(&key);
            step.deleted.push(key);
        }
    }

    /// Marks an object as deleted, or removes it where no provider manages it.
    pub(super) fn delete(&mut self, key: &str) {
        self.is_quiet = false;
        let Some(held) = self.objects.get_mut(key) else {
            return;
        };
        let has_provider = text(held.object(), "/apiVersion").contains("crossplane.io/")
            || held.object().pointer("/spec/forProvider").is_some();
        if !has_provider {
            self.objects.remove(key);
            return;
        }
        let metadata = &mut held.object_mut()["metadata"];
        metadata["deletionTimestamp"] = TIME.into();
        let has_finalizers = metadata["finalizers"].as_array();
        if has_finalizers.is_none_or(Vec::is_empty) {
            metadata["finalizers"] = json!([FINALIZER]);
        }
    }

    /// Removes what its provider has let go. Whether there was anything.
    pub(super) fn remove_released(&mut self) -> bool {
        let before = self.objects.len();
        self.objects.retain(|_, held| {
            let object = held.object();
            let held = object["metadata"]["finalizers"].as_array();
            !is_going(object) || held.is_some_and(|finalizers| !finalizers.is_empty())
        });
        self.objects.len() < before
    }

    /// The key of a Usage that holds an object.
    pub(super) fn holds(&self, object: &Value) -> Option<&str> {
        let mut usages = self.objects.iter();
        let holds = usages.find(|(_, held)| {
            is_usage(held.object()) && is_target(&held.object()["spec"]["of"], object)
        });
        holds.map(|(key, _)| key.as_str())
    }

    /// Whether an object is a Usage that waits for its user to go first.
    pub(super) fn waits_for_user(&self, usage: &Value) -> bool {
        let user = &usage["spec"]["by"];
        let mut objects = self.objects.values();
        is_usage(usage) && is_going(usage) && objects.any(|held| is_target(user, held.object()))
    }
}

fn is_usage(object: &Value) -> bool {
    matches!(text(object, "/kind"), "Usage" | "ClusterUsage")
}

/// Whether a Usage's `of` or `by` is an object.
fn is_target(target: &Value, object: &Value) -> bool {
    ["apiVersion", "kind"]
        .iter()
        .all(|field| target[*field] == object[*field] && !object[*field].is_null())
        && target["resourceRef"]["name"] == object["metadata"]["name"]
}
