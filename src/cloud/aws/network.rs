//! VPC, subnets, gateways and routes.
//!
//! Layout of the range /p: three quarters /p+2 are the private subnets, since the VPC CNI gives
//! every Pod an address of its subnet; the last quarter holds a public subnet /p+6 per zone for
//! load balancers and NAT gateways, and is free above that.
//!
//! Public subnets use the VPC's own route table, to which the internet route is added; private
//! subnets have a table each. That is four objects less than a table for public subnets too.

use std::iter;

use super::{
    api::{
        Eip, InternetGateway, NatGateway, Route, RouteTable, RouteTableAssociation, Subnet, Vpc,
    },
    identifiers::tags,
    keys::{
        ASSOCIATION, GATEWAY, NAT, NAT_ADDRESS, PRIVATE_SUBNET, PUBLIC_ROUTE, PUBLIC_SUBNET, ROUTE,
        ROUTE_TABLE,
    },
    regions::{default_letters, default_zones, is_zone_id},
};
use crate::{
    api::{
        choice::{Mode, Nat},
        spec::{Network, Spec, part},
    },
    plan::{
        build::{as_observed, lacking, managed},
        composed::{Composed, Plan, Source, Stage},
        context::Cx,
        key::{CLUSTER, Family, Key, NETWORK, POOL},
        object::external_name,
        observed::Observed,
        ready::ReadyWhen,
    },
};

const ANYWHERE: &str = "0.0.0.0/0";
/// Most zones of a cluster: the range has so many parts.
const MOST_ZONES: u32 = 3;
/// What nodes need to join.
pub(super) const WAY_OUT: &str = "a way out of the VPC";

/// The zones of a cluster: the author's, else the region's default ones.
pub(super) fn zones(cx: &Cx<'_>) -> Vec<String> {
    let (region, network) = (&cx.spec.region, &cx.spec.network);
    zones_of(
        region,
        network.zone_names.clone(),
        network.zones,
        cx.observed,
    )
}

/// The named zones, else the default ones of a region. They are a set: their order means nothing.
///
/// A subnet that exists says whether the default was made of letters or of ids: another name of
/// its zone would replace it.
pub(super) fn zones_of(
    region: &str,
    mut named: Vec<String>,
    count: u32,
    observed: Observed<'_>,
) -> Vec<String> {
    if !named.is_empty() {
        named.sort_unstable();
        return named;
    }
    let letters = default_letters(region, MOST_ZONES);
    let mut made = observed.keys(PRIVATE_SUBNET);
    let has_letters = made.any(|key| {
        let zone = PRIVATE_SUBNET.name_in(&key);
        zone.is_some_and(|zone| letters.iter().any(|letter| zone == letter))
    });
    if has_letters {
        default_letters(region, count)
    } else {
        default_zones(region, count)
    }
}

/// What private nodes need to reach anything: their routes, and the tables being theirs.
pub(super) fn egress(cx: &Cx<'_>) -> impl Iterator<Item = Key> {
    let zones = iter::once_with(|| zones(cx)).flatten();
    zones.flat_map(|zone| way_out(cx.spec, &zone))
}

/// What is still to be done about a way out, before the first nodes are made.
///
/// Nodes that reach neither EKS nor the registry never join, and EKS tries no node group again. AWS' endpoints would do,
/// but a VPC takes them only once it exists.
pub(super) fn lacks_way_out(cx: &Cx<'_>) -> Option<Source> {
    let had_nodes = cx.observed.keys(POOL).next().is_some();
    (cx.spec.network.nat == Nat::None && !had_nodes).then(|| {
        let action = "set spec.network.nat to perZone or single until the first nodes are ready and the VPC has endpoints for \
                      what they need; then set it to none";
        Source::Person(action.to_owned())
    })
}

fn way_out(spec: &Spec, zone: &str) -> impl Iterator<Item = Key> + use<> {
    let route = (spec.network.nat != Nat::None).then(|| ROUTE.of(zone));
    [ASSOCIATION.of(zone)].into_iter().chain(route)
}

/// Makes a resource that only nodes need wait its turn while EKS makes the control plane: from its
/// creation on, one zone's way out after the other. That takes ten minutes anyway, and in turns the
/// changes that Crossplane watches stay below what its circuit breaker allows. In auto mode the nodes
/// come with the control plane, and nothing waits.
pub(super) fn in_turn(cx: &Cx<'_>, turn: usize, resource: Composed) -> Composed {
    if cx.spec.mode == Mode::Auto || resource.exists() {
        return resource;
    }
    let zones = zones(cx);
    let before = zones[..turn.min(zones.len())].last();
    resource
        .after(before.into_iter().flat_map(|zone| way_out(cx.spec, zone)))
        .after_existing([CLUSTER])
}

