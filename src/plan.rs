//! What a cluster is composed of, before the gate decides what of it is sent.

mod ready;

pub use ready::ReadyWhen;
use serde::Serialize;

use crate::{
    composite::Composite,
    input::Input,
    names::Names,
    object::{Builder, Extras, Managed, NamedBy, Policies, Ref},
    observed::Observed,
    structpb::{EncodeError, Struct, Value},
    tags::Tags,
    traffic::Traffic,
    violation::printable,
    waiting::Waiting,
    xcluster::Spec,
};

/// Everything a stage may look at.
pub struct Cx<'a> {
    /// The author's specification.
    pub spec: &'a Spec,
    /// The platform's facts.
    pub input: &'a Input,
    /// The composite's identity.
    pub composite: &'a Composite,
    /// The observed composite, for what an earlier call wrote to its status.
    pub observed_composite: &'a Struct,
    /// The cluster's names.
    pub names: &'a Names,
    /// The account or project.
    pub account: Option<&'a str>,
    /// Whether it serves.
    pub traffic: &'a Traffic,
    /// What exists.
    pub observed: Observed<'a>,
    /// Builds objects.
    pub build: &'a Builder<'a>,
    /// What all resources are tagged with.
    pub tags: Tags,
}

impl Cx<'_> {
    /// A reference to the composed object of a key.
    pub fn reference(&self, key: &str) -> Ref {
        self.build.reference(key)
    }

    /// From where the control plane can be reached: the cluster's ranges, else the platform's.
    pub fn allowed_cidrs(&self) -> Vec<String> {
        let own = &self.spec.endpoint.allowed_cidrs;
        let ranges = if own.is_empty() {
            &self.input.allowed_cidrs
        } else {
            own
        };
        ranges.iter().map(ToString::to_string).collect()
    }

    /// What the provider may do with the cluster of a key. A foreign one is neither changed nor deleted,
    /// and under a name that an author chose nothing is, until the cloud has reported it. While it reports
    /// nothing, what was decided stays.
    pub fn policies_of_cluster(&self, key: &str, is_foreign: bool) -> Policies {
        if is_foreign {
            return Policies::Observe;
        }
        let object = self.observed.get(key);
        if object.is_some_and(|it| it.str_at("status.atProvider.id").is_some()) {
            return Policies::Full;
        }
        let policies = object.and_then(|object| object.at("spec.managementPolicies"));
        let decided = policies.into_iter().flat_map(Value::items);
        let decided: Vec<_> = decided.filter_map(|policy| policy.as_str()).collect();
        match decided[..] {
            [] if self.spec.cloud_name.is_some() => Policies::Try,
            ["Observe"] => Policies::Observe,
            ["Observe", "Create"] => Policies::Try,
            _ => Policies::Full,
        }
    }

    /// A value that never changes once the object of `key` was created with it: the one it has,
    /// else the one that `source` reports now.
    pub fn settled(
        &self,
        key: &str,
        path: &str,
        source: &str,
        source_path: &str,
    ) -> Option<String> {
        self.observed
            .str_at(key, path)
            .or_else(|| self.observed.str_at(source, source_path))
            .map(str::to_owned)
    }

    /// A value that follows `source`; while `source` does not report it, the one the object of
    /// `key` was last sent with.
    pub fn current(
        &self,
        key: &str,
        path: &str,
        source: &str,
        source_path: &str,
    ) -> Option<String> {
        self.observed
            .str_at(source, source_path)
            .or_else(|| self.observed.str_at(key, path))
            .map(str::to_owned)
    }
}

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
    pub all: Vec<String>,
    /// At least one of these must be ready; no matter when empty.
    pub any: Vec<String>,
    /// These must exist, ready or not.
    pub exist: Vec<String>,
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
        /// The key of the resource that will report it, or what a person has to do.
        from: String,
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
    pub key: String,
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
    exists: bool,
    /// Whether others can refer to it only after the cloud has named it.
    named_by_cloud: bool,
    /// Why it is not this composite's, although it exists.
    foreign: Option<Foreign>,
    /// What it waits for before it is deleted, although it is ready.
    leaving: Option<Waiting>,
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

    /// Waits for these to be ready.
    pub fn after<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        if !self.exists {
            self.after.all.extend(keys.into_iter().map(Into::into));
        }
        self
    }

    /// Waits for one of these to be ready.
    pub fn after_any<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        if !self.exists {
            self.after.any.extend(keys.into_iter().map(Into::into));
        }
        self
    }

    /// Waits for these to exist.
    pub fn after_existing<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        if !self.exists {
            self.after.exist.extend(keys.into_iter().map(Into::into));
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
    pub fn has(&self, key: &str) -> bool {
        self.resources.iter().any(|resource| resource.key == key)
    }

    /// Takes the resources out.
    pub fn into_resources(self) -> Vec<Composed> {
        self.resources
    }
}

/// A resource with an object of any kind.
pub fn composed(
    stage: Stage,
    key: impl Into<String>,
    object: Result<Struct, EncodeError>,
) -> Composed {
    Composed {
        key: key.into(),
        stage,
        body: object.map_or_else(Body::Broken, Body::Object),
        after: After::default(),
        ready: ReadyWhen::Condition,
        required: true,
        exists: false,
        named_by_cloud: false,
        foreign: None,
        leaving: None,
    }
}

/// A managed resource, with its external name where this function chooses it.
pub fn managed<F: Managed>(
    cx: &Cx<'_>,
    stage: Stage,
    key: impl Into<String>,
    external_name: Option<String>,
    for_provider: F,
) -> Composed {
    let extras = Extras::<()> {
        external_name,
        ..Extras::default()
    };
    managed_with(cx, cx.build, stage, key, extras, for_provider)
}

/// Like [`managed`], with all that may differ: the credentials of `build`, management policies,
/// values for the creation, a label.
pub fn managed_with<F: Managed, I: Serialize>(
    cx: &Cx<'_>,
    build: &Builder<'_>,
    stage: Stage,
    key: impl Into<String>,
    extras: Extras<I>,
    for_provider: F,
) -> Composed {
    let key = key.into();
    let observed = cx.observed.get(&key);
    let object = build.managed(&key, for_provider, extras, observed);
    Composed {
        named_by_cloud: F::NAMED_BY == NamedBy::Cloud,
        ..composed(stage, key, object).existing(observed.is_some())
    }
}

/// A resource that cannot be built yet.
pub fn lacking(
    stage: Stage,
    key: impl Into<String>,
    what: &'static str,
    from: impl Into<String>,
) -> Composed {
    Composed {
        body: Body::Lacking {
            what,
            from: from.into(),
        },
        ..composed(stage, key, Ok(Struct::default()))
    }
}

/// An existing resource that stays as it is.
pub fn as_observed(stage: Stage, key: impl Into<String>) -> Composed {
    Composed {
        body: Body::AsObserved,
        ..composed(stage, key, Ok(Struct::default()))
    }
}
