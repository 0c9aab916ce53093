//! Registration in Argo CD: one cluster Secret, without any credential in it.
//!
//! The Secret names the endpoint, its certificate authority and the way in which Argo CD proves who
//! it is; the proof itself is Argo CD's own cloud identity. Argo CD's decoder ignores keys that it
//! does not know, so a typo would register a cluster nobody can log in to: the types here are
//! closed, and follow `ClusterConfig` in Argo CD's pkg/apis/application/v1alpha1/types.go.

mod existing;
mod metadata;
mod namespace;

use std::{cell::LazyCell, collections::BTreeMap};

use k8s_openapi::{
    ByteString, api::core::v1::Secret, apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde::Serialize;

use crate::{
    access::ArgoCdAccess,
    composite::Scope,
    object::Metadata,
    plan::{Composed, Cx, Plan, ReadyWhen, Stage, composed, lacking},
    provider::{self, Facts},
    structpb::to_struct,
    xcluster::{AuthMode, Mode, Provider},
};

/// The key of the Secret, where it can be composed directly.
pub const SECRET: &str = "registration-secret";
/// The key of the provider-kubernetes Object that carries it elsewhere.
pub const OBJECT: &str = "registration-object";
use existing::Existing;
pub use existing::registered_as;
pub use metadata::TRAFFIC as TRAFFIC_LABEL;
use namespace::namespace;
pub use namespace::unchanged;

/// The key of the network, on both clouds.
const NETWORK: &str = "network-vpc";

/// How a cluster is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// The author does not want it.
    Unwanted,
    /// A fact is missing that the platform has to give.
    Lacking(&'static str),
    /// In this mode; with access for this principal, where the cloud needs to be told.
    Wanted {
        /// How Argo CD authenticates.
        mode: AuthMode,
        /// Who it is then.
        principal: String,
    },
}

impl Registration {
    /// The access that Argo CD needs for it.
    pub fn access(&self) -> ArgoCdAccess<'_> {
        match self {
            Self::Unwanted => ArgoCdAccess::None,
            Self::Lacking(_) => ArgoCdAccess::Unknown,
            Self::Wanted { principal, .. } => ArgoCdAccess::For(principal),
        }
    }
}

/// Decides from the spec and the platform's facts.
pub fn registration(cx: &Cx<'_>) -> Registration {
    let spec = &cx.spec.argocd;
    if !spec.register {
        return Registration::Unwanted;
    }
    let (aws, gcp) = (&cx.input.argocd.aws, &cx.input.argocd.gcp);
    let (mode, principal) = match cx.spec.provider {
        Provider::Aws => (
            spec.auth
                .mode
                .or(aws.mode)
                .unwrap_or(AuthMode::AwsPodIdentity),
            aws.role_arn.as_ref().or(aws.principal_arn.as_ref()),
        ),
        Provider::Gcp => (
            spec.auth.mode.or(gcp.mode).unwrap_or(AuthMode::GcpAdc),
            gcp.principal.as_ref(),
        ),
    };
    if mode == AuthMode::AwsProfile && aws.profile.is_none() {
        return Registration::Lacking("argocd.aws.profile");
    }
    if mode == AuthMode::AwsWebIdentity && aws.role_arn.is_none() {
        return Registration::Lacking("argocd.aws.roleArn");
    }
    match (principal, cx.spec.provider) {
        (Some(principal), _) => Registration::Wanted {
            mode,
            principal: principal.clone(),
        },
        (None, Provider::Aws) => Registration::Lacking("argocd.aws.principalArn"),
        (None, Provider::Gcp) => Registration::Lacking("argocd.gcp.principal"),
    }
}

