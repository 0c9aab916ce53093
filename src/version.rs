//! Kubernetes versions: what to ask the control plane and the nodes for.

use crate::{plan::Cx, xcluster::Version};

/// The key of the control plane, on both clouds.
const CLUSTER: &str = "cluster";

/// The version to ask the control plane for: the author's, but never below the versions at the
/// `known` paths of the observed control plane, such as the one it was asked for before. A cloud
/// that upgraded by itself is not fought, and a control plane cannot go back.
pub fn target(cx: &Cx<'_>, known: &[&str]) -> String {
    known
        .iter()
        .filter_map(|path| Version::parse(cx.observed.str_at(CLUSTER, path)?))
        .fold(cx.spec.kubernetes_version, Ord::max)
        .to_string()
}

/// The version for a node pool: the control plane's running one, so that nodes follow and never
/// lead; while that is unknown, the pool's own; never below what the pool was asked for before.
/// `None` until the control plane has reported once.
pub fn for_nodes(cx: &Cx<'_>, running: &str, pool: &str, asked: &str) -> Option<String> {
    let running = cx
        .observed
        .str_at(CLUSTER, running)
        .and_then(Version::parse);
    let asked = cx.observed.str_at(pool, asked).and_then(Version::parse);
    running.max(asked).map(|version| version.to_string())
}
