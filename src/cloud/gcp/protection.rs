//! Order of deletion on GCP.
//!
//! A service account goes after its roles. IAM keeps the members of one that is gone as `deleted:…`, and the provider, which looks
//! for the member by its own name, would leave them in the project's policy for good (Terraform 7.39, resource_iam_member.go:
//! `subtractFromBindings`).
//!
//! No node pool waits for its cluster, although GKE could then delete both at once. Core keeps a composed Usage for as long as its
//! user exists (Crossplane v2.3.4, usage/reconciler.go), so a pool that the spec no longer has would never go.
//!
//! GCP refuses to delete a network, a subnetwork or a router in use. It does not refuse to take
//! away the identity that the nodes run as, or the grant on the key that the cluster reads with.

use super::{
    api::{Cluster, CryptoKeyIamMember, ProjectIamMember, ServiceAccount},
    keys::{KEY_GRANT, NODE_ACCOUNT, NODE_ROLES},
};
use crate::{
    cloud::protection::{keep_until_also_gone, keep_until_gone, refuse_deletion},
    plan::{composed::Plan, context::Cx, key::CLUSTER},
};

/// Plans the stage.
pub(super) fn protection(cx: &Cx<'_>, plan: &mut Plan) {
    keep_until_gone::<ServiceAccount, Cluster>(cx, plan, &NODE_ACCOUNT, &CLUSTER);
    for (role, _) in NODE_ROLES {
        keep_until_gone::<ProjectIamMember, Cluster>(cx, plan, &role, &CLUSTER);
        keep_until_also_gone::<ServiceAccount, ProjectIamMember>(cx, plan, &NODE_ACCOUNT, &role);
    }
    if cx.spec.encryption.key_id.is_none() {
        keep_until_gone::<CryptoKeyIamMember, Cluster>(cx, plan, &KEY_GRANT, &CLUSTER);
    }
    refuse_deletion(cx, plan);
}
