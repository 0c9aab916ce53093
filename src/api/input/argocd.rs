//! `argocd`: the Argo CD that clusters are registered in.

use serde::Serialize;

use crate::api::{
    choice::{AuthMode, Choice as _},
    defaults,
    provider::{Clouds, Provider, wrong_cloud},
    reader::Object,
    rules::{NAMESPACE, TEXT},
    spec::{ProviderConfigRef, provider_config_ref},
    violation::Violation,
};

/// The Argo CD that clusters are registered in.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCd {
    /// Its namespace. When set here, a cluster cannot name another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// provider-kubernetes' credentials for the cluster that Argo CD runs on, for namespaced XRs.
    pub provider_config_ref: ProviderConfigRef,
    /// How it reaches EKS.
    pub aws: ArgoCdAws,
    /// How it reaches GKE.
    pub gcp: ArgoCdGcp,
}

/// How Argo CD reaches EKS.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCdAws {
    /// The way, unless a cluster names another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AuthMode>,
    /// The role that Argo CD has. It gets access to every cluster unless `roleArn` does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_arn: Option<String>,
    /// A role that Argo CD assumes on the way. Never its own: a role cannot assume itself here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The profile, in mode awsProfile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The projected token's path, in mode awsWebIdentity.
    pub token_file: String,
}

/// How Argo CD reaches GKE.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCdGcp {
    /// The way, unless a cluster names another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AuthMode>,
    /// The IAM member that Argo CD is, such as `serviceAccount:argocd@p.iam.gserviceaccount.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The external account file's path, in mode gcpWif.
    pub credentials_file: String,
}

pub(super) fn argocd(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> ArgoCd {
    let namespace = object.string_that("namespace", &NAMESPACE);
    let provider_config_ref = provider_config_ref(object.object("providerConfigRef"));
    let aws = argocd_aws(object.object("aws"), clouds);
    let gcp = argocd_gcp(object.object("gcp"), clouds);
    object.finish();
    ArgoCd {
        namespace,
        provider_config_ref,
        aws,
        gcp,
    }
}

fn argocd_aws(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> ArgoCdAws {
    let aws = ArgoCdAws {
        mode: mode(&mut object, Provider::AWS, clouds),
        principal_arn: object.string_that("principalArn", &TEXT),
        role_arn: object.string_that("roleArn", &TEXT),
        profile: object.string_that("profile", &TEXT),
        token_file: object
            .string_that("tokenFile", &TEXT)
            .unwrap_or_else(|| defaults::TOKEN_FILE.to_owned()),
    };
    if aws.role_arn.is_some() && aws.role_arn == aws.principal_arn {
        object.violation(Violation::new(
            object.path("roleArn"),
            "",
            "is Argo CD's own role, which it cannot assume again",
            "remove roleArn; principalArn alone is enough",
        ));
    }
    object.finish();
    aws
}

fn argocd_gcp(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> ArgoCdGcp {
    let gcp = ArgoCdGcp {
        mode: mode(&mut object, Provider::GCP, clouds),
        principal: object.string_that("principal", &TEXT),
        credentials_file: object
            .string_that("credentialsFile", &TEXT)
            .unwrap_or_else(|| defaults::CREDENTIALS_FILE.to_owned()),
    };
    object.finish();
    gcp
}

/// An authentication mode of the right cloud.
fn mode(object: &mut Object<'_, '_>, provider: Provider, clouds: Clouds<'_>) -> Option<AuthMode> {
    let mode: AuthMode = object.choice("mode")?;
    match wrong_cloud(mode, provider, clouds) {
        None => Some(mode),
        Some((problem, fix)) => {
            let value = format!("\"{}\"", mode.name());
            object.violation(Violation::new(object.path("mode"), value, problem, fix));
            None
        }
    }
}
