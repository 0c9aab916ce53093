//! What a cluster is composed of, before the gate decides what of it is sent.

use std::collections::BTreeSet;

use super::{key::Key, ready::ReadyWhen, waiting::Waiting};
use crate::{
    api::violation::printable,
    wire::structpb::{EncodeError, Struct},
};

/// The part of a cluster that a resource belongs to; each has a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The network.
    Network,
    /// Roles, service accounts and keys.
    Identity,
    /// The control plane.
    Cluster,
    /// Who may use it.
    Access,
    /// Add-ons.
    Addons,
    /// Node pools.
    Nodes,
    /// Argo CD.
    Registration,
    /// Records in DNS, and the address behind them.
    Traffic,
    /// Deletion order and protection.
    Protection,
}

/// What a resource needs before it is created.
#[derive(Clone, Debug, Default)]
pub struct After {
    /// All of these must be ready.
    pub all: Vec<Key>,
    /// At least one of these must be ready; no matter when empty.
    pub any: Vec<Key>,
    /// These must exist, ready or not.
    pub exist: Vec<Key>,
}

/// Who a missing value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The resource of a key reports it.
    Resource(Key),
    /// Somebody has to do this first.
    Person(String),
}

impl Source {
    /// The resource's key, where it is one.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::Resource(key) => Some(key),
            Self::Person(_) => None,
        }
    }
}

impl From<Key> for Source {
    fn from(key: Key) -> Self {
        Self::Resource(key)
    }
}

/// What can be sent for a resource.
#[derive(Debug)]
pub enum Body {
    /// The object.
    Object(Struct),
    /// Nothing yet: a value is missing that another resource will report.
    Lacking {
        /// The value.
        what: &'static str,
        /// Who it comes from.
        from: Source,
    },
    /// The observed object as it is: kept until something else is ready.
    AsObserved,
    /// A bug: the object cannot be encoded.
    Broken(EncodeError),
}

/// One resource of the plan.
#[derive(Debug)]
pub struct Composed {
    /// The composed-resource key. It is API: a renamed key deletes and creates.
    pub key: Key,
    /// The stage.
    pub stage: Stage,
    /// The object.
    pub body: Body,
    /// What it waits for.
    pub after: After,
    /// When it is ready.
    pub ready: ReadyWhen,
    /// Whether the cluster is ready only when this is.
    pub required: bool,
    /// Whether it exists already, as far as the stage knows, and so waits for nothing.
    pub(super) exists: bool,
    /// Whether others can refer to it only after the cloud has named it.
    pub(super) named_by_cloud: bool,
    /// Why it is not this composite's, although it exists.
    pub(super) foreign: Option<Foreign>,
    /// What its creation has left to do, although its provider calls it ready.
    pub(super) unfinished: Option<Waiting>,
    /// What it waits for before it is deleted, although it is ready.
    pub(super) leaving: Option<Waiting>,
}

/// What shows that an existing object belongs to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What the object has, such as `the role arn:...`.
    pub has: String,
    /// What this composite's object would have.
    pub ours: String,
    /// What to do.
    pub fix: &'static str,
}

impl Foreign {
    /// Two values of what tells owners apart, such as `role`.
    pub fn by(what: &str, has: &str, ours: &str, fix: &'static str) -> Self {
        Self {
            has: format!("the {what} {}", printable(has)),
            ours: format!("the {what} {}", printable(ours)),
            fix,
        }
    }
}

impl Composed {
    /// Says whether it exists already: then what is said afterwards about its creation is not even
    /// asked for.
    pub fn existing(mut self, exists: bool) -> Self {
        self.exists = exists;
        self
    }

    /// Whether it waits for nothing.
    pub fn exists(&self) -> bool {
        self.exists
    }

    /// Whether others can refer to it only after the cloud has named it.
    pub fn is_named_by_cloud(&self) -> bool {
        self.named_by_cloud
    }

    /// Says that the object exists and is not this composite's: nothing is built on it.
    pub fn foreign(mut self, foreign: Option<Foreign>) -> Self {
        self.foreign = foreign;
        self
    }

    /// Why the object is not this composite's.
    pub fn is_foreign(&self) -> Option<&Foreign> {
        self.foreign.as_ref()
    }

    /// Says what its creation has left to do: until then nothing is built on it, whatever its provider says.
    pub fn unfinished(mut self, waiting: Option<Waiting>) -> Self {
        self.unfinished = waiting;
        self
    }

    /// What its creation has left to do.
    pub fn is_unfinished(&self) -> Option<&Waiting> {
        self.unfinished.as_ref()
    }

    /// Waits for these to be ready.
    pub fn after(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        if !self.exists {
            self.after.all.extend(keys);
        }
        self
    }

    /// Waits for one of these to be ready.
    pub fn after_any(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        if !self.exists {
            self.after.any.extend(keys);
        }
        self
    }

    /// Waits for these to exist.
    pub fn after_existing(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        if !self.exists {
            self.after.exist.extend(keys);
        }
        self
    }

    /// Says what an object that the spec no longer has waits for before it is deleted.
    pub fn leaving(mut self, waiting: Waiting) -> Self {
        self.leaving = Some(waiting);
        self
    }

    /// What it waits for before it is deleted.
    pub fn is_leaving(&self) -> Option<&Waiting> {
        self.leaving.as_ref()
    }

    /// Sets the readiness rule.
    pub fn ready_when(mut self, rule: ReadyWhen) -> Self {
        self.ready = rule;
        self
    }

    /// Holds back the cluster's readiness only if `required`.
    pub fn required_if(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// Does not hold back the cluster's readiness.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}

/// All resources of a cluster, in the order the stages added them.
#[derive(Debug, Default)]
pub struct Plan {
    resources: Vec<Composed>,
}

impl Plan {
    /// Adds a resource.
    pub fn add(&mut self, resource: Composed) {
        self.resources.push(resource);
    }

    /// Whether it has a resource of this key.
    pub fn has(&self, key: &Key) -> bool {
        self.resources.iter().any(|resource| resource.key == *key)
    }

    /// What resources wait for although the plan does not have it: they would wait without end.
    pub fn unknown(&self) -> Vec<(&Key, &Key)> {
        let keys: BTreeSet<_> = self.resources.iter().map(|it| &it.key).collect();
        let waits = self.resources.iter().flat_map(|resource| {
            let After { all, any, exist } = &resource.after;
            let reports = match &resource.body {
                Body::Lacking { from, .. } => from.key(),
                _ => None,
            };
            let needed = all.iter().chain(any).chain(exist).chain(reports);
            needed.map(move |key| (&resource.key, key))
        });
        waits.filter(|(_, key)| !keys.contains(key)).collect()
    }

    /// Takes the resources out.
    pub fn into_resources(self) -> Vec<Composed> {
        self.resources
    }
}
