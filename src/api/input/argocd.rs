//! `argocd`: the Argo CD that clusters are registered in.

use serde::Serialize;

use crate::api::{
    choice::{AuthMode, Choice as _},
    defaults,
    draft::{Field, Unsound, drafted},
    provider::{Clouds, Provider, wrong_cloud},
    reader::{Object, Optional as _},
    rules::{NAMESPACE, TEXT},
    spec::{ProviderConfigRef, ProviderConfigRefDraft, provider_config_ref},
    violation::Violation,
};

drafted! {
    /// The Argo CD that clusters are registered in.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct ArgoCd, ArgoCdDraft {
        /// Its namespace. When set here, a cluster cannot name another.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub namespace: Option<String>,
        /// provider-kubernetes' credentials for the cluster that Argo CD runs on, for namespaced XRs.
        pub provider_config_ref: ProviderConfigRef = ProviderConfigRefDraft,
        /// How it reaches EKS.
        pub aws: ArgoCdAws = ArgoCdAwsDraft,
        /// How it reaches GKE.
        pub gcp: ArgoCdGcp = ArgoCdGcpDraft,
    }

    /// How Argo CD reaches EKS.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct ArgoCdAws, ArgoCdAwsDraft {
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
    pub struct ArgoCdGcp, ArgoCdGcpDraft {
        /// The way, unless a cluster names another.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub mode: Option<AuthMode>,
        /// The IAM member that Argo CD is, such as `serviceAccount:argocd@p.iam.gserviceaccount.com`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub principal: Option<String>,
        /// The external account file's path, in mode gcpWif.
        pub credentials_file: String,
    }
}

pub(super) fn argocd(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> ArgoCdDraft {
    let draft = ArgoCdDraft {
        namespace: object.string_that("namespace", &NAMESPACE),
        provider_config_ref: provider_config_ref(object.object("providerConfigRef")),
        aws: argocd_aws(object.object("aws"), clouds),
        gcp: argocd_gcp(object.object("gcp"), clouds),
    };
    object.finish();
    draft
}

fn argocd_aws(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> ArgoCdAwsDraft {
    let draft = ArgoCdAwsDraft {
        mode: mode(&mut object, Provider::AWS, clouds),
        principal_arn: object.string_that("principalArn", &TEXT),
        role_arn: object.string_that("roleArn", &TEXT),
        profile: object.string_that("profile", &TEXT),
        token_file: object
            .string_that("tokenFile", &TEXT)
            .default_to(defaults::TOKEN_FILE),
    };
    if let (Ok(Some(role)), Ok(Some(principal))) = (&draft.role_arn, &draft.principal_arn)
        && role == principal
    {
        object.violation(Violation::new(
            object.path("roleArn"),
            "",
            "is Argo CD's own role, which it cannot assume again",
            "remove roleArn; principalArn alone is enough",
        ));
    }
    object.finish();
    draft
}

fn argocd_gcp(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> ArgoCdGcpDraft {
    let draft = ArgoCdGcpDraft {
        mode: mode(&mut object, Provider::GCP, clouds),
        principal: object.string_that("principal", &TEXT),
        credentials_file: object
            .string_that("credentialsFile", &TEXT)
            .default_to(defaults::CREDENTIALS_FILE),
    };
    object.finish();
    draft
}

/// An authentication mode of the right cloud.
fn mode(
    object: &mut Object<'_, '_>,
    provider: Provider,
    clouds: Clouds<'_>,
) -> Field<Option<AuthMode>> {
    let mode = object.choice("mode")?;
    let wrong = mode.and_then(|mode: AuthMode| Some((mode, wrong_cloud(mode, provider, clouds)?)));
    let Some((mode, (problem, fix))) = wrong else {
        return Ok(mode);
    };
    let path = object.path("mode");
    object.violation(Violation::quoting(path, mode.name(), problem, fix));
    Err(Unsound)
}
