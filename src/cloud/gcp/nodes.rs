//! GKE node pools, one per pool.

use super::{
    api::{
        Autoscaling, Enabled, GpuDriver, GuestAccelerator, KubeletConfig, Management, NodeConfig,
        NodeDrain, NodePool as Pool, NodePoolInit, NodeTaint, ShieldedInstance, UpgradeSettings,
        WorkloadMetadata,
    },
    disks,
    facts::RUNNING,
    identifiers::project,
    keys::{self, API, IMAGE_STREAMING, NODE_ACCOUNT},
    machines, network,
};
use crate::{
    api::{
        choice::{Capacity, Mode},
        spec::{NodePool, Spec, Version},
    },
    cloud::{
        pools::{self, PoolRules},
        succession::{Pools, Succession},
    },
    plan::{
        build::managed_with,
        composed::{Composed, Plan, Stage},
        context::Cx,
        key::{CLUSTER, Key},
        object::Extras,
        observed::condition,
        ready::{CREATION_FAILED, ReadyWhen, made_in},
        required::Required,
        waiting::Waiting,
    },
    wire::structpb::Struct,
};

pub(super) const READY: ReadyWhen = ReadyWhen::Unless(ERROR);

/// The states in which GKE ends the creation of a pool without its nodes (GKE API, NodePool.Status). From `ERROR` it does not go on;
/// from `RUNNING_WITH_ERROR` it does when there is capacity.
const ERROR: &str = "ERROR";
const RUNNING_WITH_ERROR: &str = "RUNNING_WITH_ERROR";

/// Everything that IAM allows a node's service account.
pub(super) const SCOPES: &[&str] = &["https://www.googleapis.com/auth/cloud-platform"];

/// Where GKE reports how many nodes a pool has in each zone, rounded down.
const PER_ZONE: &str = "status.atProvider.nodeCount";
/// What the pool was created with in each zone.
const FIRST_PER_ZONE: &str = "spec.initProvider.initialNodeCount";

const RULES: PoolRules = PoolRules {
    key: keys::node_pool,
    ready: READY,
    reported: |cx, pool| over_zones(cx, pool, PER_ZONE),
    asked: |cx, pool| over_zones(cx, pool, FIRST_PER_ZONE),
    failed: |pool| failed_in(pool).map(failed),
    taints: "spec.forProvider.nodeConfig.taint",
};

fn count(pool: Option<&Struct>, path: &str) -> Option<u32> {
    pool?.at(path)?.as_u32()
}

fn over_zones(cx: &Cx<'_>, pool: &Struct, per_zone: &str) -> Option<u32> {
    let per_zone = count(Some(pool), per_zone)?;
    Some(per_zone.saturating_mul(network::zone_count_of(cx.spec, pool)))
}

/// A size in each zone, sent only while the pool has too few nodes: to take over from another one, or for a `min` that was raised.
/// Otherwise the autoscaler chooses. While GKE reports no size, what was sent is repeated.
fn node_count(cx: &Cx<'_>, succession: &Succession<'_, '_>) -> Option<u32> {
    let (pool, object) = (succession.pool(), cx.observed.get(succession.key()));
    let Some(per_zone) = count(object, PER_ZONE) else {
        return count(object, "spec.forProvider.nodeCount");
    };
    match succession.growth() {
        Some(total) => Some(enough_per_zone(cx, pool, total)),
        None => lacking(cx.spec, pool, per_zone),
    }
}

/// How many nodes in each zone a pool lacks to, which has fewer than its `min` for certain. GKE's autoscaler takes no node below
/// that, and adds none either (Kubernetes' autoscaler, FAQ: "My cluster is below minimum / above maximum number of nodes"). What
/// GKE reports in each zone is rounded down, and to ask for what is there already would fight with the autoscaler.
fn lacking(spec: &Spec, pool: &NodePool, per_zone: u32) -> Option<u32> {
    let zones = network::zone_count(spec, pool);
    let most = per_zone.saturating_add(1).saturating_mul(zones) - 1;
    (most < pool.min).then(|| pool.min.div_ceil(zones).min(pool.max / zones))
}

/// Autopilot makes nodes, and GKE scales node pools.
pub(super) fn adds_nodes(_: &Spec) -> bool {
    true
}

