//! Names that Kubernetes and the clouds take.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::identity;
use crate::support::cases::runs;

/// Lower-case letters, digits and hyphens, at most `longest`, with a letter or digit at the ends.
pub(crate) fn is_label(text: &str, longest: usize) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=longest).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

pub(crate) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(|label| is_label(label, 253))
}

/// RFC 1035, as most of Google Cloud has it.
fn is_gcp_name(text: &str, longest: usize) -> bool {
    is_label(text, longest) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

pub(crate) fn is_word(text: &str, longest: usize, others: &[u8]) -> bool {
    (1..=longest).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || others.contains(&b))
}

/// What is wrong with an object's names, in Kubernetes and in the cloud.
pub(crate) fn name_problems(object: &Value) -> Vec<String> {
    let (group, _, kind) = identity(object);
    let mut found = Vec::new();
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    if !is_subdomain(name) {
        found.push(format!("{kind} is called {name:?}"));
    }
    let annotations = &object["metadata"]["annotations"];
    let Some(external) = annotations["crossplane.io/external-name"].as_str() else {
        // Named by us, and adopted by name: a default from metadata.name could hit another's.
        let ours = [
            "Role",
            "Cluster",
            "NodeGroup",
            "NodePool",
            "ServiceAccount",
            "Network",
            "Alias",
        ];
        if ours.contains(&kind) {
            found.push(format!("{kind} has no external name"));
        }
        return found;
    };
    let cloud = if group.contains(".aws.") {
        "aws"
    } else {
        "gcp"
    };
    let sound = match (cloud, kind) {
        // The cloud's own ids, repeated as they are stored.
        (
            "aws",
            "VPC"
            | "Subnet"
            | "InternetGateway"
            | "EIP"
            | "NATGateway"
            | "RouteTable"
            | "RouteTableAssociation"
            | "LaunchTemplate"
            | "Key"
            | "HealthCheck",
        ) => is_word(external, 63, b"-_"),
        ("aws", "Record") => is_word(external, 512, b"-_."),
        ("gcp", "ProjectService" | "ProjectIAMMember" | "CryptoKeyIAMMember") => {
            !external.is_empty()
        }
        ("aws", "Role") => is_word(external, 64, b"+=,.@-_"),
        ("aws", "Cluster") => is_word(external, 100, b"-_") && !external.starts_with(['-', '_']),
        ("aws", "NodeGroup") => is_word(external, 63, b"-_") && !external.starts_with(['-', '_']),
        ("aws", "Group") => is_word(external, 512, b"_-/.#"),
        ("aws", "Alias") => is_word(external, 250, b"/_-") && !external.starts_with("alias/"),
        ("gcp", "Cluster" | "NodePool") => is_gcp_name(external, 40),
        ("gcp", "ServiceAccount") => external.len() >= 6 && is_gcp_name(external, 30),
        ("gcp", "KeyRing" | "CryptoKey") => is_word(external, 63, b"_-"),
        ("gcp", "Network" | "Subnetwork" | "Router" | "RouterNAT" | "GlobalAddress") => {
            is_gcp_name(external, 63)
        }
        ("gcp", "Project") => external
            .strip_prefix("projects/")
            .is_some_and(|id| is_gcp_name(id, 30)),
        _ => {
            found.push(format!(
                "{group} {kind} has an external name, and no rule here"
            ));
            true
        }
    };
    if !sound {
        found.push(format!("{kind} is called {external:?} in the cloud"));
    }
    found
}

/// Objects of one API that share a name: one would overwrite the other.
pub(crate) fn repeats<'a>(objects: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    objects
        .map(|object| {
            let (group, _, kind) = identity(object);
            let metadata = &object["metadata"];
            format!(
                "{group} {kind} {} {}",
                metadata["namespace"], metadata["name"]
            )
        })
        .filter(|id| !seen.insert(id.clone()))
        .collect()
}

#[test]
fn every_name_is_legal_and_given_once() {
    for run in runs() {
        let objects = run.last().desired();
        for (key, object) in &objects {
            assert_eq!(name_problems(object), [""; 0], "{}: {key}", run.title());
        }
        assert_eq!(repeats(objects.values()), [""; 0], "{}", run.title());
    }
}
