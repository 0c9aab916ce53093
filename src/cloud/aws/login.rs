//! How Argo CD logs in to EKS.

use serde_json::Value;

use crate::{
    api::choice::AuthMode,
    cloud::login::{AwsAuthConfig, ExecProviderConfig, Login, LoginBefore, Proof},
    plan::context::Cx,
};

/// The ways, the default first.
pub(super) const MODES: &[AuthMode] = &[
    AuthMode::AwsPodIdentity,
    AuthMode::AwsWebIdentity,
    AuthMode::AwsProfile,
    AuthMode::EksCapability,
];

/// How Argo CD logs in, or the field of the Input that is missing.
pub(super) fn login(cx: &Cx<'_>, before: &LoginBefore<'_>) -> Result<Login, &'static str> {
    let aws = &cx.input.argocd.aws;
    let role_arn = aws.role_arn.as_ref();
    let named = cx.spec.argocd.auth.mode.or(aws.mode);
    let mode = named.or_else(before).unwrap_or(MODES[0]);
    let config = |role_arn: Option<&String>, profile: Option<&String>| {
        Proof::Aws(AwsAuthConfig {
            cluster_name: cx.names.cloud.clone(),
            role_arn: role_arn.cloned(),
            profile: profile.cloned(),
        })
    };
    let proof = match mode {
        AuthMode::AwsProfile => {
            let profile = aws.profile.as_ref().ok_or("argocd.aws.profile")?;
            Some(config(role_arn, Some(profile)))
        }
        AuthMode::AwsWebIdentity => {
            let role_arn = role_arn.ok_or("argocd.aws.roleArn")?;
            let args = ["aws", "--cluster-name", &cx.names.cloud];
            let env = [
                ("AWS_REGION", cx.spec.region.clone()),
                ("AWS_ROLE_ARN", role_arn.clone()),
                ("AWS_WEB_IDENTITY_TOKEN_FILE", aws.token_file.clone()),
            ];
            let exec = ExecProviderConfig::argocd_k8s_auth(&args, env);
            Some(Proof::Exec(exec))
        }
        AuthMode::EksCapability => None,
        _ => Some(config(role_arn, None)),
    };
    let principal = role_arn.or(aws.principal_arn.as_ref());
    Ok(Login {
        principal: principal.ok_or("argocd.aws.principalArn")?.clone(),
        proof,
    })
}

/// The way that the `config` of a registration shows. Only the capability needs none.
pub(super) fn login_mode(config: &Value) -> Option<AuthMode> {
    if config.is_null() {
        return Some(AuthMode::EksCapability);
    }
    let modes = [
        ("/execProviderConfig", AuthMode::AwsWebIdentity),
        ("/awsAuthConfig/profile", AuthMode::AwsProfile),
        ("/awsAuthConfig", AuthMode::AwsPodIdentity),
    ];
    let mut modes = modes.into_iter();
    let found = modes.find(|(path, _)| config.pointer(path).is_some());
    found.map(|(_, mode)| mode)
}
