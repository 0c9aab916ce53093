//! The gate: holds back creation, never existence.
//!
//! A resource is sent when everything it needs is ready, or when it already exists. Nothing that
//! flaps (a condition, a status, a value) can therefore remove a resource: Crossplane deletes what
//! a function stops sending.
//!
//! An object also waits for the objects that it refers to, and for their external names where the
//! cloud chooses them: a provider reports an error for every reference that it cannot resolve, and
//! each report is a reconcile.
//!
//! Of a kind that the composite does not have yet, one object is created first and the others follow
//! in the next reconcile. Core up to v2.3 (`ControllerEngine.StartWatches`) starts a watch for
//! every object of a kind that it sees for the first time: with six subnets at once, each event of a
//! subnet is handled six times until core is restarted, and the circuit breaker opens.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
};

use super::{
    composed::{Body, Composed, Plan, Source, Stage},
    key::Key,
    object,
    observed::{Observed, conditions},
    ready::is_busy,
    reasons::{Trouble, failed, not_ours, unmaintained, unready},
    references::references,
    waiting::{Waiting, waits_for},
};
use crate::wire::structpb::{EncodeError, Struct};

/// What became of a resource of the plan.
#[derive(Debug)]
pub struct Outcome {
    /// Its key.
    pub key: Key,
    /// Its stage.
    pub stage: Stage,
    /// Whether it holds back the cluster's readiness.
    pub required: bool,
    /// Whether it is ready.
    pub ready: bool,
    /// The object to send; `None` holds it back.
    pub object: Option<Struct>,
    /// What it waits for; `None` when it is ready and stays.
    pub waiting: Option<Waiting>,
    /// What its provider or its cloud says went wrong, ready or not. Others that are not ready only take their time.
    pub trouble: Option<Trouble>,
}

/// Decides for every resource of the plan.
///
/// # Errors
/// [`EncodeError`] when an object cannot be encoded: a bug, or a number in an observed object that
/// JSON does not know.
pub fn decide(plan: Plan, observed: Observed<'_>) -> Result<Vec<Outcome>, EncodeError> {
    debug_assert_eq!(
        plan.unknown(),
        [],
        "each waits for a key that the plan does not have"
    );
    let resources = plan.into_resources();
    let mut gate = Gate {
        observed,
        resources: &resources,
        ready: OnceCell::new(),
        names: OnceCell::new(),
        first: None,
    };
    let verdicts: Vec<_> = resources.iter().map(|it| gate.verdict(it)).collect();
    let verdicts = verdicts.into_iter();
    let pairs = resources.into_iter().zip(verdicts);
    pairs
        .map(|(resource, verdict)| verdict.outcome(resource))
        .collect()
}

fn is_ready(resource: &Composed, observed: Observed<'_>) -> bool {
    let counts = resource.is_foreign().is_none() && resource.is_unfinished().is_none();
    counts
        && observed
            .get(&resource.key)
            .is_some_and(|object| resource.ready.holds(object))
}

/// What is decided for a resource.
struct Verdict<'a> {
    existing: Option<&'a Struct>,
    ready: bool,
    held_back: bool,
    waiting: Option<Waiting>,
    trouble: Option<Trouble>,
}

impl Verdict<'_> {
    fn outcome(self, resource: Composed) -> Result<Outcome, EncodeError> {
        let object = match (resource.body, self.existing) {
            (Body::Broken(error), _) => return Err(error),
            (Body::Object(object), Some(_)) => Some(object),
            (Body::Lacking { .. } | Body::AsObserved, Some(existing)) => {
                Some(object::again(existing)?)
            }
            (Body::Object(object), None) if !self.held_back => Some(object),
            (Body::Object(_) | Body::Lacking { .. } | Body::AsObserved, None) => None,
        };
        Ok(Outcome {
            key: resource.key,
            stage: resource.stage,
            required: resource.required,
            ready: self.ready,
            object,
            waiting: self.waiting,
            trouble: self.trouble,
        })
    }
}

/// What only a creation asks for is found when the first one does: a settled cluster needs none of it.
struct Gate<'a, 'o> {
    observed: Observed<'o>,
    resources: &'a [Composed],
    /// The keys of what is ready.
    ready: OnceCell<BTreeSet<&'a Key>>,
    /// The keys of the plan's objects by their names.
    names: OnceCell<BTreeMap<&'a str, &'a Key>>,
    /// By kind, the object that others of its kind wait for; `None` stands for one that exists.
    first: Option<BTreeMap<Kind, Option<&'a Key>>>,
}

/// API version and kind.
type Kind = (String, String);

fn kind_of(object: &Struct) -> Kind {
    let text = |path| object.str_at(path).unwrap_or_default().to_owned();
    (text("apiVersion"), text("kind"))
}

