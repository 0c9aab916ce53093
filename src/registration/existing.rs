//! What an existing registration says.

use k8s_openapi::ByteString;

use super::metadata;
use crate::{
    plan::{
        key::{Key, REGISTRATION_OBJECT, REGISTRATION_SECRET},
        observed::Observed,
    },
    wire::structpb::{Fields, Value},
};

/// The registration of a key, of which a value is decoded when somebody asks for it.
pub(super) struct Existing<'a> {
    observed: Observed<'a>,
    key: &'a Key,
}

impl<'a> Existing<'a> {
    /// The registration of a key, if there is one.
    pub(super) fn of(observed: Observed<'a>, key: &'a Key) -> Self {
        Self { observed, key }
    }

    /// The address of the control plane, or its id.
    pub(super) fn server(&self) -> Option<String> {
        data(self.observed, self.key, "server")
    }

    /// The certificate authority, as base64.
    pub(super) fn authority(&self) -> Option<String> {
        let config = self.config()?;
        let config: serde_json::Value = serde_json::from_str(&config).ok()?;
        let authority = config.pointer("/tlsClientConfig/caData")?;
        authority.as_str().map(str::to_owned)
    }

    /// What the cloud calls the network.
    pub(super) fn network(&self) -> Option<String> {
        metadata::network(self.annotations()?)
    }

    /// The account or project.
    pub(super) fn account(&self) -> Option<String> {
        metadata::account(self.annotations()?)
    }

    /// The `config`: how Argo CD logs in.
    pub(super) fn config(&self) -> Option<String> {
        data(self.observed, self.key, "config")
    }

    /// What the platform runs there.
    pub(super) fn workload(&self) -> Option<&'a str> {
        let object = self.observed.get(self.key)?;
        let labels = object.at(&path(self.key, "metadata.labels"))?;
        labels
            .as_struct()?
            .get(metadata::PLATFORM_WORKLOAD)?
            .as_str()
    }

    fn annotations(&self) -> Option<Fields<'a>> {
        let object = self.observed.get(self.key)?;
        let annotations = object.at(&path(self.key, "metadata.annotations"))?;
        annotations.as_struct()
    }
}

/// What an existing registration says about the service's traffic; `Some(None)` is one from before the
/// label was there.
pub fn traffic_label(observed: Observed<'_>) -> Option<Option<&str>> {
    let keys = [REGISTRATION_SECRET, REGISTRATION_OBJECT];
    let mut found = keys
        .iter()
        .filter_map(|key| Some((key, observed.get(key)?)));
    let (key, object) = found.next()?;
    let labels = object.at(&path(key, "metadata.labels"));
    let labels = labels.and_then(Value::as_struct);
    Some(labels.and_then(|labels| labels.get(metadata::TRAFFIC)?.as_str()))
}

/// The namespace of an existing registration.
pub(super) fn registered_in(observed: Observed<'_>) -> Option<&str> {
    let namespace = |key: &Key| observed.str_at(key, &path(key, "metadata.namespace"));
    namespace(&REGISTRATION_SECRET).or_else(|| namespace(&REGISTRATION_OBJECT))
}

/// The `config` of an existing registration, null where that has none; None for a cluster that is not registered, or
/// whose `config` is no JSON.
pub(super) fn registered_config(observed: Observed<'_>) -> Option<serde_json::Value> {
    let keys = [REGISTRATION_SECRET, REGISTRATION_OBJECT];
    let key = keys.into_iter().find(|key| observed.exists(key))?;
    match data(observed, &key, "config") {
        None => Some(serde_json::Value::Null),
        Some(config) => serde_json::from_str(&config).ok(),
    }
}

/// What Argo CD calls the cluster of an existing registration.
pub fn registered_as(observed: Observed<'_>) -> Option<String> {
    let name = |key: &Key| data(observed, key, "name");
    name(&REGISTRATION_SECRET).or_else(|| name(&REGISTRATION_OBJECT))
}

/// A value of a Secret, decoded.
fn data(observed: Observed<'_>, key: &Key, name: &str) -> Option<String> {
    let encoded = observed.str_at(key, &path(key, &format!("data.{name}")))?;
    // k8s-openapi's ByteString knows Kubernetes' base64.
    let quoted = serde_json::Value::String(encoded.to_owned());
    let bytes = serde_json::from_value::<ByteString>(quoted).ok()?.0;
    String::from_utf8(bytes).ok()
}

/// Where a field of the Secret stands in the object of a key.
fn path(key: &Key, field: &str) -> String {
    let base = if *key == REGISTRATION_OBJECT {
        "spec.forProvider.manifest."
    } else {
        ""
    };
    [base, field].concat()
}
