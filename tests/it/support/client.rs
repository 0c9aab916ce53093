//! Clients: gRPC with and without TLS, and HTTP.

use std::{io, net::SocketAddr, sync::Arc};

use hyper_util::rt::TokioIo;
use prost::Message;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tonic::{
    Request, Status,
    client::Grpc,
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};
use tonic_prost::ProstCodec;
use xcluster::wire::proto::v1::{RequestMeta, RunFunctionRequest, RunFunctionResponse};

use super::tls::SERVER_NAME;

pub(crate) const V1: &str = "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction";
pub(crate) const V1BETA1: &str =
    "/apiextensions.fn.proto.v1beta1.FunctionRunnerService/RunFunction";

/// A connection in plaintext.
pub(crate) async fn plaintext(address: SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    endpoint.connect().await.unwrap()
}

/// A connection with TLS.
pub(crate) async fn tls(
    address: SocketAddr,
    config: Arc<ClientConfig>,
) -> Result<Channel, tonic::transport::Error> {
    let connect = move |_| {
        let config = Arc::clone(&config);
        async move {
            let stream = TcpStream::connect(address).await?;
            let name = ServerName::try_from(SERVER_NAME).unwrap();
            let stream = TlsConnector::from(config).connect(name, stream).await?;
            Ok::<_, io::Error>(TokioIo::new(stream))
        }
    };
    Endpoint::from_static("http://localhost")
        .connect_with_connector(tower::service_fn(connect))
        .await
}

/// One call.
pub(crate) async fn unary<Q, R>(channel: &Channel, path: &'static str, req: Q) -> Result<R, Status>
where
    Q: Message + 'static,
    R: Message + Default + 'static,
{
    let mut client = Grpc::new(channel.clone());
    let ready = client.ready().await;
    ready.map_err(|error| Status::unavailable(error.to_string()))?;
    let codec = ProstCodec::<Q, R>::default();
    let path = PathAndQuery::from_static(path);
    let response = client.unary(Request::new(req), path, codec).await?;
    Ok(response.into_inner())
}

/// One call of the function in v1.
pub(crate) async fn run(
    channel: &Channel,
    req: RunFunctionRequest,
) -> Result<RunFunctionResponse, Status> {
    unary(channel, V1, req).await
}

/// The smallest request: a tag.
pub(crate) fn tagged(tag: &str) -> RunFunctionRequest {
    RunFunctionRequest {
        meta: Some(RequestMeta {
            tag: tag.to_owned(),
            ..RequestMeta::default()
        }),
        ..RunFunctionRequest::default()
    }
}

/// Whether a client with this TLS configuration gets an answer.
pub(crate) async fn answers(address: SocketAddr, config: Arc<ClientConfig>) -> Result<(), String> {
    let channel = tls(address, config).await;
    let channel = channel.map_err(|error| format!("{error:?}"))?;
    let rsp = run(&channel, tagged("tag")).await;
    let rsp = rsp.map_err(|status| format!("{status:?}"))?;
    assert_eq!(rsp.meta.unwrap().tag, "tag");
    Ok(())
}

/// An HTTP response: status line and headers, and the body.
pub(crate) async fn http(address: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}
