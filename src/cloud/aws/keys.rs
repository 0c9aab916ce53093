//! Keys of what a cluster on AWS is composed of.

use super::machines;
use crate::{
    api::{choice::Capacity, names::hash, spec::NodePool},
    cloud::{
        effects::{Keys, Loss, Replacement},
        pools,
    },
    plan::{
        context::Cx,
        key::{CLUSTER, Family, Key, POOL},
        observed::Observed,
    },
};

// The network.
/// The internet gateway.
pub(super) const GATEWAY: Key = Key::new("network-internet-gateway");
/// The internet route of the VPC's own route table.
pub(super) const PUBLIC_ROUTE: Key = Key::new("network-route-public");
/// The private subnet of a zone.
pub(super) const PRIVATE_SUBNET: Family = Family::new("network-subnet-private-");
/// The public subnet of a zone.
pub(super) const PUBLIC_SUBNET: Family = Family::new("network-subnet-public-");
/// The NAT gateway of a zone.
pub(super) const NAT: Family = Family::new("network-nat-");
/// The address of a zone's NAT gateway.
pub(super) const NAT_ADDRESS: Family = Family::new("network-nat-address-");
/// The route table of a zone's private subnet.
pub(super) const ROUTE_TABLE: Family = Family::new("network-route-table-");
/// The way out of a zone.
pub(super) const ROUTE: Family = Family::new("network-route-");
/// What gives a private subnet its route table.
pub(super) const ASSOCIATION: Family = Family::new("network-association-");

// Roles, keys and logs.
/// The control plane's role.
pub(super) const CONTROL_PLANE_ROLE: Key = Key::new("identity-control-plane-role");
/// The nodes' role.
pub(super) const NODE_ROLE: Key = Key::new("identity-node-role");
/// The network plug-in's role.
pub(super) const NETWORKING_ROLE: Key = Key::new("identity-networking-role");
/// The block storage driver's role.
pub(super) const BLOCK_STORAGE_ROLE: Key = Key::new("identity-block-storage-role");
/// The name of the encryption key.
pub(super) const KEY_ALIAS: Key = Key::new("identity-key-alias");
/// The control plane's log group.
pub(super) const LOG_GROUP: Key = Key::new("identity-log-group");

// Add-ons.
/// The add-ons that nodes need.
pub(super) const BEFORE_NODES: [Key; 3] = [
    Key::new("addons-networking"),
    Key::new("addons-kube-proxy"),
    Key::new("addons-pod-identity"),
];
/// Cluster DNS.
pub(super) const DNS: Key = Key::new("addons-dns");
/// Persistent volumes.
pub(super) const BLOCK_STORAGE: Key = Key::new("addons-block-storage");
/// CPU and memory metrics.
pub(super) const METRICS_SERVER: Key = Key::new("addons-metrics-server");

/// The launch template of a pool.
pub(super) const TEMPLATE: Family = Family::new("nodes-template-");

/// The access entry of a principal.
pub(super) fn access_entry(principal: &str) -> Key {
    Family::new("access-entry-").of(&hash(principal, 8))
}

/// The policy of a principal. Neither can change in place, so the key holds a hash of both.
pub(super) fn access_policy(principal: &str, policy: &str) -> Key {
    let both = hash(&format!("{principal} {policy}"), 8);
    Family::new("access-policy-").of(&both)
}

/// The node group of a pool.
///
/// The order of instance types counts for on-demand nodes alone: EKS takes the first that there is (`prioritized`), and
/// chooses spot nodes by price and capacity (EKS user guide, "Managed node group capacity types"). So a spot group that
/// exists with the same types in another order is the pool's.
pub(super) fn node_group(observed: Observed<'_>, pool: &NodePool) -> Key {
    let wanted = key_with(pool, &machines::of_pool(pool).collect::<Vec<_>>());
    let stays = |key: &Key| observed.exists(key) && !pools::is_deleted(observed, key);
    if pool.capacity == Capacity::OnDemand || stays(&wanted) {
        return wanted;
    }
    let mut made = pools::keys_of(observed, &pool.name).into_iter();
    let reordered = made.find(|key| {
        let made_with = machines::made_with(observed, key, pool);
        stays(key) && made_with.is_some_and(|types| key_with(pool, &types) == *key)
    });
    reordered.unwrap_or(wanted)
}

/// The node groups that take system Pods.
pub(super) fn for_system_pods<'a>(cx: &'a Cx<'_>) -> impl Iterator<Item = Key> + 'a {
    let pools = cx.spec.pools_for_system_pods();
    pools.map(|pool| node_group(cx.observed, pool))
}

/// The key of a pool with these instance types. It holds a hash of what a node group cannot change in place.
fn key_with(pool: &NodePool, types: &[&str]) -> Key {
    let immutable = format!(
        "{} {} {}{}",
        types.join(","),
        capacity_type(pool),
        ami_type(pool),
        pools::zones_in_key(pool)
    );
    pools::key(pool, &immutable)
}

/// How the nodes are bought, as EKS calls it.
pub(super) fn capacity_type(pool: &NodePool) -> &'static str {
    match pool.capacity {
        Capacity::OnDemand => "ON_DEMAND",
        Capacity::Spot => "SPOT",
    }
}

/// The image of the nodes.
pub(super) fn ami_type(pool: &NodePool) -> &'static str {
    let arm = machines::of_pool(pool).any(machines::is_arm);
    match (pool.gpu.is_some(), arm) {
        (false, false) => "AL2023_x86_64_STANDARD",
        (false, true) => "AL2023_ARM_64_STANDARD",
        (true, false) => "AL2023_x86_64_NVIDIA",
        (true, true) => "AL2023_ARM_64_NVIDIA",
    }
}

/// What is lost for good with these, beside what every cluster loses.
pub(super) const LOSSES: &[Loss] = &[
    Loss {
        with: Keys::Each(NAT_ADDRESS),
        lost: "others may have allowed the cluster in by this address",
    },
    Loss {
        with: Keys::Each(ROUTE),
        lost: "nodes in its zone reach nothing outside the VPC any more",
    },
];

/// What makes EKS replace nodes. Labels and taints change in place; machines and zones make another node group.
pub(super) const REPLACEMENTS: &[Replacement] = &[
    Replacement {
        of: Keys::Each(POOL),
        field: "spec.forProvider.launchTemplate.version",
        why: "its launch template has a new version",
    },
    Replacement {
        of: Keys::One(CLUSTER),
        field: "spec.forProvider.version",
        why: "nodes follow the control plane to another version of Kubernetes",
    },
];
