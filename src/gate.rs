//! The gate: holds back creation, never existence.
//!
//! A resource is sent when everything it needs is ready, or when it already exists. Nothing that
//! flaps (a condition, a status, a value) can therefore remove a resource: Crossplane deletes what
//! a function stops sending.
//!
//! An object also waits for the objects that it refers to: a provider reports an error for every
//! reference that it cannot resolve, and each report is a reconcile.
//!
//! Of a kind that the composite does not have yet, one object is created first and the others follow
//! in the next reconcile. Core (v2.0 to v2.4, `ControllerEngine.StartWatches`) starts a watch for
//! every object of a kind that it sees for the first time: with six subnets at once, each event of a
//! subnet is handled six times until core is restarted, and the circuit breaker opens.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use crate::{
    object,
    observed::Observed,
    plan::{Body, Composed, Plan, Stage},
    references::references,
    structpb::{EncodeError, Struct},
    waiting::{Waiting, unmaintained, unready, waits_for},
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
    /// Why its provider cannot look after it, though it is ready.
    pub unmaintained: Option<Waiting>,
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
    let names = names(&resources, observed);
    let mut gate = Gate {
        observed,
        ready: &ready,
        keys: &keys,
        names: &names,
        first: None,
    };
    resources
        .into_iter()
        .map(|resource| gate.outcome(resource))
        .collect()
}

/// The keys of the plan's objects by their names, when there is something to create: a settled cluster
/// does not need them.
fn names(resources: &[Composed], observed: Observed<'_>) -> BTreeMap<String, String> {
    if resources
        .iter()
        .all(|resource| observed.exists(&resource.key))
    {
        return BTreeMap::new();
    }
    let name = |resource: &Composed| match &resource.body {
        Body::Object(object) => Some(object.str_at("metadata.name")?.to_owned()),
        _ => None,
    };
    let named = |resource: &Composed| Some((name(resource)?, resource.key.clone()));
    resources.iter().filter_map(named).collect()
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
    names: &'a BTreeMap<String, String>,
    /// By kind, the object that others of its kind wait for; `None` stands for one that exists.
    /// Filled when the first object is created: a settled cluster does not need it.
    first: Option<BTreeMap<Kind, Option<String>>>,
}

/// API version and kind.
type Kind = (String, String);

fn kind_of(object: &Struct) -> Kind {
    let text = |path| object.str_at(path).unwrap_or_default().to_owned();
    (text("apiVersion"), text("kind"))
}

impl Gate<'_> {
    fn outcome(&mut self, resource: Composed) -> Result<Outcome, EncodeError> {
        let existing = self.observed.get(&resource.key);
        let ready = self.ready.contains(&resource.key);
        let blocked = match (&resource.body, existing) {
            (_, Some(_)) => None,
            (Body::Object(object), None) => self
                .blocked(&resource)
                .or_else(|| self.follows(&resource.key, object)),
            (_, None) => self.blocked(&resource),
        };
        let waiting = match existing {
            _ if ready => None,
            Some(object) => Some(unready(object, resource.ready)),
            None => Some(blocked.clone().unwrap_or_else(|| Waiting {
                what: "its creation".to_owned(),
                reason: "asked for just now".to_owned(),
                fix: None,
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
            unmaintained: existing.filter(|_| ready).and_then(unmaintained),
        })
    }

    /// The first object of its kind, which a new object waits for.
    fn follows(&mut self, key: &str, object: &Struct) -> Option<Waiting> {
        let observed = self.observed;
        let first = self.first.get_or_insert_with(|| {
            let objects = observed.objects();
            objects.map(|object| (kind_of(object), None)).collect()
        });
        match first.entry(kind_of(object)) {
            Entry::Vacant(entry) => {
                entry.insert(Some(key.to_owned()));
                None
            }
            Entry::Occupied(entry) => {
                let first = entry.get().as_ref()?;
                Some(waits_for(&[first], "not created yet"))
            }
        }
    }

    /// The keys of the objects that a resource refers to.
    fn referred(&self, resource: &Composed) -> Vec<&String> {
        let names = match &resource.body {
            Body::Object(object) => references(object),
            _ => Vec::new(),
        };
        names
            .into_iter()
            .filter_map(|name| self.names.get(name))
            .collect()
    }

    /// Why a resource cannot be created yet.
    fn blocked(&self, resource: &Composed) -> Option<Waiting> {
        let after = &resource.after;
        let unready = |key: &&String| !self.ready.contains(*key);
        let mut needed: Vec<_> = after.all.iter().collect();
        for key in self.referred(resource) {
            if !needed.contains(&key) {
                needed.push(key);
            }
        }
        let missing: Vec<_> = needed.into_iter().filter(unready).collect();
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
                fix: None,
            });
        }
        None
    }
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

    /// What becomes of a resource that comes after others in the plan.
    fn decided(
        others: Vec<Composed>,
        last: Composed,
        exists: &[(&str, serde_json::Value)],
    ) -> Outcome {
        let mut plan = Plan::default();
        for resource in others.into_iter().chain([last]) {
            plan.add(resource);
        }
        let observed = observe(exists);
        let outcomes = decide(plan, Observed::new(&observed)).unwrap();
        outcomes.into_iter().next_back().unwrap()
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
    fn one_object_of_a_new_kind_goes_first() {
        let it = || object("it");
        let peer = || object("peer");
        let other_kind = to_struct(&json!({"kind": "L"}));
        let exists = vec![("peer", json!({"kind": "K"}))];
        let rows = [
            ("it is the first", vec![], vec![], true),
            ("another one goes first", vec![peer()], vec![], false),
            ("another one exists, not ready", vec![peer()], exists, true),
            (
                "the other one is of another kind",
                vec![composed(Stage::Network, "peer", other_kind)],
                vec![],
                true,
            ),
            (
                "the other one waits itself",
                vec![peer().after(["nothing"])],
                vec![],
                true,
            ),
        ];
        for (reason, others, exists, expected) in rows {
            let outcomes = decided(others, it(), &exists);
            assert_eq!(outcomes.object.is_some(), expected, "{reason}");
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
}
