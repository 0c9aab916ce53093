//! The EKS control plane.

use super::{
    api::{
        AccessConfig, Cluster, ComputeConfig, Enabled, EncryptionConfig, EncryptionKey,
        KubernetesNetworkConfig, StorageConfig, UpgradePolicy,
    },
    endpoint::{endpoint, ranges},
    facts::RUNNING,
    followers,
    identifiers::tags,
    keys::{CONTROL_PLANE_ROLE, LOG_GROUP, NODE_ROLE, PRIVATE_SUBNET},
    network,
};
use crate::{
    api::{
        choice::{Mode, SupportType},
        spec::{Network, Spec},
    },
    cloud::versions,
    plan::{
        build::{lacking, managed_with},
        composed::{Composed, Foreign, Plan, Stage},
        context::Cx,
        key::{CLUSTER, ENCRYPTION_KEY, Key, NETWORK},
        object::{Extras, external_name},
        ready::ReadyWhen,
    },
    wire::structpb::Value,
};

/// The status of a cluster that serves.
const ACTIVE: &str = "ACTIVE";

/// What to do about a cluster of another network or role.
const FOREIGN: &str = "if you adopt your own cluster, set the annotation crossplane.io/external-name on the VPC and the subnets to \
     the ids that it has (docs/day2.md); if somebody else made it, use another name, since the function only looks at it";

/// Plans the stage.
pub(super) fn cluster(cx: &Cx<'_>, plan: &mut Plan) {
    let spec = cx.spec;
    let Some(key_arn) = key_arn(cx) else {
        plan.add(lacking(
            Stage::Cluster,
            CLUSTER,
            "the encryption key's ARN",
            ENCRYPTION_KEY,
        ));
        return;
    };
    let compute = match compute(cx) {
        Ok(compute) => compute,
        Err(waiting) => {
            plan.add(*waiting);
            return;
        }
    };
    let auto = spec.mode == Mode::Auto;
    let ranges = ranges(cx);
    let subnets: Vec<_> = network::zones(cx)
        .iter()
        .map(|zone| PRIVATE_SUBNET.of(zone))
        .collect();
    let cluster = Cluster {
        region: spec.region.clone(),
        version: version(cx),
        force_update_version: spec.upgrade.force.then_some(true),
        role_arn: role_arn(cx),
        role_arn_ref: cx.reference(&CONTROL_PLANE_ROLE),
        // We compose the add-ons; what EKS installs by itself is never updated.
        bootstrap_self_managed_addons: false,
        deletion_protection: spec.deletion_protection,
        access_config: AccessConfig {
            authentication_mode: "API",
            bootstrap_cluster_creator_admin_permissions: false,
        },
        compute_config: compute,
        enabled_cluster_log_types: &[
            "api",
            "audit",
            "authenticator",
            "controllerManager",
            "scheduler",
        ],
        encryption_config: EncryptionConfig {
            provider: EncryptionKey { key_arn },
            resources: &["secrets"],
        },
        kubernetes_network_config: KubernetesNetworkConfig {
            ip_family: "ipv4",
            service_ipv4_cidr: service_range(&spec.network),
            elastic_load_balancing: auto.then_some(Enabled { enabled: true }),
        },
        storage_config: auto.then_some(StorageConfig {
            block_storage: Enabled { enabled: true },
        }),
        upgrade_policy: upgrade_policy(spec),
        // Resolved anew, since zones may change for as long as EKS has made no cluster.
        vpc_config: endpoint(
            cx,
            &ranges,
            subnets
                .iter()
                .map(|key| cx.reference(key).always())
                .collect(),
        ),
        zonal_shift_config: Enabled { enabled: true },
        tags: tags(cx, &cx.names.cloud),
    };
    let foreign = foreign(cx);
    let extras = Extras::<()> {
        external_name: Some(cx.names.cloud.clone()),
        policies: cx.policies_of_cluster(&CLUSTER, foreign.is_some()),
        labels: ranges.labels(),
        ..Extras::default()
    };
    plan.add(
        managed_with(cx, cx.build, Stage::Cluster, CLUSTER, extras, cluster)
            .ready_when(ReadyWhen::Status(ACTIVE))
            .foreign(foreign)
            .after([CONTROL_PLANE_ROLE, LOG_GROUP])
            .after(spec.encryption.key_id.is_none().then_some(ENCRYPTION_KEY))
            .after(subnets)
            .after(auto_egress(cx)),
    );
}

/// The version to ask for.
fn version(cx: &Cx<'_>) -> String {
    let running = versions::running(cx, RUNNING);
    let sent = "spec.forProvider.version";
    versions::next(cx, running, sent, followers::followers).to_string()
}

