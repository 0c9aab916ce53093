//! More calls than there is room for.

use std::{
    error::Error as _,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_prost::ProstCodec;
use xcluster::{
    server::{Config, Limits, Timeouts},
    wire::proto::v1::{RunFunctionRequest, RunFunctionResponse},
};

use super::abuse::frames::{END_HEADERS, HEADERS, PING, call, frame, greeting};
use crate::support::{
    PATIENCE,
    client::{self, V1, tagged},
    eventually,
    running::{Running, insecure},
};

/// An answer that is yet to come.
pub(super) type Answer = JoinHandle<Result<RunFunctionResponse, Status>>;

/// A call whose request is yet to come, and does not end as long as its sender lives.
pub(super) fn begin(channel: &Channel) -> (mpsc::Sender<RunFunctionRequest>, Answer) {
    let (request, requests) = mpsc::channel(1);
    let mut client = Grpc::new(channel.clone());
    let answer = tokio::spawn(async move {
        client.ready().await.unwrap();
        let codec = ProstCodec::<RunFunctionRequest, RunFunctionResponse>::default();
        let request = Request::new(ReceiverStream::new(requests));
        let path = PathAndQuery::from_static(V1);
        let answer = client.client_streaming(request, path, codec).await?;
        Ok(answer.into_inner())
    });
    (request, answer)
}

#[tokio::test]
async fn a_call_without_a_place_is_refused_and_places_come_back() {
    let server = Running::start(Config {
        limits: Limits {
            calls: 2,
            ..Limits::default()
        },
        ..insecure()
    })
    .await;
    let channel = client::plaintext(server.address).await;
    let (first, answer) = begin(&channel);
    let (second, gives_up) = begin(&channel);
    let refused = eventually("all places are taken", async || {
        client::run(&channel, tagged("third")).await.err()
    })
    .await;
    assert_eq!(refused.code(), Code::Unavailable);
    assert!(
        refused.message().contains("--max-concurrent-calls"),
        "{refused}"
    );
    let (_, metrics) = client::http(server.metrics, "/metrics").await;
    assert!(metrics.contains(r#"grpc_code="Unavailable""#), "{metrics}");

    // One place by a caller that gives up, one by an answer.
    gives_up.abort();
    eventually("there is a place", async || {
        client::run(&channel, tagged("third")).await.ok()
    })
    .await;
    first.send(tagged("first")).await.unwrap();
    drop((first, second));
    assert_eq!(answer.await.unwrap().unwrap().meta.unwrap().tag, "first");
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_ends() {
    let server = Running::start(Config {
        timeouts: Timeouts {
            call: Duration::from_millis(200),
            ..insecure().timeouts
        },
        ..insecure()
    })
    .await;
    let channel = client::plaintext(server.address).await;
    let (request, answer) = begin(&channel);
    let ended = answer.await.unwrap().unwrap_err();
    assert_eq!(ended.code(), Code::DeadlineExceeded);
    assert!(ended.message().contains("--call-timeout"), "{ended}");
    client::run(&channel, tagged("next")).await.unwrap();
    drop((channel, request));
    server.end().await;
}

/// Connections that are old after 100 ms and end a second later.
fn short_lived() -> Config {
    Config {
        timeouts: Timeouts {
            connection: Duration::from_millis(100),
            call: Duration::from_secs(1),
            ..insecure().timeouts
        },
        ..insecure()
    }
}

/// Whether a call met a connection that was about to close, and never left the client. gRPC in Go sends
/// such a call on the next connection; tonic says that it was canceled.
fn is_unsent(status: &Status) -> bool {
    let mut cause = status.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            return error.is_canceled();
        }
        cause = error.source();
    }
    false
}

#[tokio::test]
async fn a_connection_that_is_old_is_replaced_without_a_failed_call() {
    let server = Running::start(short_lived()).await;
    let channel = client::plaintext(server.address).await;
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        match client::run(&channel, tagged("on")).await {
            Err(status) if is_unsent(&status) => {}
            answer => drop(answer.unwrap()),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn a_connection_whose_client_will_not_leave_ends() {
    let server = Running::start(short_lived()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // An open stream, and nobody who reads that it is time to go.
    stream.write_all(&greeting(0)).await.unwrap();
    let headers = frame(HEADERS, END_HEADERS, 1, &call(&[]));
    let pings = [headers, frame(PING, 0, 0, &[0; 8])].concat();
    stream.write_all(&pings).await.unwrap();
    let mut all = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    // A reset is as good.
    drop(ended.expect("the server hangs up"));
    server.end().await;
}
