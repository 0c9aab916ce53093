//! Counts every call, and tells what to do about a request that is too large.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use http_body_util::BodyExt;
use tonic::{
    Code, Status,
    body::Body,
    codegen::http::{HeaderMap, Request, Response},
};
use tower::{Layer, Service};

use super::{
    call_line::malformed,
    metrics::{Call, Metrics},
};

/// Wraps all services of the server.
#[derive(Clone, Debug)]
pub(super) struct Count {
    metrics: Arc<Metrics>,
}

impl Count {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { metrics }
    }
}

impl<S> Layer<S> for Count {
    type Service = Counted<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let metrics = Arc::clone(&self.metrics);
        Counted { inner, metrics }
    }
}

/// The services, counted.
#[derive(Clone, Debug)]
pub(super) struct Counted<S> {
    inner: S,
    metrics: Arc<Metrics>,
}

impl<S> Service<Request<Body>> for Counted<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Some(mut call) = Call::start(&self.metrics, request.uri().path()) else {
            return Box::pin(self.inner.call(request));
        };
        let (request, broken_off) = watch(request);
        let response = self.inner.call(request);
        Box::pin(async move {
            let response = response.await?;
            if broken_off.load(Ordering::Relaxed) {
                call.end(Code::Cancelled);
            }
            Ok(count(response, call))
        })
    }
}

/// Tells when the client goes away in the middle of its request, for which the services have the
/// same code as for a message that does not decode.
fn watch(request: Request<Body>) -> (Request<Body>, Arc<AtomicBool>) {
    let broken_off = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&broken_off);
    let request = request
        .map(|body| Body::new(body.inspect_err(move |_| flag.store(true, Ordering::Relaxed))));
    (request, broken_off)
}

/// A status in the headers is an error before any message; otherwise the status is in the trailers,
/// and if they are never read the call counts as canceled.
fn count(response: Response<Body>, mut call: Call) -> Response<Body> {
    match Status::from_header_map(response.headers()) {
        // tonic's answer to a message over the limit; nothing else here uses this code.
        Some(status) if status.code() == Code::OutOfRange => {
            call.end(Code::ResourceExhausted);
            too_large(&status).into_http()
        }
        Some(status) => {
            // tonic's code for a message that is missing or does not decode.
            if status.code() != Code::Internal {
                call.received();
            } else if let Some(took) = call.malformed() {
                malformed(&status, took);
            }
            call.end(status.code());
            response
        }
        None => {
            call.received();
            response.map(|body| {
                Body::new(body.map_frame(move |frame| {
                    if let Some(trailers) = frame.trailers_ref() {
                        call.end(code(trailers));
                    }
                    frame
                }))
            })
        }
    }
}

fn code(trailers: &HeaderMap) -> Code {
    Status::from_header_map(trailers).map_or(Code::Unknown, |status| status.code())
}

/// grpc-go's code for it, and the flag that helps.
fn too_large(status: &Status) -> Status {
    Status::resource_exhausted(format!(
        "request too large: {}; raise --max-recv-message-size (in MB) or \
         FUNCTION_XCLUSTER_MAX_RECV_MESSAGE_SIZE of the function",
        status.message()
    ))
}