/// Plans the stage. On Autopilot GKE makes the nodes.
pub(super) fn nodes(cx: &Cx<'_>, plan: &mut Plan) {
    if cx.spec.mode == Mode::Auto {
        return;
    }
    let pools = Pools::new(cx, &RULES);
    for succession in &pools.successions {
        let pool = succession.pool();
        let composed = pools
            .kept(succession)
            .unwrap_or_else(|| node_pool(cx, succession));
        plan.add(composed.required_if(pool.required));
    }
    pools.keep(plan, |_| None);
}

fn node_pool(cx: &Cx<'_>, succession: &Succession<'_, '_>) -> Composed {
    let (pool, key) = (succession.pool(), succession.key());
    let for_provider = Pool {
        project: project(cx),
        location: cx.spec.region.clone(),
        cluster_ref: cx.reference(&CLUSTER),
        node_locations: pool.own_zones(),
        version: version(cx, key),
        node_count: node_count(cx, succession),
        autoscaling: Autoscaling {
            total_min_node_count: pool.min,
            total_max_node_count: most(cx, succession),
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
        node_drain_config: node_drain(cx, key),
        node_config: node_config(cx, pool),
    };
    let sent = count(cx.observed.get(key), FIRST_PER_ZONE);
    let first = || match succession.size_to_take_over() {
        Some(total) => enough_per_zone(cx, pool, total),
        None => first_per_zone(cx.spec, pool),
    };
    let state = cx.observed.get(key).and_then(failed_in);
    let mut labels = succession.labels();
    labels.extend(state.map(|state| (CREATION_FAILED.into(), state.into())));
    let extras = Extras {
        external_name: Some(pools::suffix(key).to_owned()),
        init: Some(NodePoolInit {
            initial_node_count: sent.unwrap_or_else(first),
        }),
        labels,
        ..Extras::default()
    };
    managed_with(
        cx,
        cx.build,
        Stage::Nodes,
        key.clone(),
        extras,
        for_provider,
    )
    .ready_when(ReadyWhen::Condition)
    .unfinished(state.filter(|state| *state == ERROR).map(failed))
    .after([CLUSTER, NODE_ACCOUNT])
    .after_existing([API.of(IMAGE_STREAMING)])
    .after(network::egress(cx.spec))
}

/// The control plane's exact version, while an upgrade that the author asked for has left the pool a minor behind.
///
/// A new `minMasterVersion` upgrades the control plane alone (Terraform 7.39, resource_container_cluster.go:
/// `DesiredMasterVersion`), and no node follows in time. Only an exact version is one that Terraform finds again,
/// and one that stays would fight with GKE's own upgrades (resource_container_node_pool.go, `version`). So it
/// goes as soon as the pool has followed. What GKE upgrades by itself it brings to the nodes in its own time.
/// While GKE reports nothing, what was sent is repeated.
fn version(cx: &Cx<'_>, key: &Key) -> Option<String> {
    let nodes = cx.observed.str_at(key, "status.atProvider.version");
    let (Some(nodes), Some(exact)) = (nodes, cx.observed.str_at(&CLUSTER, RUNNING)) else {
        let sent = cx.observed.str_at(key, "spec.forProvider.version");
        return sent.map(str::to_owned);
    };
    let (nodes, running) = (Version::parse(nodes)?, Version::parse(exact)?);
    let asked_for = running <= cx.spec.kubernetes_version && !cx.spec.upgrade.paused;
    (asked_for && nodes < running).then(|| exact.to_owned())
}

/// How Pods leave a pool that is deleted: as their budgets allow. It is sent where the pool's provider reports it.
///
/// provider-gcp v2.6.0 does not know the field, and the API server refuses what it does not know. From v3.0.0 on Terraform
/// reads it and the provider updates a pool without it at every poll (provider-upjet-gcp#1019).
fn node_drain(cx: &Cx<'_>, key: &Key) -> Option<[NodeDrain; 1]> {
    let pool = cx.observed.get(key)?;
    let reports = pool.at("status.atProvider.nodeDrainConfig").is_some();
    // What was sent is repeated while there is no status.
    let sent = pool.at("spec.forProvider.nodeDrainConfig").is_some();
    (reports || sent).then_some([NodeDrain {
        respect_pdb_during_node_pool_deletion: true,
    }])
}

fn scarce(pool: &NodePool) -> bool {
    pool.capacity == Capacity::Spot || pool.gpu.is_some()
}

/// How many nodes in each zone are `total` over all zones, or a few more.
fn enough_per_zone(cx: &Cx<'_>, pool: &NodePool, total: u32) -> u32 {
    total.div_ceil(network::zone_count(cx.spec, pool))
}

/// The first nodes of a new pool in each zone: `min` over all zones, or the few more that are as many in each. Scarce and dear
/// ones are not asked for above `max`, not even for a moment: their pool begins with fewer.
fn first_per_zone(spec: &Spec, pool: &NodePool) -> u32 {
    let zones = network::zone_count(spec, pool);
    let enough = pool.min.div_ceil(zones);
    if pool.gpu.is_none() || enough * zones <= pool.max {
        enough
    } else {
        pool.min / zones
    }
}

/// Most nodes over all zones. A new pool may have the few more that as many nodes in each zone need, and so may a successor until
/// its predecessors are gone: the autoscaler takes them away again.
fn most(cx: &Cx<'_>, succession: &Succession<'_, '_>) -> u32 {
    let pool = succession.pool();
    let zones = network::zone_count(cx.spec, pool);
    let first = first_per_zone(cx.spec, pool) * zones;
    let wanted = match succession.size_to_take_over() {
        Some(wanted) => enough_per_zone(cx, pool, wanted) * zones,
        None if is_new(cx, succession.key(), first) => first,
        None => 0,
    };
    pool.max.max(wanted)
}

/// Whether GKE has not reported a pool yet, which was asked for with at least so many nodes. A status that is lost for a moment
/// makes no pool new: what was sent last is lower then.
fn is_new(cx: &Cx<'_>, key: &Key, first: u32) -> bool {
    let Some(object) = cx.observed.get(key) else {
        return true;
    };
    let sent = count(
        Some(object),
        "spec.forProvider.autoscaling.totalMaxNodeCount",
    );
    count(Some(object), PER_ZONE).is_none() && sent.is_some_and(|sent| sent >= first)
}

/// The state in which GKE ended the creation of a pool, if it has not the nodes that it was asked for.
///
/// The provider says so until it looks at the pool the next time, and calls it ready from then on; what it reports as the
/// pool's size is what was asked for (Terraform 7.39, resource_container_node_pool.go: `was created in the error state`, and
/// `node_count` of the instance groups' target sizes). So a label keeps it until the object is gone or a person removes it.
fn failed_in(pool: &Struct) -> Option<&'static str> {
    const WORDS: &str = "was created in the error state";
    let known = |text: &str| {
        let mut states = [RUNNING_WITH_ERROR, ERROR].into_iter();
        states.find(|state| text.contains(state))
    };
    if let Some(state) = made_in(pool) {
        return known(state);
    }
    let last = condition(pool, "LastAsyncOperation").filter(|last| last.fails())?;
    let (_, state) = last.message().split_once(WORDS)?;
    known(state)
}

