//! What the server is to do.

use std::{path::PathBuf, time::Duration};

use super::listen::{ListenAddress, Network};

/// How clients connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Plaintext, for development.
    Insecure,
    /// TLS in both directions with the tls.crt, tls.key and ca.crt of this folder.
    MutualTls(PathBuf),
}

/// What the server is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The IP versions to listen on, for gRPC and for HTTP.
    pub network: Network,
    /// Where to listen for gRPC.
    pub address: ListenAddress,
    /// TLS or not.
    pub security: Security,
    /// The largest request to accept, in bytes.
    pub max_request_bytes: usize,
    /// Where to serve metrics and probes, if anywhere.
    pub metrics_address: Option<ListenAddress>,
    /// How much may go on at once.
    pub limits: Limits,
    /// How long things may take.
    pub timeouts: Timeouts,
}

/// How much may go on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// gRPC connections; more are closed as they come. Crossplane opens one a replica.
    pub connections: usize,
    /// Calls; more are refused as they come. Crossplane makes 100 at once for an XRD unless
    /// `--max-concurrent-reconciles` says otherwise.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            calls: 256,
        }
    }
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From an accepted connection to the first words of HTTP/2, the TLS handshake among it.
    pub handshake: Duration,
    /// A call, from its headers to its answer.
    pub call: Duration,
    /// A connection, after which its client is asked to open another one. Clients that balance
    /// their load over replicas notice new ones then.
    pub connection: Duration,
    /// From one look at the certificate files to the next.
    pub reload: Duration,
    /// The calls in flight at shutdown; Kubernetes kills the process after 30 s.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            call: Duration::from_mins(1),
            connection: Duration::from_mins(30),
            reload: Duration::from_secs(5),
            drain: Duration::from_secs(10),
        }
    }
}
