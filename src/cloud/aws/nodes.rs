//! Managed node groups, one per pool, each with a launch template.

use super::{
    addons,
    api::{
        BlockDevice, Ebs, Enabled, LaunchTemplate, MetadataOptions, NodeGroup, NodeGroupInit,
        NodeGroupTaint, NodeGroupTemplate, ScalingConfig, TagSpecification, UpdateConfig,
    },
    disks,
    facts::RUNNING,
    identifiers::tags,
    keys::{self, BEFORE_NODES, NODE_ROLE, PRIVATE_SUBNET, TEMPLATE},
    machines, maintenance, network,
};
use crate::{
    api::{
        choice::Mode,
        spec::{NodePool, Spec, Version},
    },
    cloud::{
        pools::{self, PoolRules},
        succession::{Pools, Succession},
        versions,
    },
    plan::{
        build::{lacking, managed, managed_with},
        composed::{Composed, Plan, Source, Stage},
        context::Cx,
        key::{CLUSTER, Key},
        object::Extras,
        ready::ReadyWhen,
    },
    wire::structpb::Fields,
};

/// When a node group is ready.
pub(super) const READY: ReadyWhen = ReadyWhen::Status("ACTIVE");
/// Longest name of a node group.
const LONGEST_GROUP: usize = 63;
/// Longest name of a launch template.
const LONGEST_TEMPLATE: usize = 128;

/// Where EKS reports how many nodes it wants a group to have.
const SIZE: &str = "status.atProvider.scalingConfig.desiredSize";
/// What the group was created with.
const FIRST_SIZE: &str = "spec.initProvider.scalingConfig.desiredSize";

const RULES: PoolRules = PoolRules {
    key: keys::node_group,
    ready: READY,
    reported: |_, group| group.at(SIZE)?.as_u32(),
    asked: |_, group| group.at(FIRST_SIZE)?.as_u32(),
    // EKS reports it.
    failed: |_| None,
    taints: "spec.forProvider.taint",
};

/// EKS Auto Mode makes nodes; nothing scales managed node groups yet.
pub(super) fn adds_nodes(spec: &Spec) -> bool {
    spec.mode == Mode::Auto
}

/// Plans the stage. In Auto Mode EKS makes the nodes.
pub(super) fn nodes(cx: &Cx<'_>, plan: &mut Plan) {
    if cx.spec.mode == Mode::Auto {
        return;
    }
    let pools = Pools::new(cx, &RULES);
    let running = versions::running(cx, RUNNING);
    let upgrade = Upgrade {
        running,
        may_follow: !cx.spec.upgrade.paused && addons::follow(cx, running),
        turn: maintenance::turn(cx, pools.successions.iter().map(Succession::key)),
    };
    for succession in &pools.successions {
        let pool = succession.pool();
        template(cx, plan, pool);
        let group = pools
            .kept(succession)
            .unwrap_or_else(|| group(cx, succession, &upgrade));
        plan.add(group.required_if(pool.required));
    }
    pools.keep(plan, |name| Some(TEMPLATE.of(name)));
}

/// What all groups of a cluster are told of versions.
struct Upgrade {
    /// What the control plane runs.
    running: Option<Version>,
    /// Whether nodes may go to that version.
    may_follow: bool,
    /// The group that may get a newer image.
    turn: Option<Key>,
}

/// The template holds what node groups have no field for: an encrypted disk, IMDSv2 out of
/// Pods' reach, and tags on instances and volumes.
fn template(cx: &Cx<'_>, plan: &mut Plan, pool: &NodePool) {
    let name = cx.names.in_cloud(&pool.name, LONGEST_TEMPLATE);
    let tags = tags(cx, &name);
    let tagged = |resource_type| TagSpecification {
        resource_type,
        tags: tags.clone(),
    };
    let template = LaunchTemplate {
        region: cx.spec.region.clone(),
        name: name.clone(),
        block_device_mappings: vec![BlockDevice {
            device_name: "/dev/xvda",
            ebs: Ebs {
                volume_size: pool.disk_gib,
                volume_type: disks::of_pool(pool),
                encrypted: "true",
                delete_on_termination: "true",
            },
        }],
        metadata_options: MetadataOptions {
            http_endpoint: "enabled",
            http_tokens: "required",
            http_put_response_hop_limit: 1,
        },
        tag_specifications: vec![
            tagged("instance"),
            tagged("volume"),
            tagged("network-interface"),
        ],
        tags: tags.clone(),
    };
    let template = managed(cx, Stage::Nodes, TEMPLATE.of(&pool.name), None, template);
    plan.add(network::in_turn(cx, 3, template).required_if(pool.required));
}

