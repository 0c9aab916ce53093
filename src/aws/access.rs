//! Access entries: which IAM principals may use the cluster, and how far.

use std::collections::BTreeMap;

use super::{
    api::{AccessEntry, AccessPolicyAssociation, AccessScope},
    cluster::CLUSTER,
    partition, tags,
};
use crate::{
    access::ArgoCdAccess,
    names::hash,
    object::Extras,
    plan::{Cx, Plan, Stage, managed_with},
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
pub(super) fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>) {
    let spec = &cx.spec.access;
    let viewers = spec.viewers.iter().map(|arn| (arn.as_str(), VIEWER));
    let admins = spec.admins.iter().map(|arn| (arn.as_str(), ADMIN));
    let owner = argocd.principal().map(|arn| (arn, ADMIN));
    let principals: BTreeMap<_, _> = viewers.chain(admins).chain(owner).collect();
    for (principal, policy) in principals {
        grant(cx, plan, principal, policy, argocd);
    }
    argocd.keep(cx, plan, admin_key);
}

fn grant(cx: &Cx<'_>, plan: &mut Plan, principal: &str, policy: &str, argocd: ArgoCdAccess<'_>) {
    let extras = |key: &str| Extras::<()> {
        label: Some(argocd.label(cx, key, principal)),
        ..Extras::default()
    };
    let stage = Stage::Access;
    let key = format!("access-entry-{}", hash(principal, 8));
    let entry = AccessEntry {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        principal_arn: principal.to_owned(),
        kind: "STANDARD",
        tags: tags(cx, &cx.names.cloud),
    };
    let entry = managed_with(cx, cx.build, stage, key.as_str(), extras(&key), entry);
    plan.add(entry.after([CLUSTER]));
    let partition = partition(&cx.spec.region);
    let association = AccessPolicyAssociation {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        principal_arn: principal.to_owned(),
        policy_arn: format!("arn:{partition}:eks::aws:cluster-access-policy/{policy}"),
        access_scope: AccessScope { kind: "cluster" },
    };
    let policy = policy_key(principal, policy);
    let extras = extras(&policy);
    let association = managed_with(cx, cx.build, stage, policy, extras, association);
    plan.add(association.after([key]));
}
