//! EKS: what its parts have in common.

pub(super) mod cluster;

use serde_json::Value;

use crate::{
    clouds::Clouds,
    id::minor,
    object::{field, reported, text},
    rules::{Subject, Upgrade},
};

/// Why EKS adds nothing to a cluster that does not work.
pub(super) fn cluster_missing(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let name = field(object, "clusterName");
    let found = clouds.working("Cluster", name);
    found
        .is_none()
        .then(|| format!("ResourceNotFoundException: no cluster {name}"))
}

/// The state of something that takes long to make, and what it is called when that fails.
pub(super) fn status(subject: &Subject<'_>, failed: &'static str) -> &'static str {
    match (subject.ready, subject.busy) {
        _ if subject.failed => failed,
        (false, _) => "CREATING",
        (true, true) => "UPDATING",
        (true, false) => "ACTIVE",
    }
}

/// The version of an add-on: the one that is asked for, else the one that it has, else EKS' default for the cluster. EKS updates
/// no add-on by itself (EKS user guide, "Update an Amazon EKS add-on").
pub(super) fn addon_version(object: &Value, clouds: &Clouds<'_>, had: &Value) -> Value {
    for version in [field(object, "addonVersion"), text(had, "/addonVersion")] {
        if !version.is_empty() {
            return version.into();
        }
    }
    let cluster = clouds.working("Cluster", field(object, "clusterName"));
    let minor = cluster.map_or(0, |cluster| minor(reported(cluster, "version")));
    let version = match field(object, "addonName") {
        "kube-proxy" => format!("v1.{minor}.9-eksbuild.1"),
        _ => format!("v2.{minor}.0-eksbuild.1"),
    };
    version.into()
}

/// The release of a group's image: the one that it has or is asked for, while that is of its version; else the newest of that
/// version. EKS replaces no node for a newer one by itself (EKS user guide, "Update a managed node group").
pub(super) fn release(had: &Value, now: &Value) -> String {
    let version = text(now, "/version");
    let mut releases = [now, had].map(|at| text(at, "/releaseVersion")).into_iter();
    let fits = |release: &&str| !release.is_empty() && minor(release) == minor(version);
    releases
        .find(fits)
        .map_or_else(|| format!("{version}.1-20260901"), str::to_owned)
}

/// The version that there is and the one that is wanted, where they differ; or why they cannot.
fn versions(object: &Value, at: &Value) -> Result<Option<(u32, u32)>, String> {
    let (now, wanted) = (minor(text(at, "/version")), minor(field(object, "version")));
    if wanted < now {
        return Err(format!("InvalidParameterException: 1.{now} to 1.{wanted}"));
    }
    Ok((wanted > now).then_some((now, wanted)))
}

/// Nodes never go beyond their control plane.
pub(super) fn nodes_upgrade(object: &Value, at: &Value, clouds: &Clouds<'_>) -> Upgrade {
    let (_, wanted) = match versions(object, at) {
        Ok(Some(versions)) => versions,
        Ok(None) => return Upgrade::None,
        Err(problem) => return Upgrade::Refused(problem),
    };
    let cluster = clouds.working("Cluster", field(object, "clusterName"));
    let running = cluster.map_or(0, |cluster| minor(reported(cluster, "version")));
    if wanted > running {
        return Upgrade::Refused(format!(
            "nodes of 1.{wanted} under a control plane of 1.{running}"
        ));
    }
    Upgrade::To(1)
}
