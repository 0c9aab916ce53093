//! Names of an author's own choice.
//!
//! Under a name that an author chose, a provider could adopt what is somebody else's, and Argo CD's Secret
//! could take another cluster's place. So the platform decides whether authors may choose.

use crate::{
    argocd, input::Input, object::external_name, observed::Observed, reader::Violations,
    violation::Violation, xcluster::Spec,
};

/// Refuses names of an author's own choice where the platform does not allow them. One that a cluster has
/// stays: it was accepted before, and the cluster would not be managed any more.
///
/// What a cluster has is read off its resources. The composite's status does not count, because Crossplane's
/// own role for authors may write it (`internal/controller/rbac/definition/roles.go`).
pub(crate) fn check(spec: &Spec, input: &Input, observed: Observed<'_>, violations: &Violations) {
    if input.allow_name_overrides {
        return;
    }
    if let Some(name) = &spec.cloud_name {
        let has = observed.get("cluster").and_then(external_name);
        refuse(violations, "spec.cloudName", name, has);
    }
    if let Some(name) = &spec.argocd.name {
        let has = argocd::registered_as(observed);
        refuse(violations, "spec.argocd.name", name, has.as_deref());
    }
}

fn refuse(violations: &Violations, path: &str, name: &str, has: Option<&str>) {
    if has == Some(name) {
        return;
    }
    violations.add(Violation::quoting(
        path,
        name,
        "is a name of your own choice, which the platform does not allow",
        "remove it, or ask the platform to set allowNameOverrides in the function's Input",
    ));
}
