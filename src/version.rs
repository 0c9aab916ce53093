//! Kubernetes versions: what to ask the control plane and the nodes for.

use crate::{plan::Cx, xcluster::Version};

/// The key of the control plane, on both clouds.
const CLUSTER: &str = "cluster";

/// The version that the control plane runs, as far as anybody knows: what the cloud reports at
/// `path`, else what it last reported.
pub fn running(cx: &Cx<'_>, path: &str) -> Option<Version> {
    let now = cx.observed.str_at(CLUSTER, path);
    let last = || {
        cx.observed_composite
            .str_at("status.kubernetesVersion.controlPlane")
    };
    Version::parse(now.or_else(last)?)
}

/// The version to ask the control plane for: the author's, but never below what it runs. A cloud
/// that upgraded by itself is not fought, and a control plane cannot go back. What was asked for
/// before does not count: an author who asked for a version that does not exist can take it back.
pub fn target(cx: &Cx<'_>, running: Option<Version>) -> String {
    let wanted = cx.spec.kubernetes_version;
    running
        .map_or(wanted, |running| running.max(wanted))
        .to_string()
}

/// The version for a node pool: the control plane's running one, so that nodes follow and never
/// lead; never below what the pool was asked for before. `None` until the control plane has
/// reported once.
pub fn for_nodes(cx: &Cx<'_>, running: Option<Version>, pool: &str, asked: &str) -> Option<String> {
    let asked = cx.observed.str_at(pool, asked).and_then(Version::parse);
    running.max(asked).map(|version| version.to_string())
}
