//! How Argo CD logs in to GKE.

use serde_json::Value;

use crate::{
    api::choice::AuthMode,
    cloud::login::{ExecProviderConfig, Login, LoginBefore, Proof},
    plan::context::Cx,
};

/// The ways, the default first.
pub(super) const MODES: &[AuthMode] = &[AuthMode::GcpAdc, AuthMode::GcpWif];

/// The variable with the path of the external account file.
const CREDENTIALS: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// How Argo CD logs in, or the field of the Input that is missing.
pub(super) fn login(cx: &Cx<'_>, before: &LoginBefore<'_>) -> Result<Login, &'static str> {
    let gcp = &cx.input.argocd.gcp;
    let named = cx.spec.argocd.auth.mode.or(gcp.mode);
    let mode = named.or_else(before).unwrap_or(MODES[0]);
    let exec = if mode == AuthMode::GcpWif {
        let file = gcp.credentials_file.clone();
        let env = [(CREDENTIALS, file)];
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

/// The way that the `config` of a registration shows.
pub(super) fn login_mode(config: &Value) -> Option<AuthMode> {
    let env = format!("/execProviderConfig/env/{CREDENTIALS}");
    let modes = [
        (env.as_str(), AuthMode::GcpWif),
        ("/execProviderConfig", AuthMode::GcpAdc),
    ];
    let mut modes = modes.into_iter();
    let found = modes.find(|(path, _)| config.pointer(path).is_some());
    found.map(|(_, mode)| mode)
}
