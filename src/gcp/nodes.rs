//! GKE node pools, one per pool.

use super::{
    api::{
        Autoscaling, Enabled, GpuDriver, GuestAccelerator, Management, NodeConfig,
        NodePool as Pool, NodeTaint, ShieldedInstance, UpgradeSettings, WorkloadMetadata,
    },
    cluster::{CLUSTER, SCOPES},
    identity::NODE_ACCOUNT,
    machines, network,
};
use crate::{
    plan::{Composed, Cx, Plan, ReadyWhen, Stage, managed},
    pools,
    xcluster::{Capacity, Mode, NodePool},
};

const READY: ReadyWhen = ReadyWhen::Condition;

/// The key of a pool. What a node pool cannot change in place is in its hash.
pub(super) fn key(pool: &NodePool) -> String {
    let spot = pool.capacity == Capacity::Spot;
    let machine = machines::of_pool(pool).unwrap_or_default();
    pools::key(pool, &format!("{machine} {spot}"))
}

/// Plans the stage. On Autopilot GKE makes the nodes.
pub(super) fn nodes(cx: &Cx<'_>, plan: &mut Plan) {
    if cx.spec.mode == Mode::Auto {
        return;
    }
    for pool in &cx.spec.node_pools {
        let key = key(pool);
        let composed = node_pool(cx, pool, &key);
        plan.add(composed.required_if(pool.required));
        pools::retire(cx, plan, pool, &key, READY);
    }
}

fn node_pool(cx: &Cx<'_>, pool: &NodePool, key: &str) -> Composed {
    // GKE upgrades the nodes after the control plane by itself, so `version` is never sent.
    let for_provider = Pool {
        project: super::project(cx),
        location: cx.spec.region.clone(),
        cluster_ref: cx.reference(CLUSTER),
        initial_node_count: initial_count(cx, pool),
        autoscaling: Autoscaling {
            total_min_node_count: pool.min,
            total_max_node_count: pool.max,
            // Scarce machines are taken where they are to be had.
            location_policy: if scarce(pool) { "ANY" } else { "BALANCED" },
        },
        management: Management {
            auto_repair: true,
            auto_upgrade: true,
        },
        upgrade_settings: UpgradeSettings {
            strategy: "SURGE",
            max_surge: pool.max_surge,
            max_unavailable: pool.max_unavailable,
        },
        node_config: node_config(cx, pool),
    };
    let name = Some(pools::suffix(key));
    managed(cx, Stage::Nodes, key, name, for_provider)
        .ready_when(READY)
        .after([CLUSTER, NODE_ACCOUNT])
        .after(network::egress(cx.spec))
}

fn scarce(pool: &NodePool) -> bool {
    pool.capacity == Capacity::Spot || pool.gpu.is_some()
}

/// The first nodes, which GKE counts per zone: at least `min` over all zones, unless that would be
/// more than `max`.
fn initial_count(cx: &Cx<'_>, pool: &NodePool) -> u32 {
    let zones = network::zone_count(cx.spec);
    let enough = pool.min.div_ceil(zones);
    if enough * zones <= pool.max {
        enough
    } else {
        pool.min / zones
    }
}

fn node_config(cx: &Cx<'_>, pool: &NodePool) -> NodeConfig {
    NodeConfig {
        machine_type: machines::of_pool(pool).unwrap_or_default().to_owned(),
        image_type: "COS_CONTAINERD",
        disk_type: "pd-balanced",
        disk_size_gb: pool.disk_gib,
        spot: pool.capacity == Capacity::Spot,
        service_account_ref: cx.reference(NODE_ACCOUNT),
        oauth_scopes: SCOPES,
        metadata: [("disable-legacy-endpoints".to_owned(), "true".to_owned())].into(),
        workload_metadata_config: WorkloadMetadata {
            mode: "GKE_METADATA",
        },
        shielded_instance_config: ShieldedInstance {
            enable_secure_boot: true,
            enable_integrity_monitoring: true,
        },
        gvnic: Enabled { enabled: true },
        gcfs_config: Enabled { enabled: true },
        labels: pools::labels(pool),
        resource_labels: cx.tags.with("pool", &pool.name),
        guest_accelerator: accelerators(pool),
        taint: taints(pool),
    }
}

fn accelerators(pool: &NodePool) -> Option<Vec<GuestAccelerator>> {
    let gpu = pool.gpu.as_ref()?;
    Some(vec![GuestAccelerator {
        kind: machines::accelerator(gpu.model),
        count: gpu.count,
        gpu_driver_installation_config: GpuDriver {
            gpu_driver_version: "DEFAULT",
        },
    }])
}

fn taints(pool: &NodePool) -> Option<Vec<NodeTaint>> {
    let taints: Vec<_> = pools::taints(pool)
        .into_iter()
        .map(|taint| NodeTaint {
            key: taint.key,
            value: taint.value,
            effect: pools::effect(taint.effect),
        })
        .collect();
    (!taints.is_empty()).then_some(taints)
}
