//! Order of deletion on GCP.
//!
//! GCP refuses to delete a network, a subnetwork or a router in use. It does not refuse to take
//! away the identity that the nodes run as, or the grant on the key that the cluster reads with.

use super::{
    api::{Cluster, CryptoKeyIamMember, ProjectIamMember, ServiceAccount},
    keys::{KEY_GRANT, NODE_ACCOUNT, NODE_ROLES},
};
use crate::{
    cloud::protection::{keep_until_gone, refuse_deletion},
    plan::{composed::Plan, context::Cx, key::CLUSTER},
};

/// Plans the stage.
pub(super) fn protection(cx: &Cx<'_>, plan: &mut Plan) {
    keep_until_gone::<ServiceAccount, Cluster>(cx, plan, &NODE_ACCOUNT, &CLUSTER);
    for (role, _) in NODE_ROLES {
        keep_until_gone::<ProjectIamMember, Cluster>(cx, plan, &role, &CLUSTER);
    }
    if cx.spec.encryption.key_id.is_none() {
        keep_until_gone::<CryptoKeyIamMember, Cluster>(cx, plan, &KEY_GRANT, &CLUSTER);
    }
    refuse_deletion(cx, plan);
}
