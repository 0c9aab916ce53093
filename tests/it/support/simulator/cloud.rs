//! What there is in the clouds, as other objects see it.

use std::collections::BTreeMap;

use serde_json::Value;

/// All objects at the beginning of a tick, by key.
pub(super) struct Clouds<'a>(pub(super) &'a BTreeMap<String, Value>);

/// A string at a JSON pointer; empty where there is none.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The name in the cloud.
pub(super) fn name_of(object: &Value) -> &str {
    text(object, "/metadata/annotations/crossplane.io~1external-name")
}

/// A field of `forProvider`.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> &'a str {
    text(object, &format!("/spec/forProvider/{name}"))
}

/// A field of `atProvider`.
pub(super) fn reported<'a>(object: &'a Value, name: &str) -> &'a str {
    text(object, &format!("/status/atProvider/{name}"))
}

/// Whether the cloud has the object and it works.
pub(super) fn works(object: &Value) -> bool {
    let conditions = object
        .pointer("/status/conditions")
        .and_then(Value::as_array);
    let mut conditions = conditions.into_iter().flatten();
    let ready = conditions.any(|c| c["type"] == "Ready" && c["status"] == "True");
    ready && matches!(reported(object, "status"), "" | "ACTIVE")
}

/// The kind that a reference field names.
const TARGETS: [(&str, &str); 17] = [
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
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        self.0.values().filter(move |object| object["kind"] == kind)
    }

    /// The working object of a kind with this name in the cloud.
    pub(super) fn working(&self, kind: &str, name: &str) -> Option<&'a Value> {
        self.all(kind)
            .find(|object| name_of(object) == name && works(object))
    }

    /// The value that a reference stands for.
    pub(super) fn value_of(&self, target: &str, reference: &Value) -> Result<String, String> {
        let name = text(reference, "/name");
        let known = TARGETS.iter().find(|(field, _)| *field == target);
        let kind = known.map(|(_, kind)| *kind);
        let found = self.0.values().find(|object| {
            text(object, "/metadata/name") == name && kind.is_none_or(|kind| object["kind"] == kind)
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
            _ => name_of(found),
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
