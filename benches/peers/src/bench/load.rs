//! Calls, one after the other or several at once, on one connection as Crossplane has it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use peers::{RUN_FUNCTION, Raw};
use tokio::task::JoinSet;
use tonic::{Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};

use crate::{Error, process::Clock};

/// How many call at once in the second phase.
pub(crate) const CROWD: usize = 8;

/// A client that sends the same request each time.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Grpc<Channel>,
    request: Bytes,
}

/// What one phase of one round came to.
pub(crate) struct Phase {
    /// How long each call took, sorted.
    pub(crate) took: Vec<Duration>,
    /// How long the phase took.
    pub(crate) lasted: Duration,
    /// How long the server was on a CPU.
    pub(crate) busy: Duration,
}

impl Caller {
    /// A client on a connection.
    pub(crate) fn new(channel: Channel, request: Bytes) -> Self {
        Self {
            client: Grpc::new(channel),
            request,
        }
    }

    /// One call.
    pub(crate) async fn call(&self) -> Result<Bytes, Status> {
        self.send(Request::new(self.request.clone())).await
    }

    /// One call with another request.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Bytes, Status> {
        let mut client = self.client.clone();
        let ready = client.ready().await;
        ready.map_err(|error| Status::unavailable(error.to_string()))?;
        let path = PathAndQuery::from_static(RUN_FUNCTION);
        let answer = client.unary(request, path, Raw);
        Ok(answer.await?.into_inner())
    }

    async fn call_until(self, end: Instant) -> Result<Vec<Duration>, Status> {
        let mut took = Vec::new();
        while Instant::now() < end {
            let start = Instant::now();
            self.call().await?;
            took.push(start.elapsed());
        }
        Ok(took)
    }

    /// So many callers at once, for so long.
    pub(crate) async fn phase(
        &self,
        pid: u32,
        callers: usize,
        length: Duration,
    ) -> Result<Phase, Error> {
        let before = Clock::read(pid)?;
        let start = Instant::now();
        let mut calling = JoinSet::new();
        for _ in 0..callers {
            calling.spawn(self.clone().call_until(start + length));
        }
        let mut took = Vec::new();
        while let Some(calls) = calling.join_next().await {
            took.extend(calls??);
        }
        let lasted = start.elapsed();
        let busy = Clock::read(pid)?.since(&before);
        took.sort_unstable();
        Ok(Phase { took, lasted, busy })
    }
}

impl Phase {
    fn calls(&self) -> f64 {
        f64::from(u32::try_from(self.took.len()).unwrap_or(u32::MAX))
    }

    /// CPU time per call, in microseconds.
    pub(crate) fn cpu(&self) -> f64 {
        self.busy.as_secs_f64() * 1e6 / self.calls()
    }

    /// Calls per second.
    pub(crate) fn rate(&self) -> f64 {
        self.calls() / self.lasted.as_secs_f64()
    }

    /// The time within which so many percent of the calls were answered, in microseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.took.len() * percent).div_ceil(100).max(1);
        let took = self.took.get(rank - 1).copied().unwrap_or_default();
        took.as_secs_f64() * 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_call_that_was_made() {
        let phase = Phase {
            took: (1..=200).map(Duration::from_micros).collect(),
            lasted: Duration::from_secs(2),
            busy: Duration::from_millis(40),
        };
        for (percent, expected) in [(50, 100.0), (99, 198.0), (100, 200.0)] {
            assert!(
                (phase.percentile(percent) - expected).abs() < 1e-6,
                "{percent}"
            );
        }
        assert!((phase.cpu() - 200.0).abs() < 1e-6);
        assert!((phase.rate() - 100.0).abs() < 1e-6);
    }
}
