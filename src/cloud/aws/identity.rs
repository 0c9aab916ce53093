//! IAM roles, the encryption key and the log group.

use serde::Serialize;

use super::{
    api::{Alias, KmsKey, LogGroup, Role},
    identifiers::{partition, tags},
    keys::{
        BLOCK_STORAGE_ROLE, CONTROL_PLANE_ROLE, KEY_ALIAS, LOG_GROUP, NETWORKING_ROLE, NODE_ROLE,
    },
    network::in_turn,
};
use crate::{
    api::choice::Mode,
    plan::{
        build::{managed, managed_with},
        composed::{Composed, Plan, Stage},
        context::Cx,
        key::{ENCRYPTION_KEY, Key},
        object::{Extras, Policies, external_name},
        required::Required,
    },
};

/// Longest IAM role name. bootstrap/eks/policies.tf allows roles by how their names end, so the end is never cut.
const LONGEST_ROLE: usize = 64;
/// How long control-plane logs are kept, also after the cluster. The group that EKS makes by itself keeps them for ever.
const LOG_RETENTION_DAYS: u32 = 90;
/// The longest that KMS offers: a key deleted by mistake can be had back for so long.
const KEY_DELETION_DAYS: u32 = 30;

/// Plans the stage.
pub(super) fn identity(cx: &Cx<'_>, plan: &mut Plan) {
    match cx.spec.mode {
        Mode::Standard => standard_roles(cx, plan),
        Mode::Auto => auto_roles(cx, plan),
    }
    if cx.spec.encryption.key_id.is_none() {
        key(cx, plan);
    }
    log_group(cx, plan);
}

/// The group is left in the cloud when the cluster is deleted. The control plane writes up to its end, and would make
/// the group anew, without a limit; and who deleted what is in its audit log.
fn log_group(cx: &Cx<'_>, plan: &mut Plan) {
    let group = LogGroup {
        region: cx.spec.region.clone(),
        retention_in_days: LOG_RETENTION_DAYS,
        tags: tags(cx, &cx.names.cloud),
    };
    let extras = Extras::<()> {
        external_name: Some(format!("/aws/eks/{}/cluster", cx.names.cloud)),
        policies: Policies::Keep,
        ..Extras::default()
    };
    let key = LOG_GROUP;
    plan.add(managed_with(
        cx,
        cx.build,
        Stage::Identity,
        key,
        extras,
        group,
    ));
}

fn standard_roles(cx: &Cx<'_>, plan: &mut Plan) {
    let pods = "pods.eks.amazonaws.com";
    plan.add(role(
        cx,
        CONTROL_PLANE_ROLE,
        "control-plane",
        "eks.amazonaws.com",
        &["AmazonEKSClusterPolicy"],
    ));
    let nodes = role(
        cx,
        NODE_ROLE,
        "node",
        ec2(&cx.spec.region),
        &[
            "AmazonEKSWorkerNodePolicy",
            "AmazonEC2ContainerRegistryPullOnly",
        ],
    );
    plan.add(in_turn(cx, 1, nodes));
    let policy = "AmazonEKS_CNI_Policy";
    let networking = role(cx, NETWORKING_ROLE, "networking", pods, &[policy]);
    plan.add(in_turn(cx, 2, networking));
    if cx.spec.addons.block_storage.enabled {
        let policy = "service-role/AmazonEBSCSIDriverPolicy";
        let storage = role(cx, BLOCK_STORAGE_ROLE, "block-storage", pods, &[policy]);
        plan.add(in_turn(cx, 3, storage));
    }
}

/// What EC2 is called in the trust of a node's role: in China by a name of the partition's own (EKS' template
/// amazon-eks-nodegroup-role.yaml, `ServicePrincipals`).
fn ec2(region: &str) -> &'static str {
    match partition(region) {
        "aws-cn" => "ec2.amazonaws.com.cn",
        _ => "ec2.amazonaws.com",
    }
}

/// What EKS Auto Mode demands of its roles.
fn auto_roles(cx: &Cx<'_>, plan: &mut Plan) {
    plan.add(role(
        cx,
        CONTROL_PLANE_ROLE,
        "control-plane",
        "eks.amazonaws.com",
        &[
            "AmazonEKSClusterPolicy",
            "AmazonEKSComputePolicy",
            "AmazonEKSBlockStoragePolicy",
            "AmazonEKSLoadBalancingPolicy",
            "AmazonEKSNetworkingPolicy",
        ],
    ));
    plan.add(role(
        cx,
        NODE_ROLE,
        "node",
        ec2(&cx.spec.region),
        &[
            "AmazonEKSWorkerNodeMinimalPolicy",
            "AmazonEC2ContainerRegistryPullOnly",
        ],
    ));
}

/// Who may take a role. The fields are in alphabetical order, as the policies that exist have them:
/// another order would be a change to each.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TrustPolicy<'a> {
    statement: [TrustStatement<'a>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TrustStatement<'a> {
    action: &'a [&'a str],
    effect: &'static str,
    principal: Principal<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Principal<'a> {
    service: &'a str,
}

fn role(cx: &Cx<'_>, key: Key, name: &str, service: &str, policies: &[&str]) -> Composed {
    // Of a role that earlier releases made the end was cut; another name would be another role.
    let cut = cx.names.in_cloud(name, LONGEST_ROLE);
    let given = cx.observed.get(&key).and_then(external_name);
    let cloud_name = if given == Some(cut.as_str()) {
        cut
    } else {
        cx.names.ending_in(name, LONGEST_ROLE)
    };
    // Pods and EKS Auto Mode pass session tags.
    let tags_sessions = service == "pods.eks.amazonaws.com"
        || (cx.spec.mode == Mode::Auto && service == "eks.amazonaws.com");
    let actions: &[&str] = if tags_sessions {
        &["sts:AssumeRole", "sts:TagSession"]
    } else {
        &["sts:AssumeRole"]
    };
    let trust = TrustPolicy {
        statement: [TrustStatement {
            action: actions,
            effect: "Allow",
            principal: Principal { service },
        }],
        version: "2012-10-17",
    };
    let partition = partition(&cx.spec.region);
    let role = Role {
        assume_role_policy: Required::json("the trust policy", &trust),
        description: format!("{name} of EKS cluster {}", cx.names.cloud),
        managed_policy_arns: policies
            .iter()
            .map(|policy| format!("arn:{partition}:iam::aws:policy/{policy}"))
            .collect(),
        tags: tags(cx, &cloud_name),
    };
    managed(cx, Stage::Identity, key, Some(cloud_name), role)
}

fn key(cx: &Cx<'_>, plan: &mut Plan) {
    plan.add(managed(
        cx,
        Stage::Identity,
        ENCRYPTION_KEY,
        None,
        KmsKey {
            region: cx.spec.region.clone(),
            description: format!("Kubernetes Secrets of EKS cluster {}", cx.names.cloud),
            enable_key_rotation: true,
            deletion_window_in_days: KEY_DELETION_DAYS,
            tags: tags(cx, &cx.names.cloud),
        },
    ));
    let alias = Alias {
        region: cx.spec.region.clone(),
        target_key_id_ref: cx.reference(&ENCRYPTION_KEY),
    };
    let name = format!("eks/{}", cx.names.cloud);
    let alias = managed(cx, Stage::Identity, KEY_ALIAS, Some(name), alias);
    plan.add(in_turn(cx, 3, alias).optional());
}
