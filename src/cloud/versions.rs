//! Kubernetes versions: what to ask the control plane and the nodes for.

use super::facts::PoolFacts;
use crate::{
    api::spec::Version,
    plan::{
        context::Cx,
        key::{CLUSTER, Key},
    },
};

/// The version that the control plane runs, as far as anybody knows: what the cloud reports at
/// `path`, else what it last reported.
pub fn running(cx: &Cx<'_>, path: &str) -> Option<Version> {
    let now = cx.observed.str_at(&CLUSTER, path);
    let last = || {
        cx.observed_composite
            .str_at("status.kubernetesVersion.controlPlane")
    };
    Version::parse(now.or_else(last)?)
}

/// The version to ask the control plane for: one minor at a time towards the author's, and never
/// below what it runs. A cloud that upgraded by itself is not fought, and a control plane cannot go
/// back. What was asked for before does not count: an author who asked for a version that does not
/// exist can take it back.
///
/// The next step waits until every node pool runs the control plane's version: both clouds upgrade
/// one minor at a time, and nodes may be three behind at most.
pub fn next(
    cx: &Cx<'_>,
    running: Option<Version>,
    pools: impl FnOnce(&Cx<'_>) -> Vec<PoolFacts>,
) -> Version {
    let wanted = cx.spec.kubernetes_version;
    let Some(running) = running.filter(|running| *running != wanted) else {
        return wanted;
    };
    // A pool that reports nothing counts as what it was asked for.
    let follows = |pool: &PoolFacts| {
        let asked = || cx.observed.str_at(&pool.key, "spec.forProvider.version");
        let version = pool.version.as_deref().or_else(asked);
        version
            .and_then(Version::parse)
            .is_none_or(|version| version >= running)
    };
    let all_follow = pools(cx)
        .iter()
        .filter(|pool| cx.observed.exists(&pool.key))
        .all(follows);
    let step = if all_follow {
        running.minor + 1
    } else {
        running.minor
    };
    wanted.clamp(running, Version { minor: step })
}

/// The version for a node pool: the control plane's running one, so that nodes follow and never
/// lead; never below what the pool was asked for before. `None` until the control plane has
/// reported once.
pub fn for_nodes(cx: &Cx<'_>, running: Option<Version>, pool: &Key, asked: &str) -> Option<String> {
    let asked = cx.observed.str_at(pool, asked).and_then(Version::parse);
    running.max(asked).map(|version| version.to_string())
}
