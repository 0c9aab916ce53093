//! How Argo CD logs in to GKE.

use crate::{
    api::choice::AuthMode,
    cloud::login::{ExecProviderConfig, Login, Proof},
    plan::context::Cx,
};

/// The ways, the default first.
pub(super) const MODES: &[AuthMode] = &[AuthMode::GcpAdc, AuthMode::GcpWif];

/// How Argo CD logs in, or the field of the Input that is missing.
pub(super) fn login(cx: &Cx<'_>) -> Result<Login, &'static str> {
    let gcp = &cx.input.argocd.gcp;
    let mode = cx.spec.argocd.auth.mode.or(gcp.mode).unwrap_or(MODES[0]);
    let exec = if mode == AuthMode::GcpWif {
        let file = gcp.credentials_file.clone();
        let env = [("GOOGLE_APPLICATION_CREDENTIALS", file)];
        ExecProviderConfig::argocd_k8s_auth(&["gcp"], env)
    } else {
        ExecProviderConfig::argocd_k8s_auth(&["gcp"], [])
    };
    let principal = gcp.principal.as_ref();
    Ok(Login {
        principal: principal.ok_or("argocd.gcp.principal")?.clone(),
        proof: Some(Proof::Exec(exec)),
    })
}
