//! Rules of `argocd`.

use crate::api::{
    asked::{Asked, Checked},
    choice::Choice as _,
    provider::wrong_cloud,
};

pub(super) fn namespace(asked: &Asked<'_>) -> Checked {
    let own = asked.spec.argocd.namespace.as_ref()?;
    let platform = asked.input.argocd.namespace.as_ref()?;
    if let (Some(own), Some(platform)) = (own, platform)
        && own != platform
    {
        let fix = format!("remove it: the platform registers clusters in {platform}");
        let problem = "is not the platform's Argo CD";
        asked.refuse("spec.argocd.namespace", own, problem, fix);
    }
    Ok(())
}

pub(super) fn auth(asked: &Asked<'_>) -> Checked {
    if let Some(mode) = asked.spec.argocd.auth.mode?
        && let Some((problem, fix)) = wrong_cloud(mode, asked.provider()?, asked.clouds)
    {
        asked.refuse("spec.argocd.auth.mode", mode.name(), problem, fix);
    }
    Ok(())
}
