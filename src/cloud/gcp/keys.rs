//! Keys of what a cluster on Google Cloud is composed of.

use super::machines;
use crate::{
    api::{choice::Capacity, names::hash, spec::NodePool},
    cloud::{
        effects::{Keys, Loss, Replacement},
        pools,
    },
    plan::{
        key::{CLUSTER, Family, Key, POOL},
        observed::Observed,
    },
};

// The network.
/// The subnetwork: regional, so one is enough.
pub(super) const SUBNET: Key = Key::new("network-subnet");
/// The router.
pub(super) const ROUTER: Key = Key::new("network-router");
/// Cloud NAT.
pub(super) const NAT: Key = Key::new("network-nat");

// Service accounts, keys and APIs.
/// The nodes' service account.
pub(super) const NODE_ACCOUNT: Key = Key::new("identity-node-account");
/// The nodes' roles: what GKE needs of them, and pulling images.
pub(super) const NODE_ROLES: [(Key, &str); 2] = [
    (
        Key::new("identity-node-role"),
        "roles/container.defaultNodeServiceAccount",
    ),
    (
        Key::new("identity-node-registry-role"),
        "roles/artifactregistry.reader",
    ),
];
/// What lets GKE use the encryption key.
pub(super) const KEY_GRANT: Key = Key::new("identity-key-grant");
/// What holds the encryption key.
pub(super) const KEY_RING: Key = Key::new("identity-key-ring");
/// The project, which is only looked at.
pub(super) const PROJECT: Key = Key::new("identity-project");
/// An API of the project.
pub(super) const API: Family = Family::new("identity-api-");
/// The API of projects and of their IAM policies, which all other APIs are read through.
pub(super) const PROJECTS: &str = "cloudresourcemanager";
/// The API of image streaming (GKE documentation, "Use Image streaming", requirements).
pub(super) const IMAGE_STREAMING: &str = "containerfilesystem";

/// The role of a member. Neither can change in place, so the key holds a hash of both.
pub(super) fn access_member(member: &str, role: &str) -> Key {
    let both = hash(&format!("{member} {role}"), 8);
    Family::new("access-member-").of(&both)
}

/// The node pool of a pool.
pub(super) fn node_pool(_: Observed<'_>, pool: &NodePool) -> Key {
    pools::key(pool, &immutable(pool))
}

/// What a node pool cannot change in place.
fn immutable(pool: &NodePool) -> String {
    let spot = pool.capacity == Capacity::Spot;
    let machine = machines::of_pool(pool).unwrap_or_default();
    format!("{machine} {spot}{}", pools::zones_in_key(pool))
}

/// What is lost for good with these, beside what every cluster loses.
pub(super) const LOSSES: &[Loss] = &[Loss {
    with: Keys::One(NAT),
    lost: "nodes reach nothing outside Google Cloud any more",
}];

/// What makes GKE replace nodes. Labels and taints change in place; machines and zones make another node pool.
pub(super) const REPLACEMENTS: &[Replacement] = &[
    Replacement {
        of: Keys::Each(POOL),
        field: "spec.forProvider.nodeConfig.diskSizeGb",
        why: "its nodes get disks of another size",
    },
    Replacement {
        of: Keys::Each(POOL),
        field: "spec.forProvider.nodeConfig.diskType",
        why: "its nodes get disks of another type",
    },
    Replacement {
        of: Keys::One(CLUSTER),
        field: "spec.forProvider.minMasterVersion",
        why: "nodes follow the control plane to another version of Kubernetes",
    },
];
