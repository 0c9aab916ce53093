//! The server: the function in both API versions, reflection and health over gRPC; metrics and
//! probes over HTTP.

mod admission;
mod http;
mod incoming;
pub mod listen;
mod observe;
mod services;

pub use listen::{ListenAddress, Network, OptionalAddress};

use std::{
    future::Future,
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    task::JoinSet,
    time::timeout,
};
use tonic_health::{ServingStatus, server::HealthReporter};

use self::{
    incoming::Handshake,
    services::{report, router},
};
use crate::{
    compose::compose,
    function::{Compose, Function},
    metrics::Metrics,
    tls::{self, Certificates},
};

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

/// A server cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The certificates cannot be used: the configuration is wrong.
    #[error(transparent)]
    Tls(#[from] tls::Error),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: ListenAddress,
        /// Why.
        source: io::Error,
    },
    /// The embedded descriptors do not fit reflection.
    #[error("cannot offer reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The process cannot be told to stop.
    #[error("cannot listen for signals: {0}")]
    Signal(io::Error),
    /// The gRPC server ended by itself.
    #[error("cannot serve gRPC: {0}")]
    Grpc(#[from] tonic::transport::Error),
}

/// What the parts of a running server share.
struct Shared {
    metrics: Arc<Metrics>,
    ready: AtomicBool,
}

/// A server that listens and has yet to answer.
pub struct Server {
    config: Config,
    compose: Compose,
    grpc: TcpListener,
    http: Option<TcpListener>,
    certificates: Option<Certificates>,
}

/// Serves until SIGTERM or SIGINT, then drains.
///
/// # Errors
/// Any [`Error`]; only [`Error::Tls`] is a matter of configuration.
pub async fn run(config: Config) -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::Signal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::Signal)?;
    let server = Server::bind(config, compose).await?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM received"),
            _ = interrupt.recv() => tracing::info!("SIGINT received"),
        }
    };
    server.serve(stop).await
}

impl Server {
    /// Reads the certificates and opens the sockets, to serve this function.
    ///
    /// # Errors
    /// [`Error::Tls`] or [`Error::Listen`].
    pub async fn bind(config: Config, compose: Compose) -> Result<Self, Error> {
        let certificates = match &config.security {
            Security::MutualTls(dir) => Some(Certificates::load(dir).await?),
            Security::Insecure => None,
        };
        let grpc = bind(&config, &config.address).await?;
        let http = match &config.metrics_address {
            Some(address) => Some(bind(&config, address).await?),
            None => None,
        };
        Ok(Self {
            config,
            compose,
            grpc,
            http,
            certificates,
        })
    }

    /// Where gRPC is served.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.grpc.local_addr()
    }

    /// Where metrics and probes are served, if they are.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn metrics_address(&self) -> io::Result<Option<SocketAddr>> {
        self.http.as_ref().map(TcpListener::local_addr).transpose()
    }

    /// Serves until `shutdown` completes, then drains: health and readiness turn negative, nothing
    /// new is accepted, and calls in flight have [`Timeouts::drain`] to finish.
    ///
    /// # Errors
    /// [`Error::Reflection`] or [`Error::Grpc`].
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
        self.announce();
        let (timeouts, limits) = (self.config.timeouts, self.config.limits);
        let shared = Arc::new(Shared {
            metrics: Arc::default(),
            ready: AtomicBool::new(true),
        });
        let function = Function::new(self.compose, Arc::clone(&shared.metrics));
        let health = HealthReporter::new();
        report(&health, ServingStatus::Serving).await;
        let router = router(function, health.clone(), &shared.metrics, &self.config)?;

        // Ends with this call, and everything in it.
        let mut background = JoinSet::new();
        let tls = self.certificates.as_ref().map(Certificates::subscribe);
        let handshake = Handshake::new(tls, timeouts, limits);
        let connections = incoming::incoming(self.grpc, handshake, &mut background);
        if let Some(certificates) = self.certificates {
            background.spawn(certificates.follow(timeouts.reload, Arc::clone(&shared.metrics)));
        }
        if let Some(listener) = self.http {
            background.spawn(http::serve(listener, Arc::clone(&shared)));
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let grpc = router.serve_with_incoming_shutdown(connections, async { drop(stopped.await) });
        tokio::pin!(grpc);
        tokio::select! {
            ended = &mut grpc => return Ok(ended?),
            () = shutdown => {}
        }
        shared.ready.store(false, Ordering::Relaxed);
        report(&health, ServingStatus::NotServing).await;
        drop(stop);
        tracing::info!("draining");
        if let Ok(ended) = timeout(timeouts.drain, grpc).await {
            ended?;
        } else {
            tracing::warn!(drain = ?timeouts.drain, "calls still running, ending them");
        }
        tracing::info!("stopped");
        Ok(())
    }

    fn announce(&self) {
        let Config {
            security,
            max_request_bytes,
            ..
        } = &self.config;
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            address = self.address().ok().map(tracing::field::display),
            metrics = self
                .metrics_address()
                .ok()
                .flatten()
                .map(tracing::field::display),
            ?security,
            max_request_bytes,
            "serving"
        );
    }
}

async fn bind(config: &Config, address: &ListenAddress) -> Result<TcpListener, Error> {
    let bound = listen::bind(config.network, address).await;
    bound.map_err(|source| Error::Listen {
        address: address.clone(),
        source,
    })
}