impl<'a, 'o> Gate<'a, 'o> {
    fn verdict(&mut self, resource: &'a Composed) -> Verdict<'o> {
        if let Some(existing) = self.observed.get(&resource.key) {
            let [ready, synced, last] =
                conditions(existing, ["Ready", "Synced", "LastAsyncOperation"]);
            let foreign = resource.is_foreign();
            let holds = resource.ready.holds_with(existing, ready, last);
            let unfinished = resource.is_unfinished().filter(|_| holds);
            let ready = holds && foreign.is_none() && unfinished.is_none();
            let waiting = match (ready, foreign) {
                (true, _) => resource.is_leaving().cloned(),
                (false, Some(foreign)) => Some(not_ours(foreign)),
                // Until its provider calls it ready, the provider's own words say more.
                (false, None) => unfinished
                    .cloned()
                    .or_else(|| Some(unready(existing, resource.ready))),
            };
            let trouble = match &waiting {
                Some(waiting) if !ready => failed(existing, waiting),
                _ => unmaintained(existing, [synced, last]),
            };
            return Verdict {
                existing: Some(existing),
                ready,
                held_back: false,
                waiting,
                trouble,
            };
        }
        let blocked = self.blocked(resource).or_else(|| match &resource.body {
            Body::Object(object) => self.follows(&resource.key, object),
            _ => None,
        });
        Verdict {
            existing: None,
            ready: false,
            held_back: blocked.is_some(),
            waiting: Some(blocked.unwrap_or_else(|| Waiting {
                what: "its creation".to_owned(),
                reason: "asked for just now".to_owned(),
                fix: None,
            })),
            trouble: None,
        }
    }

    fn is_ready(&self, key: &Key) -> bool {
        let ready = self.ready.get_or_init(|| {
            let resources = self.resources.iter();
            let ready = resources.filter(|resource| is_ready(resource, self.observed));
            ready.map(|resource| &resource.key).collect()
        });
        ready.contains(key)
    }

    /// Whether a reference to the object of a key has no value yet: it is the external name, which
    /// the provider stores after the creation.
    fn lacks_name(&self, key: &Key) -> bool {
        let mut resources = self.resources.iter();
        let named = resources.find(|it| it.key == *key && it.is_named_by_cloud());
        let object = named.and_then(|named| self.observed.get(&named.key));
        object.is_some_and(|object| object::external_name(object).is_none())
    }

    /// The first object of its kind, which a new object waits for.
    fn follows(&mut self, key: &'a Key, object: &Struct) -> Option<Waiting> {
        let observed = self.observed;
        let first = self.first.get_or_insert_with(|| {
            let objects = observed.objects();
            objects.map(|object| (kind_of(object), None)).collect()
        });
        match first.entry(kind_of(object)) {
            Entry::Vacant(entry) => {
                entry.insert(Some(key));
                None
            }
            Entry::Occupied(entry) => {
                let first = entry.get().as_ref()?;
                Some(waits_for(&[first], "not created yet"))
            }
        }
    }

    /// The keys of the objects that a resource refers to.
    fn referred(&self, resource: &Composed) -> Vec<&'a Key> {
        let Body::Object(object) = &resource.body else {
            return Vec::new();
        };
        let names = self.names.get_or_init(|| {
            let name = |resource: &'a Composed| match &resource.body {
                Body::Object(object) => object.str_at("metadata.name"),
                _ => None,
            };
            let resources = self.resources.iter();
            resources
                .filter_map(|resource| Some((name(resource)?, &resource.key)))
                .collect()
        });
        references(object)
            .into_iter()
            .filter_map(|name| names.get(name).copied())
            .collect()
    }

    /// Why a resource cannot be created yet.
    fn blocked(&self, resource: &Composed) -> Option<Waiting> {
        let after = &resource.after;
        let unready = |key: &&Key| !self.is_ready(key);
        let mut needed: Vec<_> = after.all.iter().collect();
        let referred = self.referred(resource);
        for key in &referred {
            if !needed.contains(key) {
                needed.push(key);
            }
        }
        let missing: Vec<_> = needed.into_iter().filter(unready).collect();
        if !missing.is_empty() {
            return Some(waits_for(&missing, "not ready yet"));
        }
        let busy = |key: &&Key| self.observed.get(key).is_some_and(is_busy);
        let busy: Vec<_> = after.all.iter().filter(busy).collect();
        if !busy.is_empty() {
            return Some(waits_for(&busy, "its cloud is changing it"));
        }
        let unnamed: Vec<_> = referred
            .into_iter()
            .filter(|key| self.lacks_name(key))
            .collect();
        if !unnamed.is_empty() {
            return Some(waits_for(
                &unnamed,
                "the provider has not stored the external name yet",
            ));
        }
        let any: Vec<_> = after.any.iter().collect();
        if !any.is_empty() && any.iter().all(unready) {
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
        let Body::Lacking { what, from } = &resource.body else {
            return None;
        };
        Some(Waiting {
            what: (*what).to_owned(),
            reason: match from {
                Source::Resource(key) => format!("{key} has not reported it yet"),
                Source::Person(action) => action.clone(),
            },
            fix: None,
        })
    }
}

#[cfg(test)]
mod tests;
