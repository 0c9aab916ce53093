//! What a call may take of the server: a place among the calls at the same time, memory for its
//! request, and time to send it.
//!
//! A call that finds no room is refused at once. A queue would grow while its callers give up, and
//! Crossplane tries again by itself.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::Frame;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tonic::{
    Status,
    body::Body,
    codegen::{
        Body as HttpBody, Bytes,
        http::{Request, Response},
    },
};
use tower::{Layer, Service};

/// How many requests of the largest size may be received at the same time.
const LARGEST_AT_ONCE: usize = 16;

/// Wraps all services of the server.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    /// Free places for calls.
    calls: Arc<Semaphore>,
    /// Free bytes for requests that are not complete.
    bytes: Arc<Semaphore>,
    /// From a call's headers to its answer.
    limit: Duration,
}

impl Admission {
    /// Admits so many calls at once, with requests of this size, for so long.
    pub(super) fn new(calls: usize, max_request_bytes: usize, limit: Duration) -> Self {
        let bytes = max_request_bytes.saturating_mul(LARGEST_AT_ONCE);
        Self {
            calls: Arc::new(Semaphore::new(calls)),
            bytes: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))),
            limit,
        }
    }
}

impl<S> Layer<S> for Admission {
    type Service = Admitted<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let admission = self.clone();
        Admitted { inner, admission }
    }
}

/// The services, for those who are let in.
#[derive(Clone, Debug)]
pub(super) struct Admitted<S> {
    inner: S,
    admission: Admission,
}

impl<S> Service<Request<Body>> for Admitted<S>
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
        let Ok(place) = Arc::clone(&self.admission.calls).try_acquire_owned() else {
            return Box::pin(async { Ok(busy("calls").into_http()) });
        };
        let bytes = Arc::clone(&self.admission.bytes);
        let request = request.map(|body| Body::new(Metered::new(body, bytes)));
        let answer = timeout(self.admission.limit, self.inner.call(request));
        Box::pin(async move {
            let answer = answer.await.unwrap_or_else(|_| Ok(late().into_http()));
            drop(place);
            answer
        })
    }
}

/// A request's body whose bytes are counted until it is dropped, which a service does as soon as it
/// has the message.
struct Metered {
    inner: Body,
    free: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
}

impl Metered {
    fn new(inner: Body, free: Arc<Semaphore>) -> Self {
        let taken = None;
        Self { inner, free, taken }
    }

    fn take(&mut self, bytes: usize) -> Result<(), Status> {
        let count = u32::try_from(bytes).map_err(|_| busy("bytes"))?;
        let free = Arc::clone(&self.free);
        let more = free
            .try_acquire_many_owned(count)
            .map_err(|_| busy("bytes"))?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            None => self.taken = Some(more),
        }
        Ok(())
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && let Err(status) = self.take(data.len())
        {
            return Poll::Ready(Some(Err(status)));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}

/// Not RESOURCE_EXHAUSTED, which is the answer to a request that is too large, however often it is
/// sent.
fn busy(what: &str) -> Status {
    Status::unavailable(format!(
        "too many {what} at once; try again, add a replica or raise --max-concurrent-calls of the function"
    ))
}

fn late() -> Status {
    Status::deadline_exceeded("the call took longer than --call-timeout of the function")
}
