use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use super::*;
use crate::wire::{
    proto::v1::{Resource, ResponseMeta, RunFunctionRequest, RunFunctionResponse, State},
    structpb::to_struct,
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn request(composite: &Value) -> RunFunctionRequest {
    RunFunctionRequest {
        observed: Some(State {
            composite: Some(resource(composite)),
            ..State::default()
        }),
        ..RunFunctionRequest::default()
    }
}

fn resource(object: &Value) -> Resource {
    Resource {
        resource: Some(to_struct(object).unwrap()),
        ..Resource::default()
    }
}

fn response(phase: &str, severities: &[Severity], message: &str) -> RunFunctionResponse {
    let result = |severity: &Severity| FunctionResult {
        severity: (*severity).into(),
        message: message.to_owned(),
        ..FunctionResult::default()
    };
    RunFunctionResponse {
        meta: Some(ResponseMeta {
            tag: "0123456789abcdef".to_owned(),
            ttl: None,
        }),
        desired: Some(State {
            composite: Some(resource(&json!({"status": {"phase": phase}}))),
            ..State::default()
        }),
        results: severities.iter().map(result).collect(),
        ..RunFunctionResponse::default()
    }
}

/// What is written, in JSON and as text.
fn written(write: impl Fn()) -> (Vec<Value>, String) {
    let (json, text) = (Lines::default(), Lines::default());
    let logs = || tracing_subscriber::fmt().with_max_level(Level::TRACE);
    let machines = logs()
        .with_writer(json.clone())
        .json()
        .flatten_event(true)
        .finish();
    tracing::subscriber::with_default(machines, &write);
    let people = logs().with_writer(text.clone()).finish();
    tracing::subscriber::with_default(people, &write);
    let values = json
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (values, text.text())
}

fn line(composite: &Value, outcome: Outcome, rsp: &RunFunctionResponse) -> Value {
    let line = Line::of(&request(composite));
    let (values, text) = written(|| line.write(outcome, rsp, Duration::from_micros(1536)));
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.len() < 4096, "{text}");
    let [value] = &values[..] else {
        panic!("{values:?}")
    };
    value.clone()
}

#[test]
fn a_line_has_the_composite_and_counts_results_by_severity() {
    let composite =
        json!({"kind": "Cluster", "metadata": {"name": "prod-us", "namespace": "ml-platform"}});
    let results = [Severity::Warning, Severity::Normal, Severity::Warning];
    let log = line(
        &composite,
        Outcome::Ok,
        &response("Ready", &results, "said"),
    );
    for (field, value) in [
        ("composite", json!("Cluster ml-platform/prod-us")),
        ("phase", json!("Ready")),
        ("duration_ms", json!(1.536)),
        ("fatal", json!(0)),
        ("warning", json!(2)),
        ("normal", json!(1)),
        ("level", json!("INFO")),
    ] {
        assert_eq!(log[field], value, "{field} of {log}");
    }
}

#[test]
fn a_panic_is_an_error_and_not_a_refusal() {
    let rsp = response("Ready", &[Severity::Fatal], "internal error");
    let log = line(&json!({}), Outcome::Panicked, &rsp);
    for (field, value) in [
        ("level", "ERROR"),
        ("message", "panicked"),
        ("phase", "panicked"),
    ] {
        assert_eq!(log[field], value, "{field} of {log}");
    }
    let log = line(&json!({}), Outcome::Refused, &rsp);
    assert_eq!(log["phase"], "refused");
}

#[test]
fn hostile_values_stay_in_one_short_line() {
    let hostile = format!(
        "a\n\r\u{85}\u{2028}\u{1b}[31m\u{202e}\"}}{}",
        "é".repeat(1_000_000)
    );
    let composite = json!({"kind": hostile, "metadata": {"name": hostile, "namespace": hostile}});
    let mut rsp = response(&hostile, &[Severity::Fatal], &hostile);
    rsp.meta.as_mut().unwrap().tag.clone_from(&hostile);
    for outcome in [Outcome::Ok, Outcome::Refused, Outcome::Panicked] {
        let log = line(&composite, outcome, &rsp);
        for (field, most) in [
            ("tag", TAG),
            ("composite", 2 * LABEL + NAME + 2),
            ("phase", LABEL),
        ] {
            let value = log[field].as_str().unwrap();
            assert!(value.len() <= most, "{field} of {log}");
            let odd =
                value.find(|c: char| !c.is_ascii_graphic() && c != ' ' || "\"'\\".contains(c));
            assert_eq!(odd, None, "{field} of {log}");
        }
        let error = log["error"].as_str().unwrap();
        assert!(error.chars().count() <= ERROR, "{log}");
        assert_eq!(error.find(char::is_control), None, "{log}");
    }
}

#[test]
fn a_composite_without_a_name_is_left_out() {
    let composite = json!({"kind": 1, "metadata": ["x"]});
    let log = line(&composite, Outcome::Ok, &response("", &[], ""));
    assert_eq!(log["composite"], Value::Null);
}
