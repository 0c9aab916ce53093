//! Access entries: which IAM principals may use the cluster, and how far.

use std::collections::BTreeMap;

use super::{
    api::{AccessEntry, AccessPolicyAssociation, AccessScope},
    cluster::CLUSTER,
    partition, tags,
};
use crate::{
    names::hash,
    plan::{Cx, Plan, Stage, managed},
};

const ADMIN: &str = "AmazonEKSClusterAdminPolicy";
const VIEWER: &str = "AmazonEKSViewPolicy";

/// The key of the resource that makes a principal an administrator.
pub(super) fn admin_key(principal: &str) -> String {
    policy_key(principal, ADMIN)
}

/// Neither the principal nor the policy can change in place, so the key holds a hash of both.
fn policy_key(principal: &str, policy: &str) -> String {
    format!(
        "access-policy-{}",
        hash(&format!("{principal} {policy}"), 8)
    )
}

/// Plans the stage. A principal that is named twice gets the stronger policy once: EKS refuses a
/// second entry.
pub(super) fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: Option<&str>) {
    let spec = &cx.spec.access;
    let viewers = spec.viewers.iter().map(|arn| (arn.as_str(), VIEWER));
    let admins = spec.admins.iter().map(|arn| (arn.as_str(), ADMIN));
    let argocd = argocd.map(|arn| (arn, ADMIN));
    let principals: BTreeMap<_, _> = viewers.chain(admins).chain(argocd).collect();
    for (principal, policy) in principals {
        grant(cx, plan, principal, policy);
    }
}

fn grant(cx: &Cx<'_>, plan: &mut Plan, principal: &str, policy: &str) {
    let entry = format!("access-entry-{}", hash(principal, 8));
    plan.add(
        managed(
            cx,
            Stage::Access,
            entry.as_str(),
            None,
            AccessEntry {
                region: cx.spec.region.clone(),
                cluster_name: cx.names.cloud.clone(),
                principal_arn: principal.to_owned(),
                kind: "STANDARD",
                tags: tags(cx, &cx.names.cloud),
            },
        )
        .after([CLUSTER]),
    );
    let partition = partition(&cx.spec.region);
    let association = AccessPolicyAssociation {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        principal_arn: principal.to_owned(),
        policy_arn: format!("arn:{partition}:eks::aws:cluster-access-policy/{policy}"),
        access_scope: AccessScope { kind: "cluster" },
    };
    plan.add(
        managed(
            cx,
            Stage::Access,
            policy_key(principal, policy),
            None,
            association,
        )
        .after([entry]),
    );
}
