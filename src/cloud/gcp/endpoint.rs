//! From where the control plane of GKE can be reached.

use crate::plan::context::Cx;

/// How the control plane is reached from outside its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// By its DNS name, which IAM guards.
    Dns,
    /// By a public address, which a list of ranges guards.
    Listed,
    /// Not at all.
    Private,
}

/// How this cluster is reached.
pub(super) fn reach(cx: &Cx<'_>) -> Reach {
    match (cx.spec.endpoint.public, cx.allowed_cidrs().is_empty()) {
        (false, _) => Reach::Private,
        (true, true) => Reach::Dns,
        (true, false) => Reach::Listed,
    }
}