/// The key of the registration in this scope: a namespaced XR can compose only in its own
/// namespace.
pub fn key(cx: &Cx<'_>) -> &'static str {
    let elsewhere = cx.composite.scope == Scope::Namespaced
        && cx.composite.namespace.as_deref() != Some(namespace(cx));
    if elsewhere { OBJECT } else { SECRET }
}

/// Plans the stage.
///
/// The Secret is sticky: once it exists it is sent on whatever happens, with the endpoint, the
/// certificate authority and the network that it has if the cloud reports none. Without it Argo CD would forget the
/// cluster, and everything it runs there.
pub fn register(cx: &Cx<'_>, plan: &mut Plan, registration: &Registration, facts: &Facts) {
    let key = key(cx);
    let (mode, principal) = match registration {
        Registration::Wanted { mode, principal } => (*mode, principal),
        Registration::Unwanted => return,
        Registration::Lacking(fact) => {
            let hint = format!("the platform has to set {fact} in the function's Input");
            plan.add(missing(key, "Argo CD's identity", hint).optional());
            return;
        }
    };
    // The Secret that exists is taken apart only where the cloud leaves something out.
    let existing = LazyCell::new(|| Existing::read(cx.observed, key));
    let server = match mode {
        AuthMode::EksCapability => facts.id.clone(),
        _ => facts.endpoint.clone(),
    };
    let Some(server) = server.or_else(|| existing.server.clone()) else {
        plan.add(missing(key, "the control plane's address", "cluster"));
        return;
    };
    let authority = facts.certificate_authority.clone();
    let authority = authority.or_else(|| existing.authority.clone());
    if authority.is_none() && !facts.publicly_trusted && mode != AuthMode::EksCapability {
        let what = "the control plane's certificate authority";
        plan.add(missing(key, what, "cluster"));
        return;
    }
    let authority = authority.filter(|_| !facts.publicly_trusted);
    let network = facts.network_name.clone();
    let network = network.or_else(|| existing.network.clone());
    if network.is_none() {
        plan.add(missing(key, "the network's id", NETWORK));
        return;
    }
    let annotations = metadata::annotations(cx, network);
    let secret = secret(cx, server, config(cx, mode, authority), annotations);
    let resource = if key == OBJECT {
        carried(cx, secret)
    } else {
        composed(Stage::Registration, SECRET, to_struct(&secret))
    };
    let resource = resource
        .ready_when(ready_when(key))
        .existing(cx.observed.exists(key));
    plan.add(
        resource
            .after(["cluster".to_owned()])
            .after(
                (mode != AuthMode::EksCapability)
                    .then(|| provider::access_key(cx.spec.provider, principal)),
            )
            .after_any(first_nodes(cx, facts)),
    );
}

/// A registration that cannot be built now. One that exists is as ready as before.
fn missing(key: &'static str, what: &'static str, from: impl Into<String>) -> Composed {
    lacking(Stage::Registration, key, what, from).ready_when(ready_when(key))
}

/// When a registration is ready: a Secret has no conditions.
fn ready_when(key: &str) -> ReadyWhen {
    if key == SECRET {
        ReadyWhen::Exists
    } else {
        ReadyWhen::Condition
    }
}

/// Argo CD would report errors from a cluster without a node, so registration waits for one.
fn first_nodes(cx: &Cx<'_>, facts: &Facts) -> Vec<String> {
    match cx.spec.mode {
        Mode::Standard => facts.pools.iter().map(|pool| pool.key.clone()).collect(),
        Mode::Auto => Vec::new(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClusterConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_auth_config: Option<AwsAuthConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exec_provider_config: Option<ExecProviderConfig>,
    tls_client_config: TlsClientConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AwsAuthConfig {
    cluster_name: String,
    #[serde(rename = "roleARN", skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecProviderConfig {
    command: &'static str,
    args: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<&'static str, String>,
    api_version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TlsClientConfig {
    insecure: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_data: Option<String>,
}

/// The Secret's `config`; none in the mode in which AWS runs Argo CD and needs none.
fn config(cx: &Cx<'_>, mode: AuthMode, ca_data: Option<String>) -> Option<ClusterConfig> {
    let aws = &cx.input.argocd.aws;
    let cluster_name = cx.names.cloud.clone();
    let by_aws = |role_arn: Option<&String>, profile: Option<&String>| AwsAuthConfig {
        cluster_name: cluster_name.clone(),
        role_arn: role_arn.cloned(),
        profile: profile.cloned(),
    };
    let exec = |args: Vec<String>, env: BTreeMap<&'static str, String>| ExecProviderConfig {
        command: "argocd-k8s-auth",
        args,
        env,
        api_version: "client.authentication.k8s.io/v1beta1",
    };
    let (aws_auth_config, exec_provider_config) = match mode {
        AuthMode::EksCapability => return None,
        AuthMode::AwsPodIdentity => (Some(by_aws(aws.role_arn.as_ref(), None)), None),
        AuthMode::AwsProfile => (
            Some(by_aws(aws.role_arn.as_ref(), aws.profile.as_ref())),
            None,
        ),
        AuthMode::AwsWebIdentity => {
            let args = ["aws", "--cluster-name", &cluster_name].map(str::to_owned);
            let env = [
                ("AWS_REGION", cx.spec.region.clone()),
                ("AWS_ROLE_ARN", aws.role_arn.clone().unwrap_or_default()),
                ("AWS_WEB_IDENTITY_TOKEN_FILE", aws.token_file.clone()),
            ];
            (None, Some(exec(args.into(), env.into())))
        }
        AuthMode::GcpAdc => (None, Some(exec(vec!["gcp".to_owned()], BTreeMap::new()))),
        AuthMode::GcpWif => {
            let file = cx.input.argocd.gcp.credentials_file.clone();
            let env = [("GOOGLE_APPLICATION_CREDENTIALS", file)];
            (None, Some(exec(vec!["gcp".to_owned()], env.into())))
        }
    };
    Some(ClusterConfig {
        aws_auth_config,
        exec_provider_config,
        tls_client_config: TlsClientConfig {
            insecure: false,
            ca_data,
        },
    })
}

fn secret(
    cx: &Cx<'_>,
    server: String,
    config: Option<ClusterConfig>,
    annotations: BTreeMap<String, String>,
) -> Secret {
    let mut data = BTreeMap::from([
        ("name".to_owned(), cx.names.argocd.clone()),
        ("server".to_owned(), server),
    ]);
    if let Some(config) = config {
        data.insert(
            "config".to_owned(),
            serde_json::to_string(&config).unwrap_or_default(),
        );
    }
    Secret {
        metadata: ObjectMeta {
            // Named by the claim, not by the XR: namespaced XRs of two namespaces can share a name,
            // and their Secrets share Argo CD's namespace.
            name: Some(format!("cluster-{}", cx.names.identity)),
            namespace: Some(namespace(cx).to_owned()),
            labels: Some(metadata::labels(cx)),
            annotations: Some(annotations),
            ..ObjectMeta::default()
        },
        type_: Some("Opaque".to_owned()),
        // `data` and not `stringData`, which server-side apply cannot own.
        data: Some(
            data.into_iter()
                .map(|(key, text)| (key, ByteString(text.into_bytes())))
                .collect(),
        ),
        ..Secret::default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    spec: ObjectSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectSpec<'a> {
    for_provider: Manifest,
    provider_config_ref: &'a crate::input::ProviderConfigRef,
}

#[derive(Serialize)]
struct Manifest {
    manifest: Secret,
}

/// The Secret inside an Object of provider-kubernetes, which may write to any namespace.
fn carried(cx: &Cx<'_>, secret: Secret) -> Composed {
    let object = to_struct(&Object {
        api_version: "kubernetes.m.crossplane.io/v1alpha1",
        kind: "Object",
        metadata: cx.build.metadata(OBJECT),
        spec: ObjectSpec {
            for_provider: Manifest { manifest: secret },
            provider_config_ref: &cx.input.argocd.provider_config_ref,
        },
    });
    composed(Stage::Registration, OBJECT, object)
}
