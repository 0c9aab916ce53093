//! The gate: holds back creation, never existence.
//!
//! A resource is sent when everything it needs is ready, or when it already exists. Nothing that
//! flaps (a condition, a status, a value) can therefore remove a resource: Crossplane deletes what
//! a function stops sending.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    object,
    observed::{Condition, Observed, condition},
    plan::{Body, Composed, Plan, ReadyWhen, Stage},
    structpb::{EncodeError, Struct},
};

/// What became of a resource of the plan.
#[derive(Debug)]
pub struct Outcome {
    /// Its key.
    pub key: String,
    /// Its stage.
    pub stage: Stage,
    /// Whether it holds back the cluster's readiness.
    pub required: bool,
    /// Whether it is ready.
    pub ready: bool,
    /// The object to send; `None` holds it back.
    pub object: Option<Struct>,
    /// What it waits for; `None` when it is ready.
    pub waiting: Option<Waiting>,
}

/// What a resource waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The thing that has to happen.
    pub what: String,
    /// Why it has not happened.
    pub reason: String,
}

/// Decides for every resource of the plan.
///
/// # Errors
/// [`EncodeError`] when an object cannot be encoded: a bug, or a number in an observed object that
/// JSON does not know.
pub fn decide(plan: Plan, observed: Observed<'_>) -> Result<Vec<Outcome>, EncodeError> {
    let resources = plan.into_resources();
    let ready: BTreeSet<String> = resources
        .iter()
        .filter(|resource| is_ready(resource, observed))
        .map(|resource| resource.key.clone())
        .collect();
    let keys: BTreeMap<String, Stage> = resources
        .iter()
        .map(|resource| (resource.key.clone(), resource.stage))
        .collect();
    let gate = Gate {
        observed,
        ready: &ready,
        keys: &keys,
    };
    resources
        .into_iter()
        .map(|resource| gate.outcome(resource))
        .collect()
}

fn is_ready(resource: &Composed, observed: Observed<'_>) -> bool {
    observed
        .get(&resource.key)
        .is_some_and(|object| resource.ready.holds(object))
}

struct Gate<'a> {
    observed: Observed<'a>,
    ready: &'a BTreeSet<String>,
    keys: &'a BTreeMap<String, Stage>,
}

impl Gate<'_> {
    fn outcome(&self, resource: Composed) -> Result<Outcome, EncodeError> {
        let existing = self.observed.get(&resource.key);
        let ready = self.ready.contains(&resource.key);
        let blocked = self.blocked(&resource);
        let waiting = match existing {
            _ if ready => None,
            Some(object) => Some(unready(object, resource.ready)),
            None => Some(blocked.clone().unwrap_or_else(|| Waiting {
                what: "its creation".to_owned(),
                reason: "asked for just now".to_owned(),
            })),
        };
        let object = match (resource.body, existing) {
            (Body::Broken(error), _) => return Err(error),
            (Body::Object(object), Some(_)) => Some(object),
            (Body::Lacking { .. } | Body::AsObserved, Some(existing)) => {
                Some(object::again(existing)?)
            }
            (Body::Object(object), None) if blocked.is_none() => Some(object),
            (Body::Object(_) | Body::Lacking { .. } | Body::AsObserved, None) => None,
        };
        Ok(Outcome {
            key: resource.key,
            stage: resource.stage,
            required: resource.required,
            ready,
            object,
            waiting,
        })
    }

    /// Why a resource cannot be created yet.
    fn blocked(&self, resource: &Composed) -> Option<Waiting> {
        let after = &resource.after;
        let unready = |key: &&String| !self.ready.contains(*key);
        let missing: Vec<_> = after.all.iter().filter(unready).collect();
        if !missing.is_empty() {
            return Some(waits_for(&missing, "not ready yet"));
        }
        if !after.any.is_empty() && after.any.iter().all(|key| unready(&key)) {
            let any: Vec<_> = after.any.iter().collect();
            return Some(waits_for(&any, "none of them is ready yet"));
        }
        let absent: Vec<_> = after
            .exist
            .iter()
            .filter(|key| !self.observed.exists(key))
            .collect();
        if !absent.is_empty() {
            return Some(waits_for(&absent, "not created yet"));
        }
        if let Body::Lacking { what, from } = &resource.body {
            let reason = if self.keys.contains_key(from) {
                format!("{from} has not reported it yet")
            } else {
                from.clone()
            };
            return Some(Waiting {
                what: (*what).to_owned(),
                reason,
            });
        }
        None
    }
}

