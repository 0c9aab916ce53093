use std::{fmt, sync::Arc};

use tonic::Code;

use super::{Call, Metrics};
use crate::wire::{
    proto::v1::{Resource, Result as FunctionResult, RunFunctionResponse, Severity, State},
    structpb::to_struct,
};

const RUN: &str = "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction";
const LABELS: &str = r#"grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction""#;

fn has(metrics: &Metrics, line: &str) -> Result<(), fmt::Error> {
    let text = metrics.render()?;
    assert!(text.lines().any(|l| l == line), "no {line} in\n{text}");
    Ok(())
}

#[test]
fn series_carry_the_names_of_grpc_prometheus_and_start_at_zero() -> Result<(), fmt::Error> {
    let metrics = Metrics::default();
    for name in ["started", "msg_received", "msg_sent"] {
        has(&metrics, &format!("grpc_server_{name}_total{{{LABELS}}} 0"))?;
    }
    let handled = format!(r#"grpc_server_handled_total{{{LABELS},grpc_code="OK"}} 0"#);
    has(&metrics, &handled)?;
    has(
        &metrics,
        &format!("grpc_server_handling_seconds_count{{{LABELS}}} 0"),
    )?;
    has(&metrics, r#"xcluster_results_total{severity="fatal"} 0"#)?;
    for outcome in ["ok", "refused", "panicked", "malformed"] {
        has(
            &metrics,
            &format!(r#"xcluster_calls_total{{outcome="{outcome}"}} 0"#),
        )?;
    }
    let version = env!("CARGO_PKG_VERSION");
    has(
        &metrics,
        &format!(r#"xcluster_build_info{{version="{version}"}} 1"#),
    )
}

#[test]
fn a_call_counts_once_however_often_it_ends() -> Result<(), fmt::Error> {
    let metrics = Arc::new(Metrics::default());
    let mut call = Call::start(&metrics, RUN);
    if let Some(call) = &mut call {
        call.received();
        call.end(Code::Ok);
        call.end(Code::Internal);
    }
    drop(call);
    has(
        &metrics,
        &format!(r#"grpc_server_handled_total{{{LABELS},grpc_code="OK"}} 1"#),
    )?;
    for code in ["Internal", "Canceled"] {
        has(
            &metrics,
            &format!(r#"grpc_server_handled_total{{{LABELS},grpc_code="{code}"}} 0"#),
        )?;
    }
    for name in ["started", "msg_received", "msg_sent"] {
        has(&metrics, &format!("grpc_server_{name}_total{{{LABELS}}} 1"))?;
    }
    has(
        &metrics,
        &format!("grpc_server_handling_seconds_count{{{LABELS}}} 1"),
    )
}

#[test]
fn a_dropped_call_counts_as_canceled() -> Result<(), fmt::Error> {
    let metrics = Arc::new(Metrics::default());
    drop(Call::start(&metrics, RUN));
    has(
        &metrics,
        &format!(r#"grpc_server_handled_total{{{LABELS},grpc_code="Canceled"}} 1"#),
    )?;
    has(
        &metrics,
        &format!("grpc_server_msg_sent_total{{{LABELS}}} 0"),
    )
}

#[test]
fn unknown_methods_make_no_series() -> Result<(), fmt::Error> {
    let metrics = Arc::new(Metrics::default());
    let before = metrics.render()?;
    for path in ["/x.Y/Z", "", "/", "/grpc.health.v1.Health/Watch"] {
        assert!(Call::start(&metrics, path).is_none(), "{path}");
    }
    assert_eq!(metrics.render()?, before);
    Ok(())
}

/// A request that breaks off is no request that does not decode, and a health check is no call of the function.
#[test]
fn a_malformed_request_counts_for_the_function_alone() -> Result<(), fmt::Error> {
    let metrics = Arc::new(Metrics::default());
    for (path, ended, counts) in [
        (RUN, false, true),
        (RUN, true, false),
        ("/grpc.health.v1.Health/Check", false, false),
    ] {
        let call = Call::start(&metrics, path).map(|mut call| {
            if ended {
                call.end(Code::Cancelled);
            }
            call.malformed()
        });
        assert_eq!(call.flatten().is_some(), counts, "{path}");
    }
    has(&metrics, r#"xcluster_calls_total{outcome="malformed"} 1"#)
}

#[test]
fn results_count_by_severity() -> Result<(), fmt::Error> {
    let metrics = Metrics::default();
    let result = |severity: Severity| FunctionResult {
        severity: severity.into(),
        ..FunctionResult::default()
    };
    metrics.count_results(&RunFunctionResponse {
        results: vec![result(Severity::Normal), result(Severity::Fatal)],
        ..RunFunctionResponse::default()
    });
    has(&metrics, r#"xcluster_results_total{severity="fatal"} 1"#)?;
    has(&metrics, r#"xcluster_results_total{severity="normal"} 1"#)?;
    has(&metrics, r#"xcluster_results_total{severity="warning"} 0"#)
}

#[test]
fn versions_count_with_the_end_of_their_support() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = Metrics::default();
    let answer = |version: serde_json::Value| -> Result<_, Box<dyn std::error::Error>> {
        let status = serde_json::json!({"provider": "gcp", "kubernetesVersion": version});
        let composite = Resource {
            resource: Some(to_struct(&serde_json::json!({"status": status}))?),
            ..Resource::default()
        };
        let desired = State {
            composite: Some(composite),
            ..State::default()
        };
        Ok(RunFunctionResponse {
            desired: Some(desired),
            ..RunFunctionResponse::default()
        })
    };
    let before = metrics.render()?;
    for nothing in [
        serde_json::json!({"desired": "1.36"}),
        serde_json::json!({"desired": "1.36", "supportEnds": "soon"}),
    ] {
        metrics.count_version(&answer(nothing)?);
    }
    assert_eq!(metrics.render()?, before);
    metrics.count_version(&answer(serde_json::json!({
        "desired": "1.36",
        "controlPlane": "1.35.8-gke.1225000",
        "supportEnds": "2027-04-11",
    }))?);
    let labels = r#"{provider="gcp",version="1.35",day="2027-04-11"}"#;
    has(
        &metrics,
        &format!("xcluster_kubernetes_calls_total{labels} 1"),
    )?;
    has(
        &metrics,
        &format!("xcluster_kubernetes_support_end_seconds{labels} 1807401600"),
    )?;
    Ok(())
}
