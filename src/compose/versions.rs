//! Whether a cluster runs the version that its author asks for.

use crate::{
    api::spec::Version,
    cloud::{
        facts::{Behind, Facts, Followers, PoolFacts},
        versions::{Hold, holds},
    },
    plan::context::Cx,
    wire::proto::{condition, v1::Condition},
};

/// The versions of a cluster.
pub(super) struct Versions<'a> {
    /// What follows the control plane.
    pub(super) followers: &'a Followers,
    /// What the author asks for.
    desired: Version,
    /// What the control plane runs.
    control_plane: Option<Version>,
    /// Whether the author has paused upgrades.
    paused: bool,
    /// What holds the control plane's next step back.
    pub(super) holds: Vec<Hold>,
    /// Add-ons that are older than the control plane wants them.
    addons: Vec<(&'static str, &'a Behind)>,
    /// What pools run that are behind the control plane.
    pools: Vec<(&'a str, Version)>,
    /// Pools whose image is older than the platform wants it.
    images: Vec<(&'a str, &'a Behind)>,
}

impl<'a> Versions<'a> {
    /// Compares what is reported with what is asked for.
    pub(super) fn new(cx: &Cx<'_>, facts: &Facts, followers: &'a Followers) -> Self {
        let control_plane = facts.version.as_deref().and_then(Version::parse);
        let addons = followers.addons.iter();
        let pools = followers.pools.iter();
        let images = followers.pools.iter();
        Self {
            followers,
            desired: cx.spec.kubernetes_version,
            control_plane,
            paused: cx.spec.upgrade.paused,
            holds: control_plane.map_or_else(Vec::new, |running| holds(cx, running, followers)),
            addons: addons
                .filter_map(|addon| Some((addon.field, addon.behind.as_ref()?)))
                .collect(),
            pools: pools
                .filter_map(|pool| behind(pool, control_plane?))
                .collect(),
            images: images
                .filter_map(|pool| Some((pool.name.as_str(), pool.image_behind.as_ref()?)))
                .collect(),
        }
    }

    /// Whether the control plane, an add-on or a pool is on its way to another version.
    pub(super) fn are_changing(&self) -> bool {
        !self.paused && self.control_plane.is_some_and(|it| self.is_behind(it))
    }

    fn is_behind(&self, running: Version) -> bool {
        running < self.desired || [self.addons.len(), self.pools.len(), self.images.len()] != [0; 3]
    }

    pub(super) fn condition(&self) -> Condition {
        let no = |reason, message: &str| condition("Upgraded", false, reason, message);
        let Some(running) = self.control_plane else {
            return no("Unknown", "the control plane has not reported its version");
        };
        if self.paused && self.is_behind(running) {
            let message = format!(
                "spec.upgrade.paused is true: the control plane stays at {running}, and what runs on it stays as it is"
            );
            return no("Paused", &message);
        }
        if let Some(addon) = self.addons.first() {
            let (field, Behind { has, needs }) = addon;
            let message = format!("add-on {field} runs {has} on its way to {needs}");
            return no("AddonsBehind", &and_more(message, self.addons.len()));
        }
        if let Some((pool, version)) = self.pools.first() {
            let message = format!("node pool {pool} runs {version} on its way to {running}");
            return no("NodePoolsBehind", &and_more(message, self.pools.len()));
        }
        if running < self.desired {
            return no("ControlPlaneBehind", &self.control_plane_behind(running));
        }
        if let Some((pool, Behind { has, needs })) = self.images.first() {
            let message = format!("node pool {pool} has image {has} on its way to {needs}");
            return no("NodeImagesBehind", &and_more(message, self.images.len()));
        }
        let (reason, message) = if running == self.desired {
            ("UpToDate", String::new())
        } else {
            let message = format!(
                "the cloud upgraded to {running} by itself; set spec.kubernetesVersion to it"
            );
            ("Ahead", message)
        };
        condition("Upgraded", true, reason, message)
    }

    fn control_plane_behind(&self, running: Version) -> String {
        let desired = self.desired;
        let way = format!("the control plane runs {running} on its way to {desired}");
        let Some(Hold { what, reason, fix }) = self.holds.first() else {
            return way;
        };
        let fix = fix.as_ref().map_or(String::new(), |fix| format!("; {fix}"));
        let next = running.next();
        let message = format!("{way}; the step to {next} waits for {what}: {reason}{fix}");
        and_more(message, self.holds.len())
    }
}

/// A message about the first of several.
fn and_more(message: String, all: usize) -> String {
    match all {
        0 | 1 => message,
        _ => format!("{message} (and {} more)", all - 1),
    }
}

/// A pool that runs an older minor version than the control plane. One that never had nodes is not behind.
fn behind(pool: &PoolFacts, control_plane: Version) -> Option<(&str, Version)> {
    let version = Version::parse(pool.version.as_deref()?)?;
    let is_behind = version < control_plane && pool.had_nodes;
    is_behind.then_some((pool.name.as_str(), version))
}