/// Plans the stage.
pub(super) fn network(cx: &Cx<'_>, plan: &mut Plan) {
    let spec = cx.spec;
    let stage = Stage::Network;
    plan.add(managed(
        cx,
        stage,
        NETWORK,
        None,
        Vpc {
            region: spec.region.clone(),
            cidr_block: spec.network.cidr.to_string(),
            enable_dns_hostnames: true,
            enable_dns_support: true,
            tags: tags(cx, &cx.names.cloud),
        },
    ));
    plan.add(managed(
        cx,
        stage,
        GATEWAY,
        None,
        InternetGateway {
            region: spec.region.clone(),
            vpc_id_ref: cx.reference(&NETWORK),
            tags: tags(cx, &cx.names.cloud),
        },
    ));
    public_route(cx, plan);
    let zones = zones(cx);
    let slots = slots(cx, &zones);
    for (index, (zone, slot)) in zones.iter().zip(slots).enumerate() {
        subnets(cx, plan, index, zone, slot);
        private_routing(cx, plan, index, zone, &zones[0]);
    }
    let with_nat = match spec.network.nat {
        Nat::PerZone => &zones[..],
        Nat::Single => &zones[..1],
        Nat::None => &[],
    };
    for (index, zone) in with_nat.iter().enumerate() {
        nat_gateway(cx, plan, index, zone);
    }
    for zone in zones.iter().filter(|zone| !with_nat.contains(zone)) {
        leave(cx, plan, zone);
    }
}

/// Keeps a NAT gateway that the spec no longer has for as long as a route goes through it:
/// Crossplane deletes before it applies, and a zone would be cut off until its route is changed.
fn leave(cx: &Cx<'_>, plan: &mut Plan, zone: &str) {
    let key = NAT.of(zone);
    let Some(id) = cx.observed.get(&key).and_then(external_name) else {
        return;
    };
    if cx
        .observed
        .keys(ROUTE)
        .any(|route| goes_through(cx, &route, id))
    {
        for key in [key, NAT_ADDRESS.of(zone)] {
            plan.add(as_observed(Stage::Network, key).optional());
        }
    }
}

/// Whether a route goes through a gateway, or may: what its spec says is there before AWS has it
/// (`resourceRouteRead` in ec2/vpc_route.go, Terraform 6.34). One that reports nothing may go anywhere.
fn goes_through(cx: &Cx<'_>, route: &Key, gateway: &str) -> bool {
    let field = |part: &str| cx.observed.str_at(route, &format!("{part}.natGatewayId"));
    // Not the public route, and not a route table, whose keys begin alike.
    let Some(wanted) = field("spec.forProvider") else {
        return false;
    };
    wanted == gateway || field("status.atProvider").is_none_or(|it| it == gateway)
}

/// Which part of the network's range each zone has: the one that its subnet has already, since that
/// cannot change, else the first free one. A zone that is added while there is no cluster yet may
/// sort before the others.
fn slots(cx: &Cx<'_>, zones: &[String]) -> Vec<u32> {
    let taken = |zone: &String| {
        let path = "spec.forProvider.cidrBlock";
        let range = cx.observed.str_at(&PRIVATE_SUBNET.of(zone), path)?;
        (0..MOST_ZONES).find(|slot| ranges(&cx.spec.network, *slot).0 == range)
    };
    let taken: Vec<_> = zones.iter().map(taken).collect();
    let mut free = (0..).filter(|slot| !taken.contains(&Some(*slot)));
    let slots = taken.iter().map(|slot| slot.or_else(|| free.next()));
    slots.flatten().collect()
}

/// The internet route of the VPC's own route table, whose id only the VPC knows.
fn public_route(cx: &Cx<'_>, plan: &mut Plan) {
    let table = cx.lasting(
        &PUBLIC_ROUTE,
        "spec.forProvider.routeTableId",
        &NETWORK,
        "status.atProvider.mainRouteTableId",
    );
    let Some(table) = table else {
        plan.add(lacking(
            Stage::Network,
            PUBLIC_ROUTE,
            "the id of the VPC's main route table",
            NETWORK,
        ));
        return;
    };
    let route = Route {
        region: cx.spec.region.clone(),
        destination_cidr_block: ANYWHERE,
        route_table_id: Some(table),
        route_table_id_ref: None,
        gateway_id_ref: Some(cx.reference(&GATEWAY)),
        nat_gateway_id_ref: None,
    };
    let route = managed(cx, Stage::Network, PUBLIC_ROUTE, None, route);
    plan.add(in_turn(cx, 0, route).ready_when(ReadyWhen::State("active")));
}

fn subnets(cx: &Cx<'_>, plan: &mut Plan, turn: usize, zone: &str, slot: u32) {
    let (private, public) = ranges(&cx.spec.network, slot);
    let subnet = |key: Key, range: &str, is_public: bool, role| {
        let tags = tags(
            cx,
            &cx.names.in_cloud(
                &format!("{}-{zone}", if is_public { "public" } else { "private" }),
                255,
            ),
        );
        managed(
            cx,
            Stage::Network,
            key,
            None,
            Subnet {
                region: cx.spec.region.clone(),
                availability_zone: (!is_zone_id(zone)).then(|| zone.to_owned()),
                availability_zone_id: is_zone_id(zone).then(|| zone.to_owned()),
                cidr_block: range.to_owned(),
                // NAT gateways and load balancers bring their addresses, and nothing else is to have one
                // (AWS Security Hub, EC2.15).
                map_public_ip_on_launch: false,
                vpc_id_ref: cx.reference(&NETWORK),
                tags: tags.with(role, "1"),
            },
        )
    };
    // The load balancer controllers look for these tags.
    let tag = "kubernetes.io/role/internal-elb";
    let own = subnet(PRIVATE_SUBNET.of(zone), &private, false, tag);
    plan.add(once_free(cx, PRIVATE_SUBNET, &private, own));
    let tag = "kubernetes.io/role/elb";
    let own = subnet(PUBLIC_SUBNET.of(zone), &public, true, tag);
    plan.add(once_free(
        cx,
        PUBLIC_SUBNET,
        &public,
        in_turn(cx, turn, own),
    ));
}

