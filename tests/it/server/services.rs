//! What is served besides and around the function.

use std::collections::BTreeMap;

use bytes::Bytes;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
};
use xcluster::{
    server::Config,
    wire::proto::v1::{Resource, RunFunctionRequest, RunFunctionResponse, State},
};

use crate::support::{
    client::{self, V1, V1BETA1},
    eventually,
    running::{Running, insecure},
};

const SERVICES: [&str; 2] = [
    "apiextensions.fn.proto.v1.FunctionRunnerService",
    "apiextensions.fn.proto.v1beta1.FunctionRunnerService",
];

/// A request with an observed secret of this size.
fn sized(bytes: usize) -> RunFunctionRequest {
    let secret = Resource {
        connection_details: BTreeMap::from([("key".to_owned(), Bytes::from(vec![b'x'; bytes]))]),
        ..Resource::default()
    };
    RunFunctionRequest {
        observed: Some(State {
            composite: Some(secret),
            ..State::default()
        }),
        ..client::tagged("large")
    }
}

#[tokio::test]
async fn both_api_versions_are_served() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    for path in [V1, V1BETA1] {
        let rsp: RunFunctionResponse = client::unary(&channel, path, client::tagged(path))
            .await
            .unwrap();
        assert_eq!(rsp.meta.unwrap().tag, path);
    }
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn unknown_methods_are_unimplemented() {
    // Crossplane tries v1beta1 on this code, and on no other.
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let path = "/apiextensions.fn.proto.v9.FunctionRunnerService/RunFunction";
    let rsp = client::unary::<_, RunFunctionResponse>(&channel, path, client::tagged("")).await;
    assert_eq!(rsp.unwrap_err().code(), Code::Unimplemented);
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn health_is_serving_for_the_server_and_each_service() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    for service in ["", SERVICES[0], SERVICES[1]] {
        let req = HealthCheckRequest {
            service: service.to_owned(),
        };
        let rsp: HealthCheckResponse = client::unary(&channel, "/grpc.health.v1.Health/Check", req)
            .await
            .unwrap();
        assert_eq!(rsp.status(), ServingStatus::Serving, "{service:?}");
    }
    drop(channel);
    server.end().await;
}

/// The two reflection versions have the same messages under different types.
macro_rules! lists_services {
    ($test:ident, $version:ident) => {
        #[tokio::test]
        async fn $test() {
            use tonic_reflection::pb::$version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest,
                server_reflection_response::MessageResponse,
            };
            let server = Running::start(insecure()).await;
            let channel = client::plaintext(server.address).await;
            let req = ServerReflectionRequest {
                message_request: Some(MessageRequest::ListServices(String::new())),
                ..ServerReflectionRequest::default()
            };
            let mut stream = ServerReflectionClient::new(channel)
                .server_reflection_info(tokio_stream::once(req))
                .await
                .unwrap()
                .into_inner();
            let rsp = stream.message().await.unwrap().unwrap();
            let Some(MessageResponse::ListServicesResponse(list)) = rsp.message_response else {
                panic!("{rsp:?}");
            };
            let names: Vec<&str> = list.service.iter().map(|s| s.name.as_str()).collect();
            for service in SERVICES.into_iter().chain(["grpc.health.v1.Health"]) {
                assert!(names.contains(&service), "no {service} in {names:?}");
            }
            drop(stream);
            server.end().await;
        }
    };
}

lists_services!(reflection_v1_lists_the_services, v1);
lists_services!(reflection_v1alpha_lists_the_services, v1alpha);

#[tokio::test]
async fn a_request_over_the_limit_is_refused_with_the_flag_that_helps() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let status = client::run(&channel, sized(5 * 1024 * 1024))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    for part in ["--max-recv-message-size", "4194304"] {
        assert!(status.message().contains(part), "no {part} in {status:?}");
    }
    // The connection is still good.
    client::run(&channel, client::tagged("small"))
        .await
        .unwrap();
    let metrics = client::http(server.metrics, "/metrics").await.1;
    let refused = format!(
        r#"grpc_server_handled_total{{grpc_type="unary",grpc_service="{}",grpc_method="RunFunction",grpc_code="ResourceExhausted"}} 1"#,
        SERVICES[0]
    );
    assert!(metrics.lines().any(|line| line == refused), "{metrics}");
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn a_raised_limit_accepts_it() {
    let server = Running::start(Config {
        max_request_bytes: 8 * 1024 * 1024,
        ..insecure()
    })
    .await;
    let channel = client::plaintext(server.address).await;
    let rsp = client::run(&channel, sized(5 * 1024 * 1024)).await.unwrap();
    assert_eq!(rsp.meta.unwrap().tag, "large");
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn metrics_carry_gos_names_and_ours() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    client::run(&channel, client::tagged("tag")).await.unwrap();
    let labels = format!(
        r#"grpc_type="unary",grpc_service="{}",grpc_method="RunFunction""#,
        SERVICES[0]
    );
    // The trailers may reach the client before their observer has run.
    let handled = format!(r#"grpc_server_handled_total{{{labels},grpc_code="OK"}} 1"#);
    let text = eventually("the call is counted", async || {
        let (head, text) = client::http(server.metrics, "/metrics").await;
        assert!(
            head.contains("application/openmetrics-text; version=1.0.0"),
            "{head}"
        );
        text.contains(&handled).then_some(text)
    })
    .await;
    for line in [
        format!("grpc_server_started_total{{{labels}}} 1"),
        format!("grpc_server_msg_received_total{{{labels}}} 1"),
        format!("grpc_server_msg_sent_total{{{labels}}} 1"),
        format!("grpc_server_handling_seconds_count{{{labels}}} 1"),
        format!(r#"grpc_server_handling_seconds_bucket{{le="10.0",{labels}}} 1"#),
        format!(
            r#"xcluster_build_info{{version="{}"}} 1"#,
            env!("CARGO_PKG_VERSION")
        ),
        "# EOF".to_owned(),
    ] {
        assert!(text.lines().any(|l| l == line), "no {line} in {text}");
    }
    assert!(
        text.contains(r#"xcluster_results_total{severity="warning"}"#),
        "{text}"
    );
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn probes_answer_and_other_paths_do_not_exist() {
    let server = Running::start(insecure()).await;
    for (path, status) in [("/healthz", "200"), ("/readyz", "200"), ("/", "404")] {
        let (head, _) = client::http(server.metrics, path).await;
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")),
            "{path}: {head}"
        );
    }
    server.end().await;
}
