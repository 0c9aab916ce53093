//! The life of one call in numbers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tonic::Code;

use super::{
    outcome::Outcome,
    series::{CODES, Method, Metrics},
};

/// Counts one call: its start when created, its end exactly once. A call that is dropped before its
/// end, because the caller went away, counts as canceled.
#[derive(Debug)]
pub(crate) struct Call {
    metrics: Arc<Metrics>,
    method: Method,
    start: Instant,
    ended: bool,
}

impl Call {
    /// Begins to count, if the method at this path is one of the counted ones.
    pub(crate) fn start(metrics: &Arc<Metrics>, path: &str) -> Option<Self> {
        let method = Method::at(path)?;
        metrics.started.get_or_create(&method).inc();
        Some(Self {
            metrics: Arc::clone(metrics),
            method,
            start: Instant::now(),
            ended: false,
        })
    }

    /// The request was read as a whole.
    pub(crate) fn received(&self) {
        self.metrics.received.get_or_create(&self.method).inc();
    }

    /// The request does not decode. Tells how long that took, when it was the function's request and nothing
    /// else had ended the call.
    pub(crate) fn malformed(&self) -> Option<Duration> {
        let counts = !self.ended && self.method.is_function();
        counts.then(|| {
            self.metrics.count_call(Outcome::Malformed);
            self.start.elapsed()
        })
    }

    /// The call has a status.
    pub(crate) fn end(&mut self, code: Code) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let Self {
            metrics, method, ..
        } = self;
        if code == Code::Ok {
            metrics.sent.get_or_create(method).inc();
        }
        let name = usize::try_from(i32::from(code))
            .ok()
            .and_then(|number| CODES.get(number))
            .unwrap_or(&"Unknown");
        metrics.handled.get_or_create(&method.handled(name)).inc();
        let seconds = self.start.elapsed().as_secs_f64();
        metrics.seconds.get_or_create(method).observe(seconds);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}
