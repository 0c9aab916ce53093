//! What is left of a call: its line in the log, and its count.

use std::{net::SocketAddr, sync::mpsc::Receiver};

use serde_json::Value;
use tonic::Code;
use xcluster::{
    compose::compose,
    server::function::Compose,
    wire::proto::v1::{RunFunctionRequest, RunFunctionResponse},
};

use crate::support::{
    cases::Case,
    client::{self, V1},
    eventually,
    process::Process,
    running::{Running, insecure},
};

/// As long as a line may ever be.
const LONGEST: usize = 2048;

/// A request for the example, whose composite has this name, with a tag as Crossplane makes them.
fn request(name: &str) -> RunFunctionRequest {
    let mut world = Case::new("aws-minimal").world();
    world.composite["metadata"]["name"] = name.into();
    let mut request = world.request();
    request.meta.get_or_insert_default().tag = "0123456789abcdef".repeat(4);
    request
}

/// All lines about calls. The server ends, so that none is missing.
async fn ended(mut process: Process, lines: Receiver<String>) -> Vec<Value> {
    process.signal("TERM");
    process.exit().await;
    let logs = lines.iter().map(|line| {
        assert!(line.len() < LONGEST, "{line}");
        serde_json::from_str::<Value>(&line).expect(&line)
    });
    let calls: Vec<_> = logs
        .filter(|log| log["target"] == "xcluster::call")
        .collect();
    for log in &calls {
        assert!(log["duration_ms"].as_f64().unwrap() > 0.0, "{log}");
    }
    calls
}

fn has(log: &Value, fields: &[(&str, Value)]) {
    for (field, value) in fields {
        assert_eq!(log[field], *value, "{field} of {log}");
    }
}

/// Waits until one call has ended so, and none in another way.
async fn counted(metrics: SocketAddr, outcome: &str) {
    for name in ["ok", "refused", "panicked", "malformed"] {
        let count = u8::from(name == outcome);
        let line = format!(r#"xcluster_calls_total{{outcome="{name}"}} {count}"#);
        eventually(&line, async || {
            let (_, text) = client::http(metrics, "/metrics").await;
            text.lines().any(|l| l == line).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn each_call_is_one_line() {
    let (process, lines) = Process::start_logging("info");
    let channel = client::plaintext(process.address).await;
    let rsp = client::run(&channel, request("prod-us")).await.unwrap();
    let desired = rsp.desired.unwrap().resources.len();
    client::run(&channel, client::tagged("")).await.unwrap();

    let logs = ended(process, lines).await;
    let [composed, refused] = &logs[..] else {
        panic!("{logs:#?}")
    };
    has(
        composed,
        &[
            ("level", "INFO".into()),
            ("message", "composed".into()),
            ("tag", "0123456789ab".into()),
            ("composite", "XCluster prod-us".into()),
            ("phase", "Provisioning".into()),
            ("fatal", 0.into()),
            ("warning", 0.into()),
            ("normal", 0.into()),
            ("resources", desired.into()),
            ("ttl", 60.into()),
            ("error", Value::Null),
        ],
    );
    has(
        refused,
        &[
            ("level", "WARN".into()),
            ("message", "refused".into()),
            ("phase", "refused".into()),
            ("fatal", 1.into()),
            ("composite", Value::Null),
        ],
    );
    let error = refused["error"].as_str().unwrap();
    assert!(error.contains("metadata.name: is missing"), "{error}");
}

#[tokio::test]
async fn no_name_or_tag_can_forge_a_line() {
    let (process, lines) = Process::start_logging("info");
    let channel = client::plaintext(process.address).await;
    let forged = "x\"}\r\n{\"level\":\"ERROR\"}\u{2028}\u{1b}[2J\u{202e}a/b c";
    let mut request = request(&format!("{forged}{}", "y".repeat(100_000)));
    request.meta.get_or_insert_default().tag = forged.to_owned();
    client::run(&channel, request).await.unwrap();

    let logs = ended(process, lines).await;
    let [log] = &logs[..] else {
        panic!("{logs:#?}")
    };
    has(
        log,
        &[
            ("message", "refused".into()),
            ("tag", "x??????level".into()),
        ],
    );
    let composite = log["composite"].as_str().unwrap();
    let start = "XCluster x??????level???ERROR?????2J?a?b?cyyy";
    assert!(composite.starts_with(start), "{composite}");
    assert!(composite.len() < 300, "{composite}");
    let error = log["error"].as_str().unwrap();
    let unprintable = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{202e}');
    assert!(!error.contains(unprintable), "{error}");
}

#[tokio::test]
async fn a_level_keeps_what_went_wrong_alone() {
    let (process, lines) = Process::start_logging("info,xcluster::call=warn");
    let channel = client::plaintext(process.address).await;
    client::run(&channel, request("prod-us")).await.unwrap();
    client::run(&channel, client::tagged("")).await.unwrap();
    let logs = ended(process, lines).await;
    let [log] = &logs[..] else {
        panic!("{logs:#?}")
    };
    has(log, &[("message", "refused".into())]);
}

#[tokio::test]
async fn what_does_not_decode_is_told_by_line_and_count() {
    let (process, lines) = Process::start_logging("info");
    let channel = client::plaintext(process.address).await;
    // A field of a wire type that there is none of, where RequestMeta is expected.
    let sent = client::unary::<String, RunFunctionResponse>(&channel, V1, "\u{7}".into());
    assert_eq!(sent.await.unwrap_err().code(), Code::Internal);
    counted(process.metrics, "malformed").await;

    let logs = ended(process, lines).await;
    let [log] = &logs[..] else {
        panic!("{logs:#?}")
    };
    has(
        log,
        &[("phase", "malformed".into()), ("level", "WARN".into())],
    );
    let error = log["error"].as_str().unwrap();
    assert!(error.contains("RunFunctionRequest.meta"), "{error}");
}

#[tokio::test]
async fn a_panic_counts_apart_from_what_users_do() {
    let broken: Compose = |req| panic!("a bug, with {} credentials", req.credentials.len());
    for (function, outcome, request) in [
        (broken, "panicked", request("prod-us")),
        (compose as Compose, "refused", client::tagged("tag")),
        (compose as Compose, "ok", request("prod-us")),
    ] {
        let server = Running::start_with(insecure(), function).await;
        let channel = client::plaintext(server.address).await;
        let rsp = client::run(&channel, request).await.unwrap();
        let bug = rsp.results.iter().any(|it| it.message.contains("a bug"));
        assert_eq!(bug, outcome == "panicked", "{:?}", rsp.results);
        counted(server.metrics, outcome).await;
        drop(channel);
        server.end().await;
    }
}
