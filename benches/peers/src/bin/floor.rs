//! The floor: a tonic server that neither decodes nor builds.
//!
//! It takes the request's bytes and answers with the same bytes each time. What it costs is what
//! HTTP/2, tonic and the kernel cost for messages of this size; no function can cost less.

use std::{
    convert::Infallible,
    env, fs,
    future::{Ready, ready},
    net::SocketAddr,
    task::{Context, Poll},
};

use bytes::Bytes;
use peers::Raw;
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::{BoxFuture, Service, http},
    server::{Grpc, NamedService, UnaryService},
    transport::Server,
};

/// Answers whatever it is asked with one response.
#[derive(Clone)]
struct Fixed(Bytes);

impl NamedService for Fixed {
    const NAME: &'static str = "apiextensions.fn.proto.v1.FunctionRunnerService";
}

impl UnaryService<Bytes> for Fixed {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        ready(Ok(Response::new(self.0.clone())))
    }
}

impl Service<http::Request<Body>> for Fixed {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { Ok(Grpc::new(Raw).unary(this, request).await) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, response] = &arguments[..] else {
        return Err("usage: peer-floor ADDRESS RESPONSE_FILE".into());
    };
    let address: SocketAddr = address.parse()?;
    let response = Bytes::from(fs::read(response)?);
    Server::builder()
        .add_service(Fixed(response))
        .serve(address)
        .await?;
    Ok(())
}
