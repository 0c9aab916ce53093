//! Rules of `argocd`.

use crate::api::{
    choice::Choice as _,
    input::Input,
    provider::{Clouds, wrong_cloud},
    spec::Spec,
    violation::Violations,
};

pub(super) fn argocd(spec: &Spec, input: &Input, clouds: Clouds<'_>, violations: &Violations) {
    if let (Some(own), Some(platform)) = (&spec.argocd.namespace, &input.argocd.namespace)
        && own != platform
    {
        let fix = format!("remove it: the platform registers clusters in {platform}");
        violations.refuse(
            "spec.argocd.namespace",
            own,
            "is not the platform's Argo CD",
            fix,
        );
    }
    if let Some(mode) = spec.argocd.auth.mode
        && let Some((problem, fix)) = wrong_cloud(mode, spec.provider, clouds)
    {
        violations.refuse("spec.argocd.auth.mode", mode.name(), problem, fix);
    }
}
