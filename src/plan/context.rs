//! Everything a stage may look at.

use super::{
    key::Key,
    object::{Builder, Policies, Ref},
    observed::Observed,
    tags::Tags,
    traffic::Traffic,
};
use crate::{
    api::{composite::Composite, input::Input, names::Names, spec::Spec},
    wire::structpb::{Struct, Value},
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
    pub fn reference(&self, key: &Key) -> Ref {
        self.build.reference(key)
    }

    /// What the provider may do with the cluster of a key. A foreign one is neither changed nor deleted,
    /// and under a name that an author chose nothing is, until the cloud has reported it. While it reports
    /// nothing, what was decided stays.
    pub fn policies_of_cluster(&self, key: &Key, is_foreign: bool) -> Policies {
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
    pub fn lasting(
        &self,
        key: &Key,
        path: &str,
        source: &Key,
        source_path: &str,
    ) -> Option<String> {
        self.observed
            .str_at(key, path)
            .or_else(|| self.observed.str_at(source, source_path))
            .map(str::to_owned)
    }

    /// A value that follows `source`; while `source` does not report it, the one the object of
    /// `key` was last sent with.
    pub fn following(
        &self,
        key: &Key,
        path: &str,
        source: &Key,
        source_path: &str,
    ) -> Option<String> {
        self.observed
            .str_at(source, source_path)
            .or_else(|| self.observed.str_at(key, path))
            .map(str::to_owned)
    }
}
