//! Argo CD's cluster Secret.

use std::collections::BTreeMap;

use k8s_openapi::{
    ByteString, api::core::v1::Secret, apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde::Serialize;

use super::namespace::namespace;
use crate::{
    api::spec::ProviderConfigRef,
    cloud::login::{AwsAuthConfig, ExecProviderConfig, Proof},
    plan::{context::Cx, key::REGISTRATION_OBJECT, object::Metadata},
    wire::structpb::{EncodeError, Struct, to_struct},
};

/// `ClusterConfig` in Argo CD's pkg/apis/application/v1alpha1/types.go.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClusterConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_auth_config: Option<&'a AwsAuthConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exec_provider_config: Option<&'a ExecProviderConfig>,
    tls_client_config: TlsClientConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TlsClientConfig {
    insecure: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_data: Option<String>,
}

/// The Secret's `config`. Where one is given that exists, its way to log in is kept.
fn config(
    proof: &Proof,
    ca_data: Option<String>,
    existing: Option<String>,
) -> Result<String, EncodeError> {
    let (aws_auth_config, exec_provider_config) = match proof {
        Proof::Aws(config) => (Some(config), None),
        Proof::Exec(config) => (None, Some(config)),
    };
    let config = ClusterConfig {
        aws_auth_config,
        exec_provider_config,
        tls_client_config: TlsClientConfig {
            insecure: false,
            ca_data,
        },
    };
    let unsupported = |error: serde_json::Error| EncodeError::Unsupported(error.to_string());
    let wanted = serde_json::to_string(&config).map_err(unsupported)?;
    let Some(existing) = existing else {
        return Ok(wanted);
    };
    let wanted_fields: Config = serde_json::from_str(&wanted).map_err(unsupported)?;
    match serde_json::from_str::<Config>(&existing) {
        Ok(mut fields) => {
            let tls = TLS.to_owned();
            fields.extend(wanted_fields.get(TLS).map(|wanted| (tls, wanted.clone())));
            // Equal ones keep the order of their fields.
            if fields == wanted_fields {
                return Ok(wanted);
            }
            serde_json::to_string(&fields).map_err(unsupported)
        }
        Err(_) => Ok(wanted),
    }
}

/// The fields of a `config`.
type Config = serde_json::Map<String, serde_json::Value>;

/// The field of a `config` that the way to log in does not depend on.
const TLS: &str = "tlsClientConfig";

/// What the Secret says of a cluster.
pub(super) struct Contents<'a> {
    /// The address of the control plane, or its id.
    pub server: String,
    /// How Argo CD proves who it is.
    pub proof: Option<&'a Proof>,
    /// The certificate authority, as base64.
    pub authority: Option<String>,
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The `config` that exists, while Argo CD is to log in as it did.
    pub config: Option<String>,
    /// The annotations.
    pub annotations: BTreeMap<String, String>,
}

/// The Secret.
pub(super) fn secret(cx: &Cx<'_>, contents: Contents<'_>) -> Result<Secret, EncodeError> {
    let mut data = BTreeMap::from([
        ("name".to_owned(), cx.names.argocd.clone()),
        ("server".to_owned(), contents.server),
    ]);
    if let Some(proof) = contents.proof {
        data.insert(
            "config".to_owned(),
            config(proof, contents.authority, contents.config)?,
        );
    }
    Ok(Secret {
        metadata: ObjectMeta {
            // Named by the claim, not by the XR: namespaced XRs of two namespaces can share a name,
            // and their Secrets share Argo CD's namespace.
            name: Some(format!("cluster-{}", cx.names.identity)),
            namespace: Some(namespace(cx).to_owned()),
            labels: Some(contents.labels),
            annotations: Some(contents.annotations),
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
    })
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
    for_provider: Manifest<'a>,
    provider_config_ref: &'a ProviderConfigRef,
}

#[derive(Serialize)]
struct Manifest<'a> {
    manifest: &'a Secret,
}

/// The Secret inside an Object of provider-kubernetes, which may write to any namespace.
pub(super) fn carried(cx: &Cx<'_>, secret: &Secret) -> Result<Struct, EncodeError> {
    to_struct(&Object {
        api_version: "kubernetes.m.crossplane.io/v1alpha1",
        kind: "Object",
        metadata: cx.build.metadata(&REGISTRATION_OBJECT),
        spec: ObjectSpec {
            for_provider: Manifest { manifest: secret },
            provider_config_ref: &cx.input.argocd.provider_config_ref,
        },
    })
}
