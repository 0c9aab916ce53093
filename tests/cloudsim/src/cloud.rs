//! What there is in the clouds, as other objects see it.

use std::collections::BTreeMap;

use serde_json::Value;

/// All objects at the beginning of a tick, by key.
pub(crate) struct Clouds<'a>(pub(crate) &'a BTreeMap<String, Value>);

/// A string at a JSON pointer; empty where there is none.
pub(crate) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// `aws` or `gcp`; `None` for what is no cloud's.
pub(crate) fn cloud_of(object: &Value) -> Option<&'static str> {
    let group = text(object, "/apiVersion");
    ["aws", "gcp"]
        .into_iter()
        .find(|cloud| group.contains(&format!(".{cloud}.")))
}

/// The external name that the object has stored: what references to it resolve to.
pub(crate) fn stored_name(object: &Value) -> &str {
    text(object, "/metadata/annotations/crossplane.io~1external-name")
}

/// The name in the cloud, whether or not the object has it stored.
pub(crate) fn name_of(object: &Value) -> &str {
    match stored_name(object) {
        "" => reported(object, "id"),
        name => name,
    }
}

/// A field of `forProvider`.
pub(crate) fn field<'a>(object: &'a Value, name: &str) -> &'a str {
    text(object, &format!("/spec/forProvider/{name}"))
}

/// A field of `atProvider`.
pub(crate) fn reported<'a>(object: &'a Value, name: &str) -> &'a str {
    text(object, &format!("/status/atProvider/{name}"))
}

fn is_modern(object: &Value) -> bool {
    text(object, "/apiVersion").contains(".m.")
}

/// Whether the cloud has the object and it works.
pub(crate) fn works(object: &Value) -> bool {
    let conditions = object
        .pointer("/status/conditions")
        .and_then(Value::as_array);
    let mut conditions = conditions.into_iter().flatten();
    let ready = conditions.any(|c| c["type"] == "Ready" && c["status"] == "True");
    ready && matches!(reported(object, "status"), "" | "ACTIVE")
}

/// The kind that a reference field names.
const TARGETS: [(&str, &str); 18] = [
    ("healthCheckId", "HealthCheck"),
    ("vpcId", "VPC"),
    ("subnetId", "Subnet"),
    ("subnetIds", "Subnet"),
    ("allocationId", "EIP"),
    ("routeTableId", "RouteTable"),
    ("gatewayId", "InternetGateway"),
    ("natGatewayId", "NATGateway"),
    ("roleArn", "Role"),
    ("nodeRoleArn", "Role"),
    ("targetKeyId", "Key"),
    ("network", "Network"),
    ("subnetwork", "Subnetwork"),
    ("router", "Router"),
    ("keyRing", "KeyRing"),
    ("cryptoKeyId", "CryptoKey"),
    ("cluster", "Cluster"),
    ("serviceAccount", "ServiceAccount"),
];

impl<'a> Clouds<'a> {
    /// The objects of a kind.
    pub(crate) fn all(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        self.0.values().filter(move |object| object["kind"] == kind)
    }

    /// The working object of a kind with this name in the cloud.
    pub(crate) fn working(&self, kind: &str, name: &str) -> Option<&'a Value> {
        self.all(kind)
            .find(|object| name_of(object) == name && works(object))
    }

    /// The value that a reference stands for.
    ///
    /// It is looked for in the provider's same scope: the API groups with `.m.` are one, each of its
    /// namespaces apart.
    pub(crate) fn value_of(
        &self,
        from: &Value,
        target: &str,
        reference: &Value,
    ) -> Result<String, String> {
        let name = text(reference, "/name");
        let namespace = "/metadata/namespace";
        let known = TARGETS.iter().find(|(field, _)| *field == target);
        let kind = known.map(|(_, kind)| *kind);
        let found = self.0.values().find(|object| {
            text(object, "/metadata/name") == name
                && text(object, namespace) == text(from, namespace)
                && is_modern(object) == is_modern(from)
                && kind.is_none_or(|kind| object["kind"] == kind)
        });
        let Some(found) = found else {
            return Err(format!(
                "cannot resolve references: {target}: {name} is not there"
            ));
        };
        let value = match target {
            "roleArn" | "nodeRoleArn" => reported(found, "arn"),
            "serviceAccount" => reported(found, "email"),
            "network" | "subnetwork" => reported(found, "selfLink"),
            "keyRing" | "cryptoKeyId" => reported(found, "id"),
            _ => stored_name(found),
        };
        if value.is_empty() {
            return Err(format!(
                "cannot resolve references: {target}: referenced field was empty \
                 (referenced resource may not yet be ready)"
            ));
        }
        Ok(value.to_owned())
    }
}
