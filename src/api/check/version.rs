//! Rules of `kubernetesVersion`.

use crate::{
    api::{
        spec::{Spec, Version},
        violation::Violations,
    },
    wire::structpb::Struct,
};

/// A control plane cannot go back, and nodes newer than it are not supported. The version that an
/// earlier call accepted is in the status, beside the one that runs: going below both is a
/// downgrade; taking back a version that was never reached is not; and a cloud that ran ahead of
/// the spec by itself is no mistake of the author's.
pub(super) fn no_downgrade(spec: &Spec, observed: &Struct, violations: &Violations) {
    let status = |field: &str| {
        let text = observed.str_at(&format!("status.kubernetesVersion.{field}"))?;
        Version::parse(text)
    };
    let now = spec.kubernetes_version;
    if let (Some(accepted), Some(running)) = (status("desired"), status("controlPlane"))
        && now < accepted
        && now < running
    {
        violations.refuse(
            "spec.kubernetesVersion",
            &now.to_string(),
            format!("is older than the control plane, which runs {running} and cannot go back"),
            format!("set it to \"{}\" or newer", accepted.min(running)),
        );
    }
}