/// Holds a new subnet back while one of a zone that the spec no longer has is still in its range: EC2
/// refuses a second one there (`InvalidSubnet.Conflict`).
fn once_free(cx: &Cx<'_>, family: Family, range: &str, subnet: Composed) -> Composed {
    if subnet.exists() {
        return subnet;
    }
    let mut others = cx.observed.keys(family);
    let path = "spec.forProvider.cidrBlock";
    let holder = others.find(|key| cx.observed.str_at(key, path) == Some(range));
    match holder {
        None => subnet,
        Some(holder) => {
            let what = "its part of the network's range";
            let reason = format!("{holder} has it until it is deleted");
            let key = subnet.key.clone();
            lacking(Stage::Network, key, what, Source::Person(reason))
        }
    }
}

/// The private and the public range of the zone in a slot: a quarter, and a sixteenth of the last quarter.
fn ranges(network: &Network, slot: u32) -> (String, String) {
    let cidr = network.cidr;
    (part(cidr, 2, slot), part(cidr, 6, 3 * 16 + slot))
}

/// A private zone's table and, with NAT, its way out. The table is there without NAT too, so that
/// switching NAT on or off touches routes alone.
fn private_routing(cx: &Cx<'_>, plan: &mut Plan, turn: usize, zone: &str, first: &str) {
    let spec = cx.spec;
    let stage = Stage::Network;
    let table = managed(
        cx,
        stage,
        ROUTE_TABLE.of(zone),
        None,
        RouteTable {
            region: spec.region.clone(),
            vpc_id_ref: cx.reference(&NETWORK),
            tags: tags(cx, &cx.names.in_cloud(&format!("private-{zone}"), 255)),
        },
    );
    plan.add(in_turn(cx, turn, table));
    let association = managed(
        cx,
        stage,
        ASSOCIATION.of(zone),
        None,
        RouteTableAssociation {
            region: spec.region.clone(),
            route_table_id_ref: cx.reference(&ROUTE_TABLE.of(zone)),
            subnet_id_ref: cx.reference(&PRIVATE_SUBNET.of(zone)),
        },
    );
    plan.add(in_turn(cx, turn, association));
    let through = match spec.network.nat {
        Nat::PerZone => zone,
        Nat::Single => first,
        Nat::None => return,
    };
    // By value, too: beside a reference that is resolved anew, what the provider resolved itself goes
    // (crossplane-runtime#655).
    let own_table = cx.lasting(
        &ROUTE.of(zone),
        "spec.forProvider.routeTableId",
        &ROUTE_TABLE.of(zone),
        "status.atProvider.id",
    );
    let route_out = Route {
        region: spec.region.clone(),
        destination_cidr_block: ANYWHERE,
        route_table_id: own_table,
        route_table_id_ref: Some(cx.reference(&ROUTE_TABLE.of(zone))),
        gateway_id_ref: None,
        // Switching between perZone and single changes this reference.
        nat_gateway_id_ref: Some(cx.reference(&NAT.of(through)).always()),
    };
    // A NAT gateway has no id before it is available, two minutes after its creation.
    let route = managed(cx, stage, ROUTE.of(zone), None, route_out)
        .after([NAT.of(through)])
        .ready_when(ReadyWhen::State("active"));
    plan.add(in_turn(cx, turn, route));
}

fn nat_gateway(cx: &Cx<'_>, plan: &mut Plan, turn: usize, zone: &str) {
    let stage = Stage::Network;
    let address = NAT_ADDRESS.of(zone);
    let tags = tags(cx, &cx.names.in_cloud(&format!("nat-{zone}"), 255));
    let eip = Eip {
        region: cx.spec.region.clone(),
        domain: "vpc",
        tags: tags.clone(),
    };
    let eip = managed(cx, stage, address.clone(), None, eip);
    plan.add(in_turn(cx, turn, eip));
    let gateway = NatGateway {
        region: cx.spec.region.clone(),
        connectivity_type: "public",
        allocation_id_ref: cx.reference(&address),
        subnet_id_ref: cx.reference(&PUBLIC_SUBNET.of(zone)),
        tags,
    };
    // Without the internet gateway AWS makes a NAT gateway that has failed.
    let gateway = managed(cx, stage, NAT.of(zone), None, gateway);
    plan.add(in_turn(cx, turn, gateway).after([GATEWAY]));
}
