//! What an existing registration says.

use k8s_openapi::ByteString;

use super::{OBJECT, SECRET, metadata};
use crate::observed::Observed;

/// What an existing Secret says.
#[derive(Default)]
pub(super) struct Existing {
    /// The address of the control plane, or its ARN.
    pub server: Option<String>,
    /// The certificate authority, as base64.
    pub authority: Option<String>,
    /// What the cloud calls the network.
    pub network: Option<String>,
}

impl Existing {
    /// Takes the registration of a key apart.
    pub(super) fn read(observed: Observed<'_>, key: &str) -> Self {
        let config = data(observed, key, "config")
            .and_then(|config| serde_json::from_str::<serde_json::Value>(&config).ok());
        Self {
            server: data(observed, key, "server"),
            authority: config
                .as_ref()
                .and_then(|config| config.pointer("/tlsClientConfig/caData")?.as_str())
                .map(str::to_owned),
            network: observed.get(key).and_then(|object| {
                let annotations = object.at(&path(key, "metadata.annotations"))?;
                metadata::network(annotations.as_struct()?)
            }),
        }
    }
}

/// The namespace of an existing registration.
pub(super) fn registered_in(observed: Observed<'_>) -> Option<&str> {
    let namespace = |key| observed.str_at(key, &path(key, "metadata.namespace"));
    namespace(SECRET).or_else(|| namespace(OBJECT))
}

/// What Argo CD calls the cluster of an existing registration.
pub fn registered_as(observed: Observed<'_>) -> Option<String> {
    data(observed, SECRET, "name").or_else(|| data(observed, OBJECT, "name"))
}

/// A value of a Secret, decoded.
fn data(observed: Observed<'_>, key: &str, name: &str) -> Option<String> {
    let encoded = observed.str_at(key, &path(key, &format!("data.{name}")))?;
    // k8s-openapi's ByteString knows Kubernetes' base64.
    let quoted = serde_json::Value::String(encoded.to_owned());
    let bytes = serde_json::from_value::<ByteString>(quoted).ok()?.0;
    String::from_utf8(bytes).ok()
}

/// Where a field of the Secret stands in the object of a key.
fn path(key: &str, field: &str) -> String {
    let base = if key == OBJECT {
        "spec.forProvider.manifest."
    } else {
        ""
    };
    [base, field].concat()
}
