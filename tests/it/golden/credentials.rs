//! No composed object holds a credential.

use k8s_openapi::ByteString;
use serde_json::{Value, json};

use crate::support::cases::runs;

#[test]
fn nothing_that_is_composed_holds_a_credential() {
    for run in runs() {
        for step in &run.steps {
            for (key, object) in step.desired() {
                let mut found = Vec::new();
                credentials(&object, &mut found);
                assert!(found.is_empty(), "{}: {key} holds {found:?}", run.title());
            }
        }
    }
}

#[test]
fn a_credential_would_be_found() {
    let config = ByteString(br#"{"bearerToken": "x"}"#.to_vec());
    let rows = [
        (json!({"data": {"config": config}}), "a token in a Secret"),
        (json!({"spec": {"password": "x"}}), "a password"),
        (
            json!({"a": ["-----BEGIN RSA PRIVATE KEY-----"]}),
            "a private key",
        ),
        (json!({"a": "k8s-aws-v1.aHR0c"}), "an EKS token"),
    ];
    for (object, reason) in rows {
        let mut found = Vec::new();
        credentials(&object, &mut found);
        assert_eq!(found.len(), 1, "{reason}: {found:?}");
    }
}

/// Names of fields that hold credentials, in lower case.
const FIELDS: [&str; 12] = [
    "token",
    "bearertoken",
    "password",
    "passphrase",
    "secret",
    "clientsecret",
    "keydata",
    "privatekey",
    "private_key",
    "secretaccesskey",
    "accesskeyid",
    "sessiontoken",
];
/// What credentials look like.
const MARKS: [&str; 8] = [
    "PRIVATE KEY",
    "k8s-aws-v1.",
    "ya29.",
    "eyJhbGciOi",
    "AKIA",
    "aws_secret_access_key",
    "private_key_id",
    "\"bearerToken\"",
];

/// Collects what looks like a credential, in Secrets' data too.
fn credentials(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                if FIELDS.contains(&field.to_lowercase().as_str()) {
                    found.push(field.clone());
                }
                credentials(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| credentials(item, found)),
        Value::String(text) => {
            let decoded = serde_json::from_value::<ByteString>(value.clone());
            let decoded = decoded
                .ok()
                .and_then(|bytes| String::from_utf8(bytes.0).ok());
            for text in [Some(text.clone()), decoded].into_iter().flatten() {
                let marks = MARKS.iter().filter(|mark| text.contains(**mark));
                found.extend(marks.map(|mark| (*mark).to_owned()));
            }
        }
        _ => {}
    }
}
