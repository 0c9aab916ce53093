//! Shutdown: nothing new, and what is running ends well.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status, client::Grpc, codegen::http::uri::PathAndQuery};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_prost::ProstCodec;
use xcluster::{
    server::{Config, Timeouts},
    wire::proto::v1::{RunFunctionRequest, RunFunctionResponse},
};

use crate::support::{
    PATIENCE,
    client::{self, V1},
    eventually,
    process::Process,
    running::{Running, insecure},
};

/// A call whose request is yet to come: in flight for as long as the sender lives.
struct Pending {
    request: mpsc::Sender<RunFunctionRequest>,
    response: JoinHandle<Result<RunFunctionResponse, Status>>,
}

impl Pending {
    async fn start(address: SocketAddr, metrics: SocketAddr) -> Self {
        let (request, requests) = mpsc::channel(1);
        let mut client = Grpc::new(client::plaintext(address).await);
        client.ready().await.unwrap();
        let response = tokio::spawn(async move {
            let codec = ProstCodec::<RunFunctionRequest, RunFunctionResponse>::default();
            let request = Request::new(ReceiverStream::new(requests));
            let path = PathAndQuery::from_static(V1);
            let response = client.client_streaming(request, path, codec).await?;
            Ok(response.into_inner())
        });
        counted(metrics, "started_total", "").await;
        Self { request, response }
    }

    async fn finish(self) -> RunFunctionResponse {
        self.request.send(client::tagged("late")).await.unwrap();
        drop(self.request);
        let response = timeout(PATIENCE, self.response).await;
        response.expect("an answer").unwrap().unwrap()
    }
}

/// Waits until one v1 call is counted.
async fn counted(metrics: SocketAddr, series: &str, label: &str) {
    let line = format!(
        r#"grpc_server_{series}{{grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction"{label}}} 1"#
    );
    eventually(&line, async || {
        let (_, text) = client::http(metrics, "/metrics").await;
        text.lines().any(|l| l == line).then_some(())
    })
    .await;
}

#[tokio::test]
async fn sigterm_lets_a_call_finish_while_nothing_new_is_accepted() {
    let mut process = Process::start();
    let pending = Pending::start(process.address, process.metrics).await;
    assert!(
        client::http(process.metrics, "/readyz")
            .await
            .0
            .contains(" 200 ")
    );

    process.signal("TERM");
    eventually("readiness turns negative", async || {
        let (head, _) = client::http(process.metrics, "/readyz").await;
        head.contains(" 503 ").then_some(())
    })
    .await;
    eventually("the port closes", async || {
        TcpStream::connect(process.address).await.err()
    })
    .await;

    assert_eq!(pending.finish().await.meta.unwrap().tag, "late");
    assert_eq!(process.exit().await.code(), Some(0));
}

#[tokio::test]
async fn an_idle_server_stops_at_once_although_clients_are_connected() {
    for signal in ["TERM", "INT"] {
        let (mut process, lines) = Process::start_logging("info");
        let channel = client::plaintext(process.address).await;
        client::run(&channel, client::tagged("tag")).await.unwrap();
        process.signal(signal);
        assert_eq!(process.exit().await.code(), Some(0), "SIG{signal}");
        let waited = lines.iter().find(|line| line.contains("still running"));
        assert_eq!(waited, None, "SIG{signal}");
        drop(channel);
    }
}

#[tokio::test]
async fn health_turns_negative_for_those_who_watch() {
    let server = Running::start(insecure()).await;
    let mut client = HealthClient::new(client::plaintext(server.address).await);
    let mut watch = client
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    let first = watch.message().await.unwrap().unwrap();
    assert_eq!(first.status(), ServingStatus::Serving);
    let ended = server.stop();
    let second = timeout(PATIENCE, watch.message()).await.unwrap().unwrap();
    assert_eq!(second.unwrap().status(), ServingStatus::NotServing);
    drop(watch);
    timeout(PATIENCE, ended).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_call_that_never_ends_is_cut_off() {
    let config = Config {
        timeouts: Timeouts {
            drain: Duration::from_millis(50),
            ..Timeouts::default()
        },
        ..insecure()
    };
    let server = Running::start(config).await;
    let pending = Pending::start(server.address, server.metrics).await;
    server.end().await;
    assert!(!pending.request.is_closed(), "the call was still waiting");
}

#[tokio::test]
async fn a_call_whose_client_vanishes_counts_as_canceled() {
    let server = Running::start(insecure()).await;
    let between = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (front, back) = (between.local_addr().unwrap(), server.address);
    let wire = tokio::spawn(async move {
        let (mut client, _) = between.accept().await.unwrap();
        let mut server = TcpStream::connect(back).await.unwrap();
        copy_bidirectional(&mut client, &mut server).await
    });
    let pending = Pending::start(front, server.metrics).await;
    wire.abort();
    counted(server.metrics, "handled_total", r#",grpc_code="Canceled""#).await;
    assert!(pending.response.await.unwrap().is_err());
    server.end().await;
}
