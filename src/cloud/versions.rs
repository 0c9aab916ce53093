//! Kubernetes versions: what to ask the control plane, the add-ons and the nodes for, in this order.

use super::{
    facts::{AddonFacts, Behind, Followers, PoolFacts},
    pools,
};
use crate::{
    api::spec::Version,
    plan::{
        context::Cx,
        key::{CLUSTER, Key, POOL},
    },
};

/// How many minor versions nodes and kube-proxy may be behind the control plane (Kubernetes, "Version Skew Policy").
const SKEW: u16 = 3;

/// The field of kube-proxy in `spec.addons`, which must be within Kubernetes' version skew.
pub const PROXY: &str = "kubeProxy";

/// What holds back the next step of an upgrade.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Hold {
    /// What has to come first: a node pool, an add-on, or a field of the spec.
    pub what: String,
    /// What is the matter with it.
    pub reason: String,
    /// What a person can do, where it does not pass by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

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
/// A step begins when nothing holds it back ([`holds`]). One that has begun goes on.
pub fn next(
    cx: &Cx<'_>,
    running: Option<Version>,
    asked: &str,
    followers: impl FnOnce(&Cx<'_>) -> Followers,
) -> Version {
    let wanted = cx.spec.kubernetes_version;
    let Some(running) = running.filter(|running| *running < wanted) else {
        return running.map_or(wanted, |running| running.max(wanted));
    };
    let step = running.next();
    let sent = cx.observed.str_at(&CLUSTER, asked).and_then(Version::parse);
    let begins = || sent == Some(step) || holds(cx, running, &followers(cx)).is_empty();
    if !cx.spec.upgrade.paused && begins() {
        step
    } else {
        running
    }
}

/// What has to come first, before the control plane goes from `running` to the next minor version. Nothing where it is where its
/// author wants it.
///
/// Both clouds upgrade one minor at a time, and nodes may be three behind at most, so every pool follows before the next step. A
/// pool that never had a node holds nothing back: it comes up with the version of its day. Neither provider reports
/// deprecated APIs or EKS' insights, so none of them can hold a step back here.
pub fn holds(cx: &Cx<'_>, running: Version, followers: &Followers) -> Vec<Hold> {
    if running >= cx.spec.kubernetes_version {
        return Vec::new();
    }
    let mut holds = Vec::new();
    if cx.spec.upgrade.paused {
        holds.push(Hold {
            what: "spec.upgrade.paused".to_owned(),
            reason: "it is true".to_owned(),
            fix: Some("set it to false".to_owned()),
        });
    }
    let addons = followers.addons.iter();
    holds.extend(addons.filter_map(|addon| addon_holds(addon, running)));
    let pools = followers.pools.iter();
    holds.extend(pools.filter_map(|pool| pool_holds(cx, pool, running)));
    holds.extend(left_behind(cx, followers, running));
    holds
}

fn addon_holds(addon: &AddonFacts, running: Version) -> Option<Hold> {
    let what = format!("add-on {}", addon.field);
    if let Some(Behind { has, needs }) = &addon.behind {
        return Some(Hold {
            what,
            reason: format!("it runs {has} on its way to {needs}"),
            fix: None,
        });
    }
    if addon.may_lag() {
        return Some(Hold {
            what,
            reason: "it does not report its version".to_owned(),
            fix: None,
        });
    }
    let pinned = addon.pinned.as_deref()?;
    let proxy = Version::parse(pinned).filter(|_| addon.field == PROXY)?;
    let next = running.next();
    (proxy.minor + SKEW < next.minor).then(|| Hold {
        what,
        reason: format!("{pinned} does not work with Kubernetes {next}"),
        fix: Some(format!(
            "remove spec.addons.{}.version, or set it to a version for {running}",
            addon.field
        )),
    })
}

fn pool_holds(cx: &Cx<'_>, pool: &PoolFacts, running: Version) -> Option<Hold> {
    if !pool.had_nodes {
        return None;
    }
    let hold = |reason| {
        Some(Hold {
            what: format!("node pool {}", pool.name),
            reason,
            fix: None,
        })
    };
    // A pool that reports nothing counts as what it was asked for.
    let asked = || cx.observed.str_at(&pool.key, "spec.forProvider.version");
    let version = pool.version.as_deref().or_else(asked);
    match version.and_then(Version::parse) {
        Some(version) if version < running => {
            hold(format!("it runs {version} on its way to {running}"))
        }
        _ if pool.required && !pool.ready => hold("it is not ready".to_owned()),
        _ => None,
    }
}

/// Pools that the spec no longer has, and whose nodes would be too old for the next version.
fn left_behind(cx: &Cx<'_>, followers: &Followers, running: Version) -> impl Iterator<Item = Hold> {
    let others = cx.observed.keys(POOL);
    let others = others.filter(|key| !followers.pools.iter().any(|pool| pool.key == *key));
    others.filter_map(move |key| {
        let version = cx.observed.str_at(&key, "status.atProvider.version")?;
        let version = Version::parse(version)?;
        let next = running.next();
        (version.minor + SKEW < next.minor).then(|| Hold {
            what: format!("node pool {}", pools::suffix(&key)),
            reason: format!("it is on its way out, and its {version} does not work with {next}"),
            fix: None,
        })
    })
}

/// The version for a node pool: the control plane's running one, so that nodes follow and never
/// lead; never below what the pool was asked for before. `None` until the control plane has
/// reported once. Where nodes may not follow yet, a pool stays at what it was asked for.
pub fn for_nodes(
    cx: &Cx<'_>,
    running: Option<Version>,
    pool: &Key,
    asked: &str,
    may_follow: bool,
) -> Option<String> {
    let asked = cx.observed.str_at(pool, asked).and_then(Version::parse);
    let version = if may_follow {
        running.max(asked)
    } else {
        asked.or(running)
    };
    version.map(|version| version.to_string())
}
