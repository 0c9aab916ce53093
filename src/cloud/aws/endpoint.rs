//! From where the control plane of EKS can be reached.

use super::api::VpcConfig;
use crate::plan::{context::Cx, object::Ref};

/// The public endpoint is on only with a list of who may reach it: without one EKS would open it
/// to the whole internet.
pub(super) fn endpoint(cx: &Cx<'_>, subnet_id_refs: Vec<Ref>) -> VpcConfig {
    let allowed = cx.allowed_cidrs();
    let public = cx.spec.endpoint.public && !allowed.is_empty();
    VpcConfig {
        endpoint_private_access: true,
        endpoint_public_access: public,
        public_access_cidrs: public.then_some(allowed),
        subnet_id_refs,
    }
}