fn upgrade_policy(spec: &Spec) -> UpgradePolicy {
    UpgradePolicy {
        support_type: match spec.upgrade.support_type {
            SupportType::Standard => "STANDARD",
            SupportType::Extended => "EXTENDED",
        },
    }
}

/// The nodes of Auto Mode, which EKS makes together with the control plane; or what is waited for.
fn compute(cx: &Cx<'_>) -> Result<Option<ComputeConfig>, Box<Composed>> {
    if cx.spec.mode == Mode::Standard {
        return Ok(None);
    }
    let waiting = |what, from| Err(Box::new(lacking(Stage::Cluster, CLUSTER, what, from)));
    let is_new = !cx.observed.exists(&CLUSTER);
    if let Some(action) = network::lacks_way_out(cx).filter(|_| is_new) {
        return waiting(network::WAY_OUT, action);
    }
    let Some(node_role_arn) = node_role_arn(cx) else {
        return waiting("the node role's ARN", NODE_ROLE.into());
    };
    Ok(Some(ComputeConfig {
        enabled: true,
        node_pools: &["general-purpose", "system"],
        node_role_arn,
    }))
}

/// What shows that another owner made the cluster of this name: upjet adopts what it finds.
///
/// AWS names subnets and the VPC, so no author can choose those of another cluster. What EKS does not
/// report, or what this composite does not know yet, shows nothing.
fn foreign(cx: &Cx<'_>) -> Option<Foreign> {
    let reported = cx.observed.reported(&CLUSTER)?;
    let differs = |what: &str, has: Option<&str>, ours: Option<&str>| {
        let (has, ours) = (has?, ours?);
        (has != ours).then(|| Foreign::by(what, has, ours, FOREIGN))
    };
    let vpc = cx.observed.get(&NETWORK).and_then(external_name);
    let role = cx
        .observed
        .str_at(&CONTROL_PLANE_ROLE, "status.atProvider.arn");
    differs("VPC", reported.str_at("vpcConfig.vpcId"), vpc)
        .or_else(|| differs("role", reported.str_at("roleArn"), role))
        .or_else(|| foreign_subnets(cx, reported))
}

/// A cluster that has none of this composite's subnets.
fn foreign_subnets(cx: &Cx<'_>, reported: Value<'_>) -> Option<Foreign> {
    let zones = network::zones(cx);
    let subnets = zones.iter().map(|zone| {
        let subnet = cx.observed.get(&PRIVATE_SUBNET.of(zone))?;
        external_name(subnet)
    });
    let ours: Vec<_> = subnets.collect::<Option<_>>()?;
    let has = reported.at("vpcConfig.subnetIds")?;
    let has: Vec<_> = has.items().filter_map(|subnet| subnet.as_str()).collect();
    let shared = has.iter().any(|subnet| ours.contains(subnet));
    let differs = !shared && !has.is_empty();
    differs.then(|| Foreign::by("subnets", &has.join(", "), &ours.join(", "), FOREIGN))
}

/// EKS makes the first nodes of an Auto Mode cluster by itself, and they need a way out.
fn auto_egress(cx: &Cx<'_>) -> impl Iterator<Item = Key> {
    let auto = (cx.spec.mode == Mode::Auto).then(|| network::egress(cx));
    auto.into_iter().flatten()
}

/// The key cannot change once the cluster has one, so the cluster's own answer comes first.
fn key_arn(cx: &Cx<'_>) -> Option<String> {
    cx.lasting(
        &CLUSTER,
        "spec.forProvider.encryptionConfig.provider.keyArn",
        &ENCRYPTION_KEY,
        "status.atProvider.arn",
    )
    .or_else(|| cx.spec.encryption.key_id.clone())
}

/// Sent by value, too: beside subnets that are resolved anew, what the provider resolved itself goes
/// (crossplane-runtime#655).
fn role_arn(cx: &Cx<'_>) -> Option<String> {
    cx.lasting(
        &CLUSTER,
        "spec.forProvider.roleArn",
        &CONTROL_PLANE_ROLE,
        "status.atProvider.arn",
    )
}

fn node_role_arn(cx: &Cx<'_>) -> Option<String> {
    cx.lasting(
        &CLUSTER,
        "spec.forProvider.computeConfig.nodeRoleArn",
        &NODE_ROLE,
        "status.atProvider.arn",
    )
}

/// The range of Services: EKS's own choice of two, so that it is not in the VPC's range.
fn service_range(network: &Network) -> &'static str {
    const FIRST: &str = "172.20.0.0/16";
    const SECOND: &str = "10.100.0.0/16";
    let taken = FIRST
        .parse::<ipnet::Ipv4Net>()
        .is_ok_and(|first| first.contains(&network.cidr) || network.cidr.contains(&first));
    if taken { SECOND } else { FIRST }
}
