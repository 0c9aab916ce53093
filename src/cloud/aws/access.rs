//! Access entries: which IAM principals may use the cluster, and how far.

use super::{
    api::{AccessEntry, AccessPolicyAssociation, AccessScope},
    identifiers::{partition, tags},
    keys::{access_entry, access_policy},
};
use crate::{
    cloud::access::ArgoCdAccess,
    plan::{
        build::managed_with,
        composed::{Plan, Stage},
        context::Cx,
        key::{CLUSTER, Key},
        object::Extras,
    },
};

const ADMIN: &str = "AmazonEKSClusterAdminPolicy";
const VIEWER: &str = "AmazonEKSViewPolicy";

/// The key of the resource that makes a principal an administrator.
pub(super) fn admin_key(principal: &str) -> Key {
    access_policy(principal, ADMIN)
}

/// Plans the stage: one entry a principal, since EKS refuses a second one.
pub(super) fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>) {
    for (principal, policy) in argocd.grants(&cx.spec.access, VIEWER, ADMIN) {
        grant(cx, plan, principal, policy, argocd);
    }
    argocd.keep(cx, plan, admin_key);
}

fn grant(cx: &Cx<'_>, plan: &mut Plan, principal: &str, policy: &str, argocd: ArgoCdAccess<'_>) {
    let extras = |key: &Key| Extras::<()> {
        labels: vec![argocd.label(cx, key, principal)],
        ..Extras::default()
    };
    let stage = Stage::Access;
    let key = access_entry(principal);
    let entry = AccessEntry {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        principal_arn: principal.to_owned(),
        kind: "STANDARD",
        tags: tags(cx, &cx.names.cloud),
    };
    let entry = managed_with(cx, cx.build, stage, key.clone(), extras(&key), entry);
    let required = argocd.is_for(principal);
    plan.add(entry.after([CLUSTER]).required_if(required));
    let partition = partition(&cx.spec.region);
    let association = AccessPolicyAssociation {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        principal_arn: principal.to_owned(),
        policy_arn: format!("arn:{partition}:eks::aws:cluster-access-policy/{policy}"),
        access_scope: AccessScope { kind: "cluster" },
    };
    let policy = access_policy(principal, policy);
    let extras = extras(&policy);
    let association = managed_with(cx, cx.build, stage, policy, extras, association);
    plan.add(association.after([key]).required_if(required));
}
