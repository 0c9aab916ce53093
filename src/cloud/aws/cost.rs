//! What AWS bills for.

use std::borrow::Cow;

use super::{disks, keys::node_group, machines, regions::default_zones};
use crate::{
    api::{
        choice::{Mode, Nat, Size},
        prices::Unit,
        provider::Provider,
        spec::{NodePool, Pods, Spec},
    },
    cost::bill::{Bill, HOURS, Span},
    plan::observed::Observed,
};

/// The volume type of most disks, and of all in Auto Mode.
pub(super) const DISK: &str = disks::TYPES[0];
/// What Auto Mode gives each node for images and logs, in GiB.
const AUTO_DISK: u64 = 80;

/// Adds the lines of a cluster.
pub(super) fn bill<'a>(spec: &'a Spec, bill: &mut Bill<'a, '_>) {
    let traffic = &spec.budget.traffic;
    let one = Span::always(1);
    bill.charge_hours("control plane", "control-plane", Unit::ClusterHour, one);
    charge_nodes(spec, bill);
    let gateways = gateways(spec);
    let load_balancers = u64::from(traffic.load_balancers);
    if gateways > 0 {
        let through = Span::always(traffic.nat_gib.into());
        bill.charge_hours("NAT", "nat", Unit::GatewayHour, Span::always(gateways));
        bill.charge("NAT data", "nat-data", Unit::Gib, through);
    }
    if load_balancers > 0 {
        let count = Span::always(load_balancers);
        bill.charge_hours("load balancers", "load-balancer", Unit::LbHour, count);
        // A capacity unit is a GiB in an hour, unless connections or rules need more of them.
        let units = Span::always(traffic.internet_egress_gib.into());
        let sku = "load-balancer-unit";
        bill.charge("load balancer capacity", sku, Unit::LcuHour, units);
    }
    // Each gateway has one, and a load balancer one in every zone.
    let addresses = Span::always(gateways + load_balancers * zones(spec));
    bill.charge_hours("public addresses", "public-ipv4", Unit::IpHour, addresses);
    // Both the zone that sends and the zone that receives pay.
    let between = Span::always(u64::from(traffic.inter_zone_gib) * 2);
    bill.charge("inter-zone traffic", "inter-zone", Unit::Gib, between);
    let away = Span::always(traffic.inter_region_gib.into());
    bill.charge("inter-region traffic", "inter-region", Unit::Gib, away);
    let out = traffic.internet_egress_gib.into();
    bill.charge_tiers("internet egress", "internet-egress", out);
    if spec.encryption.key_id.is_none() {
        bill.charge("encryption key", "kms-key", Unit::KeyMonth, one);
    }
    let logs = Span::always(traffic.log_gib.into());
    bill.charge("logs", "logs", Unit::Gib, logs);
}

fn charge_nodes<'a>(spec: &'a Spec, bill: &mut Bill<'a, '_>) {
    match (spec.mode, spec.budget.pods) {
        (Mode::Standard, _) => {
            for pool in &spec.node_pools {
                bill.charge_pool(pool, machine(pool), disks::of_pool(pool));
            }
        }
        (Mode::Auto, Some(pods)) => auto(pods, bill),
        (Mode::Auto, None) => {
            bill.leave_out("nodes: spec.budget.pods does not say what Pods ask for");
        }
    }
}

/// The machine that a pool is priced with: its first. One of the other cloud's has no like here.
fn machine(pool: &NodePool) -> Option<Cow<'_, str>> {
    if pool.names_others_than(Provider::AWS) {
        return None;
    }
    let first = machines::of_pool(pool).next();
    first.map(Cow::Borrowed)
}

/// Auto Mode's nodes: as many of size medium as hold the Pods, and the charge on top of them.
fn auto(pods: Pods, bill: &mut Bill<'_, '_>) {
    let Some(machine) = machines::MACHINES.of_size(Size::Medium).first() else {
        return;
    };
    let by_cpu = pods.vcpu.div_ceil(machine.vcpu);
    let by_memory = pods.memory_gib.div_ceil(machine.gib);
    let nodes = Span::always(by_cpu.max(by_memory).into());
    bill.charge_hours("nodes", machine.name, Unit::InstanceHour, nodes);
    bill.charge_share("Auto Mode", "auto-mode", machine.name, nodes.times(HOURS));
    bill.charge("disks", DISK, Unit::GibMonth, nodes.times(AUTO_DISK));
}

/// A region may have fewer zones than a cluster may ask for.
fn zones(spec: &Spec) -> u64 {
    let network = &spec.network;
    match network.zone_names.len() {
        0 => default_zones(&spec.region, network.zones).len() as u64,
        named => named as u64,
    }
}

fn gateways(spec: &Spec) -> u64 {
    match spec.network.nat {
        Nat::PerZone => zones(spec),
        Nat::Single => 1,
        Nat::None => 0,
    }
}

/// How many nodes the node group has.
pub(super) fn pool_size(observed: Observed<'_>, _: &Spec, pool: &NodePool) -> Option<u64> {
    let group = observed.get(&node_group(observed, pool))?;
    let size = group.at("status.atProvider.scalingConfig.desiredSize")?;
    u64::try_from(size.as_i64()?).ok()
}
