//! More calls than there is room for.

use std::time::Duration;

use tokio::{sync::mpsc, task::JoinHandle};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_prost::ProstCodec;
use xcluster::{
    proto::v1::{RunFunctionRequest, RunFunctionResponse},
    server::{Config, Limits, Timeouts},
};

use crate::support::{
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

#[tokio::test]
async fn a_connection_that_is_old_is_replaced_without_a_failed_call() {
    let server = Running::start(Config {
        timeouts: Timeouts {
            connection: Duration::from_millis(100),
            ..insecure().timeouts
        },
        ..insecure()
    })
    .await;
    let channel = client::plaintext(server.address).await;
    for _ in 0..20 {
        client::run(&channel, tagged("on")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    drop(channel);
    server.end().await;
}
