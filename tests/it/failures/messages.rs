//! Real messages of both providers, from the object to the conditions.

use prost::Message as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{answer, condition, key, told, unmade};
use crate::support::{cases::run, simulator::Step};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    from: String,
    #[serde(default)]
    gcp: bool,
    #[serde(default)]
    bare: bool,
    #[serde(default = "network")]
    on: String,
    #[serde(default)]
    exists: bool,
    message: String,
    again: Option<String>,
    says: Option<String>,
    fix: String,
}

fn network() -> String {
    "network-vpc".to_owned()
}

fn rows() -> Vec<Row> {
    serde_saphyr::from_str(include_str!("messages.yaml")).unwrap()
}

/// The conditions in which upjet tells it: when it has failed, and while it is tried again.
fn turns(row: &Row, message: &str) -> Vec<Value> {
    if row.bare {
        let error = format!("connect failed: {message}");
        return vec![json!([told("Synced", "False", "ReconcileError", &error)])];
    }
    let (step, reason) = if row.exists {
        ("update", "AsyncUpdateFailure")
    } else {
        ("create", "AsyncCreateFailure")
    };
    let error =
        format!("async {step} failed: failed to {step} the resource: [{{0 {message}  []}}]");
    let last = told("LastAsyncOperation", "False", reason, &error);
    let synced = told(
        "Synced",
        "False",
        "ReconcileError",
        &format!("{step} failed: {error}"),
    );
    vec![
        json!([last.clone(), synced]),
        json!([last, told("Synced", "True", "ReconcileSuccess", "")]),
    ]
}

/// What the function answers to each, with the resource's key.
fn answers(row: &Row, message: &str) -> (String, Vec<Step>) {
    let run = run(if row.gcp {
        "gcp-standard"
    } else {
        "aws-standard"
    });
    let key = key(run, &row.on);
    let answers = turns(row, message).into_iter().map(|conditions| {
        let change = |object: &mut Value| {
            let mut conditions = conditions.as_array().unwrap().clone();
            if row.exists {
                conditions.push(told("Ready", "True", "Available", ""));
                object["status"]["conditions"] = conditions.into();
            } else {
                conditions.push(told("Ready", "False", "Creating", ""));
                unmade(object, &conditions.into());
            }
        };
        answer(run, &[(&key, &change)])
    });
    let answers = answers.collect();
    (key, answers)
}

#[test]
fn there_are_messages_enough_of_both_providers() {
    let rows = rows();
    let of_gcp = rows.iter().filter(|row| row.gcp).count();
    assert!(
        of_gcp >= 25 && rows.len() - of_gcp >= 40,
        "{of_gcp} of {}",
        rows.len()
    );
    assert!(rows.iter().all(|row| row.from.len() > 10));
}

#[test]
fn a_message_reaches_the_conditions_in_the_clouds_words_with_advice_that_fits() {
    for row in rows() {
        let (key, answers) = answers(&row, &row.message);
        let context = format!("{}: {}", row.from, row.message);
        for step in answers {
            let found = condition(&step, "Maintained");
            let (words, fix) = match found.split_once("; fix: ") {
                Some((words, fix)) => (words, fix),
                None => (found.as_str(), "none"),
            };
            assert!(
                words.starts_with("False ") && words.contains(&format!(": {key} waits for")),
                "{context}\n{found}"
            );
            assert!(fix.starts_with(&row.fix), "{context}\n{fix}");
            let line = row.message.split_whitespace().collect::<Vec<_>>().join(" ");
            let ends: String = line
                .chars()
                .rev()
                .take(12)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            // What differs in another attempt may stand at the end.
            let ends = if row.again.is_none() {
                ends
            } else {
                String::new()
            };
            let says = row.says.clone().unwrap_or(ends);
            assert!(words.contains(&says), "{context}\n{words}");
            for noise in [
                "async ",
                "[{0",
                "[]}]",
                "the resource: ",
                "ReconcileError",
                "Details:",
            ] {
                assert!(!words.contains(noise), "{words}");
            }
            assert!(words.len() < 1200, "{words}");
            assert!(
                !fix.contains("delete") || fix.contains("Crossplane creates"),
                "{fix}"
            );
            assert!(!fix.contains("{object}"), "{fix}");
            assert_eq!(
                step.is_ready(),
                row.exists || key.starts_with("nodes-pool-gpu-"),
                "{context}"
            );
            if !row.exists {
                let first = &step.status()["waitingFor"][0];
                assert_eq!(first["resource"], *key, "{context}");
                assert_eq!(first["fix"].as_str().unwrap_or("none"), fix, "{context}");
            }
        }
    }
}

/// 52, B5: a status that changed at every attempt would start a reconcile each time.
#[test]
fn equal_failures_give_equal_answers() {
    let bytes = |steps: &[Step]| -> Vec<Vec<u8>> {
        steps
            .iter()
            .map(|step| step.response.encode_to_vec())
            .collect()
    };
    let mut again = 0;
    for row in rows() {
        let (_, first) = answers(&row, &row.message);
        let all = bytes(&first);
        assert!(
            all.iter().all(|answer| *answer == all[0]),
            "{}: {}",
            row.from,
            row.message
        );
        if let Some(message) = &row.again {
            let (_, second) = answers(&row, message);
            let (one, other) = (
                condition(&first[0], "Maintained"),
                condition(&second[0], "Maintained"),
            );
            assert_eq!(one, other, "{}", row.from);
            assert_eq!(bytes(&second), all, "{}", row.from);
            again += 1;
        }
    }
    assert!(again >= 15, "{again}");
}
