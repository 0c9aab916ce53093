//! IAM members: who may use the cluster, and how far.

use std::collections::BTreeMap;

use super::{
    api::{IamCondition, ProjectIamMember},
    cluster::CLUSTER,
};
use crate::{
    access::ArgoCdAccess,
    names::hash,
    object::Extras,
    plan::{Cx, Plan, Stage, managed_with},
};

const ADMIN: &str = "roles/container.admin";
const VIEWER: &str = "roles/container.viewer";

/// The key of the resource that makes a member an administrator.
pub(super) fn admin_key(member: &str) -> String {
    key(member, ADMIN)
}

/// Neither the member nor the role can change in place, so the key holds a hash of both.
fn key(member: &str, role: &str) -> String {
    format!("access-member-{}", hash(&format!("{member} {role}"), 8))
}

/// Plans the stage. A member that is named twice gets the stronger role.
pub(super) fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>) {
    let spec = &cx.spec.access;
    let viewers = spec.viewers.iter().map(|member| (member.as_str(), VIEWER));
    let admins = spec.admins.iter().map(|member| (member.as_str(), ADMIN));
    let owner = argocd.principal().map(|member| (member, ADMIN));
    let members: BTreeMap<_, _> = viewers.chain(admins).chain(owner).collect();
    for (member, role) in members {
        let grant = ProjectIamMember {
            project: super::project(cx),
            role,
            member: member.to_owned(),
            condition: Some(this_cluster(cx)),
        };
        let key = key(member, role);
        let extras = Extras::<()> {
            label: Some(argocd.label(cx, &key, member)),
            ..Extras::default()
        };
        let grant = managed_with(cx, cx.build, Stage::Access, key, extras, grant);
        plan.add(grant.after([CLUSTER]));
    }
    argocd.keep(cx, plan, admin_key);
}

/// Narrows a project-wide role to this cluster. It also keeps the bindings of two clusters apart:
/// IAM would merge equal ones, and deleting one cluster would lock its owner out of the other.
fn this_cluster(cx: &Cx<'_>) -> IamCondition {
    let (project, region) = (super::project(cx), &cx.spec.region);
    let cluster = &cx.names.cloud;
    IamCondition {
        title: format!("only-{cluster}"),
        expression: format!(
            "resource.name == \"projects/{project}/locations/{region}/clusters/{cluster}\""
        ),
    }
}
