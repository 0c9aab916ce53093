//! What Google Cloud bills for.

use std::borrow::Cow;

use super::{disks, keys::node_pool, machines, network};
use crate::{
    api::{
        choice::{Mode, Nat},
        prices::Unit,
        provider::Provider,
        spec::{NodePool, Pods, Spec, Usage},
    },
    cost::bill::{Bill, HOURS, Span},
    plan::observed::Observed,
};

/// The disk type of most nodes.
pub(super) const DISK: &str = disks::TYPES[0];
/// So many machines behind a NAT gateway are billed one by one; the gateway has one price above.
const NAT_MACHINES: u64 = 32;
/// How many machines can use every port they may have of one NAT address: 64,512 by 4,096.
const MACHINES_PER_ADDRESS: u64 = 15;
/// So many forwarding rules have one price together.
const RULES: u64 = 5;

/// Adds the lines of a cluster.
pub(super) fn bill<'a>(spec: &'a Spec, bill: &mut Bill<'a, '_>) {
    let traffic = &spec.budget.traffic;
    let one = Span::always(1);
    bill.charge_hours("control plane", "control-plane", Unit::ClusterHour, one);
    let machines = charge_nodes(spec, bill);
    if spec.network.nat != Nat::None {
        nat(machines, traffic, bill);
    }
    load_balancers(traffic, bill);
    let between = Span::always(traffic.inter_zone_gib.into());
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

/// Nodes, or Pods on Autopilot. How many machines that are; on Autopilot only Google knows, so
/// from one to more than what has a price of its own.
fn charge_nodes<'a>(spec: &'a Spec, bill: &mut Bill<'a, '_>) -> Span<u64> {
    match (spec.mode, spec.budget.pods) {
        (Mode::Standard, _) => spec.node_pools.iter().fold(Span::always(0), |sum, pool| {
            bill.charge_pool(pool, machine(pool), disks::of_pool(pool));
            sum.plus(bill.nodes(pool))
        }),
        (Mode::Auto, pods) => {
            match pods {
                Some(pods) => auto(pods, bill),
                None => bill.leave_out("Pods: spec.budget.pods does not say what they ask for"),
            }
            Span {
                min: 1,
                max: NAT_MACHINES + 1,
            }
        }
    }
}

/// The machine that a pool is priced with. One of the other cloud's has no like here.
fn machine(pool: &NodePool) -> Option<Cow<'_, str>> {
    if pool.names_others_than(Provider::GCP) {
        return None;
    }
    machines::of_pool(pool).map(Cow::Borrowed)
}

/// Autopilot bills what Pods ask for.
fn auto(pods: Pods, bill: &mut Bill<'_, '_>) {
    let (vcpu, gib) = (
        Span::always(pods.vcpu.into()),
        Span::always(pods.memory_gib.into()),
    );
    bill.charge_hours("Pods' vCPU", "autopilot-vcpu", Unit::VcpuHour, vcpu);
    bill.charge_hours("Pods' memory", "autopilot-memory", Unit::GibHour, gib);
}

/// One gateway for the region, by machine up to a limit.
fn nat(machines: Span<u64>, traffic: &Usage, bill: &mut Bill<'_, '_>) {
    let few = machines.map(|n| if n > NAT_MACHINES { 0 } else { n });
    let many = machines.map(|n| u64::from(n > NAT_MACHINES));
    bill.charge_hours("NAT", "nat-vm", Unit::VmHour, few);
    bill.charge_hours("NAT", "nat", Unit::GatewayHour, many);
    let through = Span::always(traffic.nat_gib.into());
    bill.charge("NAT data", "nat-data", Unit::Gib, through);
    let addresses = machines.map(|n| n.div_ceil(MACHINES_PER_ADDRESS).max(1));
    bill.charge_hours("public addresses", "public-ipv4", Unit::IpHour, addresses);
}

/// A load balancer is a forwarding rule, whose address has no price.
fn load_balancers(traffic: &Usage, bill: &mut Bill<'_, '_>) {
    let count = u64::from(traffic.load_balancers);
    if count == 0 {
        return;
    }
    let (first, more) = (Span::always(1), Span::always(count.saturating_sub(RULES)));
    bill.charge_hours("load balancers", "load-balancer", Unit::LbHour, first);
    bill.charge(
        "load balancers",
        "load-balancer-more",
        Unit::LbHour,
        more.times(HOURS),
    );
    let out = Span::always(traffic.internet_egress_gib.into());
    bill.charge("load balancer data", "load-balancer-data", Unit::Gib, out);
}

/// How many nodes the node pool has, which GKE counts per zone.
pub(super) fn pool_size(observed: Observed<'_>, spec: &Spec, pool: &NodePool) -> Option<u64> {
    let group = observed.get(&node_pool(observed, pool))?;
    let per_zone = group.at("status.atProvider.nodeCount")?;
    let per_zone = u64::try_from(per_zone.as_i64()?).ok()?;
    Some(per_zone * u64::from(network::zone_count(spec, pool)))
}