/// Names a few resources; a list of all subnets helps nobody.
fn waits_for(keys: &[&String], reason: &str) -> Waiting {
    const SHOWN: usize = 3;
    let mut what = keys
        .iter()
        .take(SHOWN)
        .map(|key| key.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    if keys.len() > SHOWN {
        what = format!("{what} and {} more", keys.len() - SHOWN);
    }
    Waiting {
        what,
        reason: reason.to_owned(),
    }
}

/// What an existing object waits for, in the provider's own words where it has any.
fn unready(object: &Struct, rule: ReadyWhen) -> Waiting {
    let what = match rule {
        ReadyWhen::Status(status) => format!("status {status}"),
        ReadyWhen::State(state) => format!("state {state}"),
        ReadyWhen::Condition | ReadyWhen::Exists => "condition Ready".to_owned(),
    };
    let failed = |kind: &str| condition(object, kind).filter(|found| found.status == "False");
    let reason = failed("Synced")
        .or_else(|| failed("LastAsyncOperation"))
        .or_else(|| failed("Ready"))
        .map(describe)
        .or_else(|| {
            let status = object.str_at("status.atProvider.status")?;
            Some(format!("the cloud reports {}", stable(status)))
        })
        .unwrap_or_else(|| "the provider has not reported on it yet".to_owned());
    Waiting { what, reason }
}

fn describe(condition: Condition<'_>) -> String {
    if condition.message.is_empty() {
        stable(condition.reason)
    } else {
        format!(
            "{}: {}",
            stable(condition.reason),
            stable(condition.message)
        )
    }
}

/// A provider's message without what differs on every attempt. AWS puts a request id into each
/// error; a status that changes with it would start a new reconcile every time.
fn stable(message: &str) -> String {
    const LONGEST: usize = 300;
    let words = message
        .split_whitespace()
        .scan(false, |id_follows, word| {
            let is_id = std::mem::replace(&mut *id_follows, is_id_label(word));
            Some(if is_id { "…" } else { word })
        })
        .collect::<Vec<_>>()
        .join(" ");
    let plain: String = words
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .take(LONGEST)
        .collect();
    plain
}

fn is_id_label(word: &str) -> bool {
    matches!(
        word.trim_start_matches(['(', '[', '"'])
            .to_ascii_lowercase()
            .as_str(),
        "requestid:" | "request-id:" | "hostid:" | "requestid=" | "requestid"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        plan::{composed, lacking},
        proto::v1::Resource,
        structpb::to_struct,
    };

    fn observe(objects: &[(&str, serde_json::Value)]) -> BTreeMap<String, Resource> {
        objects
            .iter()
            .map(|(key, object)| {
                let resource = Resource {
                    resource: Some(to_struct(object).unwrap()),
                    ..Resource::default()
                };
                ((*key).to_owned(), resource)
            })
            .collect()
    }

    fn ready() -> serde_json::Value {
        json!({"kind": "K", "status": {"conditions": [{"type": "Ready", "status": "True"}]}})
    }

    fn sent(
        resource: Composed,
        others: Vec<Composed>,
        exists: &[(&str, serde_json::Value)],
    ) -> Outcome {
        let mut plan = Plan::default();
        let key = resource.key.clone();
        plan.add(resource);
        for other in others {
            plan.add(other);
        }
        let observed = observe(exists);
        decide(plan, Observed::new(&observed))
            .unwrap()
            .into_iter()
            .find(|outcome| outcome.key == key)
            .unwrap()
    }

    fn object(key: &str) -> Composed {
        composed(Stage::Network, key, to_struct(&json!({"kind": "K"})))
    }

    #[test]
    fn creation_waits_and_existence_does_not() {
        let rows = [
            ("nothing exists", vec![], false),
            (
                "the dependency exists unready",
                vec![("dependency", json!({}))],
                false,
            ),
            (
                "the dependency is ready",
                vec![("dependency", ready())],
                true,
            ),
            (
                "it exists, the dependency is gone",
                vec![("it", json!({}))],
                true,
            ),
        ];
        for (reason, exists, expected) in rows {
            let it = object("it").after(["dependency"]);
            let outcome = sent(it, vec![object("dependency")], &exists);
            assert_eq!(outcome.object.is_some(), expected, "{reason}");
        }
    }

    #[test]
    fn an_existing_object_whose_input_is_gone_is_sent_as_it_is() {
        let it = lacking(Stage::Cluster, "it", "the key's ARN", "key");
        let existing = json!({
            "apiVersion": "v1", "kind": "K",
            "metadata": {"name": "n", "uid": "u", "resourceVersion": "7",
                         "annotations": {"crossplane.io/external-name": "x", "other": "y"},
                         "labels": {"crossplane.io/composite": "c", "ours": "l"}},
            "spec": {"forProvider": {"keyArn": "arn"}},
            "status": {"conditions": []},
        });
        let outcome = sent(it, vec![], &[("it", existing)]);
        let object = serde_json::to_value(outcome.object.unwrap()).unwrap();
        assert_eq!(
            object,
            json!({
                "apiVersion": "v1", "kind": "K",
                "metadata": {"name": "n", "labels": {"ours": "l"},
                             "annotations": {"crossplane.io/external-name": "x"}},
                "spec": {"forProvider": {"keyArn": "arn"}},
            })
        );
    }

    #[test]
    fn a_request_id_does_not_reach_the_status() {
        let message = "api error AccessDenied: no (RequestID: 4b1c-22) at all";
        assert_eq!(
            stable(message),
            "api error AccessDenied: no (RequestID: … at all"
        );
        assert_eq!(stable("plain"), "plain");
    }
}
