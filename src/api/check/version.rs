//! Rules of `kubernetesVersion`.

use crate::api::{
    asked::{Asked, Checked},
    spec::Version,
};

/// A control plane cannot go back, and nodes newer than it are not supported. The version that an
/// earlier call accepted is in the status, beside the one that runs: going below both is a
/// downgrade; taking back a version that was never reached is not; and a cloud that ran ahead of
/// the spec by itself is no mistake of the author's.
pub(super) fn no_downgrade(asked: &Asked<'_>) -> Checked {
    let status = |field: &str| {
        let path = format!("status.kubernetesVersion.{field}");
        Version::parse(asked.composite.str_at(&path)?)
    };
    let now = asked.spec.kubernetes_version?;
    if let (Some(accepted), Some(running)) = (status("desired"), status("controlPlane"))
        && now < accepted
        && now < running
    {
        asked.refuse(
            "spec.kubernetesVersion",
            &now.to_string(),
            format!("is older than the control plane, which runs {running} and cannot go back"),
            format!("set it to \"{}\" or newer", accepted.min(running)),
        );
    }
    Ok(())
}
