//! Keys of composed resources.
//!
//! A key is how Crossplane finds the object that it made: one that is renamed deletes and creates. So keys
//! are constants, or a constant and the name of what there are several of.

use std::{borrow::Cow, fmt};

use serde::Serialize;

/// The control plane, on every cloud.
pub const CLUSTER: Key = Key::new("cluster");
/// The network, on every cloud.
pub const NETWORK: Key = Key::new("network-vpc");
/// The key that encrypts Secrets, on every cloud.
pub const ENCRYPTION_KEY: Key = Key::new("identity-key");
/// Argo CD's cluster Secret, where it can be composed directly.
pub const REGISTRATION_SECRET: Key = Key::new("registration-secret");
/// The Object of provider-kubernetes that carries Argo CD's cluster Secret elsewhere.
pub const REGISTRATION_OBJECT: Key = Key::new("registration-object");
/// The address that a cloud reserves for the load balancer.
pub const ADDRESS: Key = Key::new("traffic-address");
/// The record of the cluster's own name.
pub const OWN_RECORD: Key = Key::new("traffic-record-cluster");
/// The health check of the cluster's own name.
pub const HEALTH_CHECK: Key = Key::new("traffic-health-check");
/// The health check that takes its place, and whose place it takes the next time.
pub const NEXT_HEALTH_CHECK: Key = Key::new("traffic-health-check-next");
/// The cluster's record of the service's host.
pub const SERVICE_RECORD: Key = Key::new("traffic-record-service");
/// What refuses the deletion of the composite.
pub const PROTECTION_COMPOSITE: Key = Key::new("protection-composite");
/// What refuses the deletion of the claim.
pub const PROTECTION_CLAIM: Key = Key::new("protection-claim");
/// What keeps a resource until another one is gone.
pub const PROTECTION: Family = Family::new("protection-");
/// Node pools.
pub const POOL: Family = Family::new("nodes-pool-");
/// Who may use the cluster.
pub const ACCESS: Family = Family::new("access-");

/// The key of a composed resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Key(Cow<'static, str>);

impl Key {
    /// The key of what there is one of.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A key that exists.
    pub fn existing(key: &str) -> Self {
        Self(Cow::Owned(key.to_owned()))
    }

    /// The key as Crossplane has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The keys of what there are several of: how they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family(&'static str);

impl Family {
    /// A family by how its keys begin, with a hyphen at the end.
    pub const fn new(prefix: &'static str) -> Self {
        Self(prefix)
    }

    /// The key of the one of a name.
    pub fn of(self, name: &str) -> Key {
        Key(Cow::Owned([self.0, name].concat()))
    }

    /// How its keys begin.
    pub fn prefix(self) -> &'static str {
        self.0
    }

    /// The name in a key of this family.
    pub fn name_in(self, key: &Key) -> Option<&str> {
        key.as_str().strip_prefix(self.0)
    }
}
