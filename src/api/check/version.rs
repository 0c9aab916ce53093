//! Rules of `kubernetesVersion`.

use crate::api::{
    asked::{Asked, Checked},
    minors,
    spec::Version,
};

/// A version that the cloud does not have never comes up. What an earlier call accepted, or what runs, is never refused: the table
/// of a later release may not have it any more.
pub(super) fn known(asked: &Asked<'_>) -> Checked {
    let (now, provider) = (asked.spec.kubernetes_version?, asked.provider()?);
    // First, since a settled cluster needs no more.
    let mut used = ["desired", "controlPlane"].into_iter();
    if used.any(|field| in_status(asked, field) == Some(now)) {
        return Ok(());
    }
    let known = minors::known(&asked.input.minors()?, provider);
    let nearest = known
        .iter()
        .min_by_key(|known| known.minor.abs_diff(now.minor));
    let Some(nearest) = nearest.filter(|nearest| **nearest != now) else {
        return Ok(());
    };
    let range = [known.first(), known.last()].map(|it| it.map(Version::to_string));
    let [oldest, newest] = range.map(Option::unwrap_or_default);
    asked.refuse(
        "spec.kubernetesVersion",
        &now.to_string(),
        format!(
            "is not known on {}, which has {oldest} to {newest}",
            provider.name()
        ),
        format!(
            "set it to \"{nearest}\", or have the platform add it to kubernetesVersions of the Input"
        ),
    );
    Ok(())
}

fn in_status(asked: &Asked<'_>, field: &str) -> Option<Version> {
    let path = format!("status.kubernetesVersion.{field}");
    Version::parse(asked.composite.str_at(&path)?)
}

/// A control plane cannot go back, and nodes newer than it are not supported. The version that an
/// earlier call accepted is in the status, beside the one that runs: going below both is a
/// downgrade; taking back a version that was never reached is not; and a cloud that ran ahead of
/// the spec by itself is no mistake of the author's.
pub(super) fn no_downgrade(asked: &Asked<'_>) -> Checked {
    let now = asked.spec.kubernetes_version?;
    if let (Some(accepted), Some(running)) = (
        in_status(asked, "desired"),
        in_status(asked, "controlPlane"),
    ) && now < accepted
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
