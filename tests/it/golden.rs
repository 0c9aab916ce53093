//! What the examples become, step by step, in `tests/it/golden/<example>/<scope>/`.
//!
//! `1.yaml` is the whole first answer, the following ones hold what is new or changed in each
//! answer that differs from the one before, and `settled.yaml` is the whole last one. A difference
//! fails; `UPDATE_GOLDEN=1 cargo test --test it golden` writes them anew.

pub(crate) mod files;

use std::{collections::BTreeSet, fmt::Write as _};

use k8s_openapi::ByteString;
use serde_json::{Value, json};

use self::files::Files;
use self::files::updating;
use crate::support::{
    cases::{Run, repository, runs},
    simulator::{KEY, Step},
};

#[test]
fn examples_become_what_the_golden_files_say() {
    let mut problems = Vec::new();
    for run in runs() {
        let folder = repository("tests/it/golden")
            .join(&run.case.name)
            .join(run.scope);
        let mut files = Files::new(folder);
        let mut before: Option<&Step> = None;
        let mut number = 0;
        for step in &run.steps {
            if before.is_none_or(|before| before.response != step.response) {
                number += 1;
                files.add(&format!("{number}.yaml"), change(run, before, step));
            }
            before = Some(step);
        }
        files.add("settled.yaml", change(run, None, run.last()));
        problems.extend(files.compare());
        if run.scope == "claims" {
            let folder = repository("examples").join(&run.case.name).join("observed");
            let mut files = Files::new(folder);
            let objects: Vec<_> = run.world.observed().into_values().collect();
            files.add("settled.yaml", yaml(&objects));
            problems.extend(files.compare());
        }
    }
    assert!(
        problems.is_empty(),
        "{}\nif that is right: UPDATE_GOLDEN=1 cargo test --test it golden",
        problems.join("\n")
    );
}

/// What a step says that the one before did not.
fn change(run: &Run, before: Option<&Step>, step: &Step) -> String {
    let (desired, ready) = (step.desired(), step.ready());
    let last = before.map(Step::desired).unwrap_or_default();
    let last_ready = before.map(Step::ready).unwrap_or_default();
    let removed: Vec<_> = last
        .keys()
        .filter(|key| !desired.contains_key(*key))
        .collect();
    let mut text = String::new();
    let mut note = |what: &str, keys: Vec<&String>| {
        for key in keys {
            writeln!(text, "# {what}: {key}").unwrap();
        }
    };
    note("removed", removed);
    note("ready", ready.difference(&last_ready).collect());
    note(
        "not ready any more",
        last_ready.difference(&ready).collect(),
    );
    for result in &step.response.results {
        writeln!(text, "# event: {}", result.message).unwrap();
    }
    let ttl = step
        .response
        .meta
        .as_ref()
        .and_then(|meta| meta.ttl.as_ref());
    writeln!(text, "# ttl: {} s", ttl.map_or(0, |ttl| ttl.seconds)).unwrap();

    let mut documents = vec![composite(run, step)];
    // It is the longest part of the status, and follows from the spec alone.
    if before.is_some_and(|before| before.status()["cost"] == step.status()["cost"]) {
        documents[0]["status"]["cost"] = "as before".into();
        let conditions = documents[0]["status"]["conditions"].as_array_mut();
        conditions
            .unwrap()
            .retain(|condition| condition["type"] != "WithinBudget");
    }
    for (key, mut object) in desired {
        if last.get(&key) != Some(&object) {
            object["metadata"]["annotations"][KEY] = key.into();
            documents.push(object);
        }
    }
    text.push_str(&yaml(&documents));
    text
}

fn composite(run: &Run, step: &Step) -> Value {
    let own = &run.world.composite;
    let mut status = step.status();
    let ready = if step.is_ready() { "True" } else { "False" };
    let mut conditions = vec![json!({"type": "Ready", "status": ready})];
    conditions.extend(step.conditions());
    status["conditions"] = conditions.into();
    let mut metadata = json!({"name": own["metadata"]["name"]});
    if let Some(namespace) = own["metadata"].get("namespace") {
        metadata["namespace"] = namespace.clone();
    }
    json!({
        "apiVersion": own["apiVersion"],
        "kind": own["kind"],
        "metadata": metadata,
        "status": status,
    })
}

/// Documents with sorted keys.
fn yaml(documents: &[Value]) -> String {
    let mut text = String::new();
    for document in documents {
        text.push_str("---\n");
        text.push_str(serde_saphyr::to_string(document).unwrap().trim_end());
        text.push('\n');
    }
    text
}

#[test]
fn composed_resource_keys_stay_what_they_are() {
    let path = repository("tests/it/golden/keys.txt");
    let frozen = std::fs::read_to_string(&path).unwrap_or_default();
    let frozen: BTreeSet<_> = frozen.lines().map(str::to_owned).collect();
    let steps = runs().iter().flat_map(|run| &run.steps);
    let now: BTreeSet<_> = steps.flat_map(|step| step.desired().into_keys()).collect();
    let lost: Vec<_> = frozen.difference(&now).collect();
    assert!(
        lost.is_empty(),
        "clusters that have {lost:?} would lose them: a renamed key deletes and creates. If that \
         is meant, take them out of {} by hand",
        path.display()
    );
    let all = now
        .union(&frozen)
        .fold(String::new(), |text, key| text + key + "\n");
    if updating() {
        std::fs::write(&path, all).unwrap();
        return;
    }
    let new: Vec<_> = now.difference(&frozen).collect();
    assert!(
        new.is_empty(),
        "{new:?} are new keys, and keys are for ever: UPDATE_GOLDEN=1 cargo test --test it golden"
    );
}

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

#[test]
fn a_highly_available_cluster_is_at_most_fifty_objects() {
    for run in runs() {
        let objects = run.last().desired().len();
        assert!(objects <= 50, "{} composes {objects}", run.title());
    }
}
