//! How Argo CD logs in to a cluster: what of its cluster Secret depends on the cloud.
//!
//! Argo CD's decoder ignores keys that it does not know, so a typo would register a cluster that Argo CD
//! cannot log in to: the types here are closed, and follow `ClusterConfig` in Argo CD's
//! pkg/apis/application/v1alpha1/types.go.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::api::choice::AuthMode;

/// The way that Argo CD logs in now, which stays while nobody names one. It is found only where that matters.
pub type LoginBefore<'a> = dyn Fn() -> Option<AuthMode> + 'a;

/// How Argo CD logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Who it is then.
    pub principal: String,
    /// How it proves that. None where the cloud runs Argo CD: then the cluster's id is its address, and
    /// the cloud lets it in.
    pub proof: Option<Proof>,
}

/// How Argo CD proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By its own AWS role.
    Aws(AwsAuthConfig),
    /// By a program.
    Exec(ExecProviderConfig),
}

/// `awsAuthConfig`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsAuthConfig {
    /// The cluster's name in the cloud.
    pub cluster_name: String,
    /// A role that Argo CD assumes.
    #[serde(rename = "roleARN", skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The profile that it uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// `execProviderConfig`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecProviderConfig {
    command: &'static str,
    args: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<&'static str, String>,
    api_version: &'static str,
}

impl ExecProviderConfig {
    /// Argo CD's own program, with its arguments and variables.
    pub fn argocd_k8s_auth<const N: usize>(
        args: &[&str],
        env: [(&'static str, String); N],
    ) -> Self {
        Self {
            command: "argocd-k8s-auth",
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: env.into(),
            api_version: "client.authentication.k8s.io/v1beta1",
        }
    }
}
