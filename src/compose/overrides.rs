//! Names of an author's own choice.
//!
//! Under a name that an author chose, a provider could adopt what is somebody else's, and Argo CD's Secret
//! could take another cluster's place. So the platform decides whether authors may choose.

use crate::{
    api::{
        input::Input,
        spec::Spec,
        violation::{Violation, Violations},
    },
    plan::{key::CLUSTER, object::external_name, observed::Observed},
    registration::registered_as,
    wire::structpb::Struct,
};

/// Refuses names of an author's own choice where the platform does not allow them. One that a cluster has
/// stays: it was accepted before, and the cluster would not be managed any more.
///
/// The composite's status says that an earlier call accepted the name, and the resources that the cluster
/// has it. Neither is enough: Crossplane's own role for authors may write the status
/// (`internal/controller/rbac/definition/roles.go`), and resources do not tell who chose.
pub(super) fn check(
    spec: &Spec,
    input: &Input,
    composite: &Struct,
    observed: Observed<'_>,
    violations: &Violations,
) {
    if input.allow_name_overrides {
        return;
    }
    if let Some(name) = &spec.cloud_name {
        let has = observed.get(&CLUSTER).and_then(external_name);
        let accepted = composite.str_at("status.clusterName");
        refuse(violations, "spec.cloudName", name, [accepted, has]);
    }
    if let Some(name) = &spec.argocd.name {
        let has = registered_as(observed);
        let accepted = composite.str_at("status.argocd.name");
        refuse(
            violations,
            "spec.argocd.name",
            name,
            [accepted, has.as_deref()],
        );
    }
}

fn refuse(violations: &Violations, path: &str, name: &str, known: [Option<&str>; 2]) {
    if known == [Some(name); 2] {
        return;
    }
    violations.add(Violation::quoting(
        path,
        name,
        "is a name of your own choice, which the platform does not allow",
        "remove it, or ask the platform to set allowNameOverrides in the function's Input",
    ));
}
