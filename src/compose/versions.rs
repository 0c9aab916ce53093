//! Whether a cluster runs the version that its author asks for.

use crate::{
    api::spec::Version,
    cloud::facts::Facts,
    plan::observed::Observed,
    wire::proto::{condition, v1::Condition},
};

/// The versions of a cluster.
pub(super) struct Versions<'a> {
    /// What the author asks for.
    pub desired: Version,
    /// What the control plane runs.
    pub control_plane: Option<Version>,
    /// What pools run that are behind the control plane.
    pub behind: Vec<(&'a str, Version)>,
}

impl Versions<'_> {
    /// Whether the control plane or a pool is on its way to another version.
    pub(super) fn are_changing(&self) -> bool {
        self.control_plane
            .is_some_and(|running| running < self.desired || !self.behind.is_empty())
    }

    pub(super) fn condition(&self) -> Condition {
        let kind = "Upgraded";
        let desired = self.desired;
        let Some(running) = self.control_plane else {
            let message = "the control plane has not reported its version";
            return condition(kind, false, "Unknown", message);
        };
        if running < desired {
            let message = format!("the control plane runs {running} on its way to {desired}");
            return condition(kind, false, "ControlPlaneBehind", message);
        }
        if let Some((pool, version)) = self.behind.first() {
            let message = format!("node pool {pool} runs {version} on its way to {running}");
            return condition(kind, false, "NodePoolsBehind", message);
        }
        if running == desired {
            return condition(kind, true, "UpToDate", "");
        }
        let message =
            format!("the cloud upgraded to {running} by itself; set spec.kubernetesVersion to it");
        condition(kind, true, "Ahead", message)
    }
}

/// The pools that run an older minor version than the control plane.
pub(super) fn pools_behind<'a>(
    facts: &'a Facts,
    observed: Observed<'_>,
) -> Vec<(&'a str, Version)> {
    let control_plane = facts.version.as_deref().and_then(Version::parse);
    facts
        .pools
        .iter()
        .filter(|pool| observed.exists(&pool.key))
        .filter_map(|pool| {
            let version = Version::parse(pool.version.as_deref()?)?;
            (Some(version) < control_plane).then_some((pool.name.as_str(), version))
        })
        .collect()
}