fn group(cx: &Cx<'_>, succession: &Succession<'_, '_>, upgrade: &Upgrade) -> Composed {
    let (pool, key) = (succession.pool(), succession.key());
    let template_key = TEMPLATE.of(&pool.name);
    let Some(template_version) = template_version(cx, key, &template_key) else {
        let what = "the launch template's version";
        return lacking(Stage::Nodes, key.clone(), what, template_key);
    };
    if let Some(action) = network::lacks_way_out(cx) {
        return lacking(Stage::Nodes, key.clone(), network::WAY_OUT, action);
    }
    let asked = "spec.forProvider.version";
    let version = versions::for_nodes(cx, upgrade.running, key, asked, upgrade.may_follow);
    let Some(version) = version else {
        let what = "the control plane's version";
        return lacking(Stage::Nodes, key.clone(), what, CLUSTER);
    };
    let known = network::zones(cx);
    let subnets = pool.own_zones().unwrap_or_else(|| known.clone());
    if !subnets.iter().all(|zone| known.contains(zone)) {
        let action = format!(
            "name the pool's zones as the cluster does: {}",
            known.join(", ")
        );
        let what = "subnets in its zones";
        return lacking(Stage::Nodes, key.clone(), what, Source::Person(action));
    }
    let name = cx.names.in_cloud(pools::suffix(key), LONGEST_GROUP);
    let release_version = maintenance::release(cx, key, upgrade.turn.as_ref(), &version);
    let group = NodeGroup {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        node_role_arn_ref: cx.reference(&NODE_ROLE),
        subnet_id_refs: subnets
            .iter()
            .map(|zone| cx.reference(&PRIVATE_SUBNET.of(zone)))
            .collect(),
        version,
        release_version,
        force_update_version: cx.spec.upgrade.force.then_some(true),
        ami_type: keys::ami_type(pool),
        capacity_type: keys::capacity_type(pool),
        instance_types: instance_types(cx, key, pool),
        launch_template: NodeGroupTemplate {
            name: cx.names.in_cloud(&pool.name, LONGEST_TEMPLATE),
            version: template_version,
        },
        scaling_config: scaling_edit(cx, pool, succession),
        // EKS adds the replacements first and has no separate surge: the sum is how many nodes are
        // replaced at a time.
        update_config: UpdateConfig {
            max_unavailable: (pool.max_surge + pool.max_unavailable).max(1),
            // EKS answers with it, and the provider would update the group without end to take it
            // away (provider-aws v2.5 and v2.6; terraform-aws-eks#3625).
            update_strategy: "DEFAULT",
        },
        node_repair_config: Enabled { enabled: true },
        labels: pools::labels(pool),
        taint: taints(pool),
        tags: tags(cx, &name),
    };
    let extras = Extras {
        external_name: Some(name),
        init: Some(NodeGroupInit {
            scaling_config: initial_scaling(cx, pool, succession),
        }),
        labels: succession.labels(),
        ..Extras::default()
    };
    managed_with(cx, cx.build, Stage::Nodes, key.clone(), extras, group)
        .ready_when(READY)
        .after([CLUSTER, NODE_ROLE])
        .after(BEFORE_NODES)
        .after(network::egress(cx))
        .after([template_key])
}

/// The instance types, in the order that the group was made with: another one would replace it.
fn instance_types(cx: &Cx<'_>, key: &Key, pool: &NodePool) -> Vec<String> {
    let made_with = machines::made_with(cx.observed, key, pool);
    let types = made_with.unwrap_or_else(|| machines::of_pool(pool).collect());
    types.into_iter().map(str::to_owned).collect()
}

/// What the group is created with: a successor begins with as many nodes as its predecessors have.
fn initial_scaling(cx: &Cx<'_>, pool: &NodePool, succession: &Succession<'_, '_>) -> ScalingConfig {
    let group = cx.observed.get(succession.key());
    let sent = group.and_then(|group| group.at(FIRST_SIZE)?.as_u32());
    let first = sent.unwrap_or_else(|| succession.first_size());
    ScalingConfig {
        min_size: pool.min,
        max_size: pool.max,
        desired_size: first.clamp(pool.min, pool.max),
    }
}

/// New bounds on their way to AWS, or a larger size that a successor needs to take over.
///
/// The scaling block stands in `initProvider`, because up to provider v2.6.0 a `desiredSize` there
/// is enforced unless the whole block is (crossplane-contrib/provider-upjet-aws#2044): every poll
/// would undo the autoscaler. So changed bounds are sent in `forProvider`, with the size that the
/// autoscaler chose, until AWS reports them; then the block is left alone again.
fn scaling_edit(
    cx: &Cx<'_>,
    pool: &NodePool,
    succession: &Succession<'_, '_>,
) -> Option<ScalingConfig> {
    let group = cx.observed.get(succession.key())?;
    let config = |path: &str| group.at(path)?.as_struct();
    let read = |config: Option<Fields<'_>>, field: &str| config?.get(field)?.as_u32();
    let reported = config("status.atProvider.scalingConfig");
    let (Some(min), Some(max)) = (read(reported, "minSize"), read(reported, "maxSize")) else {
        // Nothing is known of AWS's side: repeat what was sent, if anything was.
        let sent = config("spec.forProvider.scalingConfig");
        return Some(ScalingConfig {
            min_size: read(sent, "minSize")?,
            max_size: read(sent, "maxSize")?,
            desired_size: read(sent, "desiredSize")?,
        });
    };
    let growth = succession.growth();
    if (min, max) == (pool.min, pool.max) && growth.is_none() {
        return None;
    }
    let desired = growth.or_else(|| read(reported, "desiredSize"));
    let desired = desired.unwrap_or(pool.min);
    Some(ScalingConfig {
        min_size: pool.min,
        max_size: pool.max,
        desired_size: desired.clamp(pool.min, pool.max),
    })
}

/// The newest version of the launch template, else the one that the group was sent with.
fn template_version(cx: &Cx<'_>, key: &Key, template: &Key) -> Option<String> {
    let newest = cx
        .observed
        .get(template)
        .and_then(|object| object.at("status.atProvider.latestVersion")?.as_i64())
        .map(|version| version.to_string());
    newest.or_else(|| {
        let sent = cx
            .observed
            .str_at(key, "spec.forProvider.launchTemplate.version");
        sent.map(str::to_owned)
    })
}

fn taints(pool: &NodePool) -> Option<Vec<NodeGroupTaint>> {
    let taints: Vec<_> = pools::taints(pool)
        .into_iter()
        .map(|taint| NodeGroupTaint {
            key: taint.key,
            value: Some(taint.value).filter(|value| !value.is_empty()),
            effect: pools::effect(taint.effect),
        })
        .collect();
    (!taints.is_empty()).then_some(taints)
}
