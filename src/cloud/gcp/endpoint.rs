//! From where the control plane of GKE can be reached.

use crate::{cloud::ranges::Ranges, plan::context::Cx, wire::structpb::Value};

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

/// From where the control plane can be reached.
pub(super) fn ranges(cx: &Cx<'_>) -> Ranges {
    Ranges::of(cx, |cluster| {
        let ranges = cluster
            .at("masterAuthorizedNetworksConfig.cidrBlocks")
            .into_iter();
        let ranges = ranges.flat_map(Value::items);
        ranges
            .filter_map(|range| range.str_at("cidrBlock"))
            .collect()
    })
}

/// How this cluster is reached.
pub(super) fn reach(cx: &Cx<'_>, ranges: &Ranges) -> Reach {
    match (cx.spec.endpoint.public, ranges.list.is_empty()) {
        (false, _) => Reach::Private,
        (true, true) => Reach::Dns,
        (true, false) => Reach::Listed,
    }
}
