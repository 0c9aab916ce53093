//! IAM members: who may use the cluster, and how far.

use super::{
    api::{IamCondition, ProjectIamMember},
    identifiers::project,
    keys::access_member,
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

const ADMIN: &str = "roles/container.admin";
const VIEWER: &str = "roles/container.viewer";

/// The key of the resource that makes a member an administrator.
pub(super) fn admin_key(member: &str) -> Key {
    access_member(member, ADMIN)
}

/// Plans the stage.
pub(super) fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>) {
    for (member, role) in argocd.grants(&cx.spec.access, VIEWER, ADMIN) {
        let grant = ProjectIamMember {
            project: project(cx),
            role,
            member: member.to_owned(),
            condition: Some(this_cluster(cx)),
        };
        let key = access_member(member, role);
        let extras = Extras::<()> {
            labels: vec![argocd.label(cx, &key, member)],
            ..Extras::default()
        };
        let grant = managed_with(cx, cx.build, Stage::Access, key, extras, grant);
        let required = argocd.is_for(member);
        plan.add(grant.after([CLUSTER]).required_if(required));
    }
    argocd.keep(cx, plan, admin_key);
}

/// Narrows a project-wide role to this cluster. It also keeps the bindings of two clusters apart:
/// IAM would merge equal ones, and deleting one cluster would lock its owner out of the other.
fn this_cluster(cx: &Cx<'_>) -> IamCondition {
    let (region, cluster) = (&cx.spec.region, &cx.names.cloud);
    IamCondition {
        title: format!("only-{cluster}"),
        expression: project(cx).map(|project| {
            format!("resource.name == \"projects/{project}/locations/{region}/clusters/{cluster}\"")
        }),
    }
}
