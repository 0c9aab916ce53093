//! One request, and what became of it.

use std::{fmt, time::Duration};

use serde::Serialize;

/// How a caller finds the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Asks DNS for each request.
    Fresh,
    /// Keeps an answer as long as its TTL says.
    Cached,
    /// Keeps its connection, and asks DNS again only when that breaks.
    KeepAlive,
}

impl Kind {
    /// All of them, in the order in which they take turns.
    pub const ALL: [Kind; 3] = [Kind::Fresh, Kind::Cached, Kind::KeepAlive];

    /// Whether it follows DNS within the TTL. One that does not says nothing about the failover.
    pub fn honors_ttl(self) -> bool {
        self != Kind::KeepAlive
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Kind::Fresh => "resolves each time",
            Kind::Cached => "keeps to the TTL",
            Kind::KeepAlive => "keeps its connection",
        })
    }
}

/// Who answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The cluster that traffic is moved from.
    Source,
    /// The one it is moved to.
    Target,
    /// Another one of the service.
    Other,
}

/// Why a request got no good answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Failure {
    /// DNS had no address.
    #[error("no address in DNS")]
    Dns,
    /// No connection.
    #[error("no connection")]
    Connect,
    /// No TLS.
    #[error("no TLS: {0}")]
    Tls(String),
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection was closed before the request was sent; another one may do.
    #[error("closed before the request was sent")]
    Closed,
    /// The connection broke before the answer was there.
    #[error("the connection broke")]
    Broken,
    /// An answer that is no 200.
    #[error("status {0}")]
    Status(u16),
    /// An answer without `X-Served-By`.
    #[error("an answer without X-Served-By")]
    Unsigned,
    /// So many requests wait for an answer that this one was not sent.
    #[error("not sent: too many are under way")]
    NotSent,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Whose.
    pub kind: Kind,
    /// When it was due, since the first one.
    pub due: Duration,
    /// When it was over. Latency counts from `due`: a request that had to wait has waited.
    pub done: Duration,
    /// Who answered, or why nobody did.
    pub outcome: Result<Server, Failure>,
}

impl Sample {
    /// How long its caller waited.
    pub fn latency(&self) -> Duration {
        self.done.saturating_sub(self.due)
    }
}
