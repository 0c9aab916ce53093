//! Network, subnetwork, router and NAT.
//!
//! Layout of the range /p: the first half is for Pods, the third quarter for nodes, and the last
//! quarter begins with the range of Services; the rest stays free.

use ipnet::Ipv4Net;

use super::{
    api::{NatLog, Network, Router, RouterNat, SecondaryRange, Subnetwork},
    identifiers::project,
    keys::{API, NAT, ROUTER, SUBNET},
};
use crate::{
    api::{
        choice::Nat,
        spec::{NodePool, Spec, part},
    },
    plan::{
        build::managed,
        composed::{Plan, Stage},
        context::Cx,
        key::{CLUSTER, Key, NETWORK},
    },
    wire::structpb::Struct,
};

/// The secondary range of Pods.
pub(super) const PODS: &str = "pods";
/// The secondary range of Services.
pub(super) const SERVICES: &str = "services";
/// Pods of a node at most: a /25 a node, so that the smallest network still has room for sixteen.
pub(super) const PODS_PER_NODE: u32 = 64;
/// The shortest prefix that a network may have.
const WIDEST: u8 = 16;
/// Longest name of a network, subnetwork or router.
const LONGEST: usize = 63;

/// The zones that the author or a count of two names; `None` leaves three to GKE, which knows
/// where the region has them.
pub(super) fn zones(spec: &Spec) -> Option<Vec<String>> {
    let network = &spec.network;
    zones_of(&spec.region, network.zone_names.clone(), network.zones)
}

/// The named zones, else two of a region if it is to be two. They are a set: their order means nothing.
pub(super) fn zones_of(region: &str, mut named: Vec<String>, count: u32) -> Option<Vec<String>> {
    if !named.is_empty() {
        named.sort_unstable();
        return Some(named);
    }
    if count == 3 {
        return None;
    }
    // Regions without a zone a, from the Compute Engine documentation.
    let letters = match region {
        "us-east1" | "europe-west1" => ["b", "c"],
        _ => ["a", "b"],
    };
    Some(
        letters
            .iter()
            .map(|letter| format!("{region}-{letter}"))
            .collect(),
    )
}

/// In how many zones the nodes of a pool are.
pub(super) fn zone_count(spec: &Spec, pool: &NodePool) -> u32 {
    let zones = pool.own_zones().or_else(|| zones(spec));
    count(zones.as_deref())
}

/// The same, of a pool that exists. One that a successor replaces may be in other zones.
pub(super) fn zone_count_of(spec: &Spec, pool: &Struct) -> u32 {
    let own = pool.at("spec.forProvider.nodeLocations");
    let own = own.map_or(0, |zones| zones.items().count());
    match u32::try_from(own) {
        Ok(own) if own > 0 => own,
        _ => count(zones(spec).as_deref()),
    }
}

/// GKE takes three where none are named.
fn count(zones: Option<&[String]>) -> u32 {
    zones
        .and_then(|zones| u32::try_from(zones.len()).ok())
        .unwrap_or(3)
}

/// What the network, its subnetwork, router and NAT are called.
pub(super) fn name(cx: &Cx<'_>) -> String {
    cx.names.in_cloud("", LONGEST)
}

/// What private nodes need to reach anything.
pub(super) fn egress(spec: &Spec) -> Vec<Key> {
    match spec.network.nat {
        Nat::PerZone | Nat::Single => vec![NAT],
        Nat::None => Vec::new(),
    }
}

/// Plans the stage.
pub(super) fn network(cx: &Cx<'_>, plan: &mut Plan) {
    let spec = cx.spec;
    let stage = Stage::Network;
    let project = project(cx);
    let name = || Some(name(cx));
    plan.add(
        managed(
            cx,
            stage,
            NETWORK,
            name(),
            Network {
                project: project.clone(),
                auto_create_subnetworks: false,
                routing_mode: "REGIONAL",
                description: format!("network of GKE cluster {}", cx.names.cloud),
            },
        )
        .after([API.of("compute")]),
    );
    plan.add(managed(cx, stage, SUBNET, name(), subnetwork(cx)).after([NETWORK]));
    // It stays when NAT is switched off, so that switching it on again is one object. Only nodes need it,
    // and GKE makes the control plane for minutes; its own first nodes reach Google without it.
    plan.add(
        managed(
            cx,
            stage,
            ROUTER,
            name(),
            Router {
                project: project.clone(),
                region: spec.region.clone(),
                network_ref: cx.reference(&NETWORK),
            },
        )
        .after([NETWORK])
        .after_existing([CLUSTER]),
    );
    if spec.network.nat == Nat::None {
        return;
    }
    let nat = RouterNat {
        project,
        region: spec.region.clone(),
        router_ref: cx.reference(&ROUTER),
        nat_ip_allocate_option: "AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        enable_dynamic_port_allocation: true,
        // Dynamic ports and endpoint-independent mapping exclude each other.
        enable_endpoint_independent_mapping: false,
        min_ports_per_vm: 64,
        max_ports_per_vm: 4096,
        log_config: NatLog {
            enable: true,
            filter: "ERRORS_ONLY",
        },
    };
    plan.add(managed(cx, stage, NAT, name(), nat).after([ROUTER]));
}

/// The range of nodes.
pub(super) fn node_range(cidr: Ipv4Net) -> String {
    part(cidr, 2, 2)
}

/// How many nodes a network with a prefix of so many bits has Pod addresses for: each takes twice as many as it may have Pods
/// (GKE documentation, "About flexible Pod CIDR assignment"), of the half that Pods have.
fn most_nodes(prefix: u8) -> u32 {
    let addresses = 1_u32 << (31 - u32::from(prefix).min(31));
    addresses / (2 * PODS_PER_NODE)
}

/// What it means that pools may have more nodes than there are Pod addresses for, those of an upgrade included. Such a cluster
/// works up to there, and its range cannot change, so it is said and not refused.
pub(super) fn beyond_addresses(spec: &Spec) -> Option<String> {
    let has = most_nodes(spec.network.cidr.prefix_len());
    let pools = spec.node_pools.iter();
    let wanted = pools.map(|pool| pool.max.saturating_add(pool.max_surge));
    let wanted = wanted.fold(0, u32::saturating_add);
    if wanted <= has {
        return None;
    }
    let enough = (WIDEST..spec.network.cidr.prefix_len()).rev();
    let mut enough = enough.map(|prefix| (prefix, most_nodes(prefix)));
    let fix = match enough.find(|(_, nodes)| *nodes >= wanted) {
        Some((prefix, nodes)) => format!("a /{prefix} has enough for {nodes}"),
        None => {
            let most = most_nodes(WIDEST);
            format!("no network has enough for more than {most}; lower max")
        }
    };
    Some(format!(
        "GKE has Pod addresses for {has} nodes in it, and the pools may come to {wanted} with those of an upgrade: the rest never comes up; {fix}"
    ))
}

fn subnetwork(cx: &Cx<'_>) -> Subnetwork {
    let cidr = cx.spec.network.cidr;
    Subnetwork {
        project: project(cx),
        region: cx.spec.region.clone(),
        network_ref: cx.reference(&NETWORK),
        ip_cidr_range: node_range(cidr),
        private_ip_google_access: true,
        stack_type: "IPV4_ONLY",
        secondary_ip_range: vec![
            SecondaryRange {
                range_name: PODS,
                ip_cidr_range: part(cidr, 1, 0),
            },
            SecondaryRange {
                range_name: SERVICES,
                ip_cidr_range: part(cidr, 4, 12),
            },
        ],
    }
}
