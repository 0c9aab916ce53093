//! From the sockets to the last answer.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    task::JoinSet,
    time::timeout,
};
use tonic_health::{ServingStatus, server::HealthReporter};

use super::{
    config::{Config, Security},
    function::{Compose, Function},
    http::{self, Shared},
    incoming::{self, Handshake},
    listen::{self, ListenAddress},
    services::{report, router},
    tls::{self, Certificates},
};
use crate::compose::compose;

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
    /// new is accepted, and calls in flight have [`Timeouts::drain`](super::Timeouts::drain) to finish.
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