/// What a pool waits for whose creation ended in such a state.
fn failed(state: &str) -> Waiting {
    let fix = if state == ERROR {
        "ask GKE why, fix the cause, and delete this NodePool, which Crossplane makes anew"
    } else {
        "remove its label xcluster.dev/creation-failed when its nodes run"
    };
    Waiting {
        what: "its nodes".to_owned(),
        reason: format!("GKE ended its creation in the state {state}"),
        fix: Some(
            format!("{fix}: docs/troubleshooting.md, \"A GKE node pool in an error state\"").into(),
        ),
    }
}

fn node_config(cx: &Cx<'_>, pool: &NodePool) -> NodeConfig {
    NodeConfig {
        machine_type: Required::new(
            "the machine type",
            machines::of_pool(pool).map(str::to_owned),
        ),
        image_type: "COS_CONTAINERD",
        disk_type: disks::of_pool(pool),
        disk_size_gb: pool.disk_gib,
        spot: pool.capacity == Capacity::Spot,
        service_account_ref: cx.reference(&NODE_ACCOUNT),
        oauth_scopes: SCOPES,
        kubelet_config: KubeletConfig::DEFAULT,
        metadata: [("disable-legacy-endpoints".to_owned(), "true".to_owned())].into(),
        workload_metadata_config: WorkloadMetadata {
            mode: "GKE_METADATA",
        },
        shielded_instance_config: ShieldedInstance::ON,
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
