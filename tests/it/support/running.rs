//! The server inside the test's own process.

use std::{net::SocketAddr, path::Path, time::Duration};

use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use xcluster::{
    compose::compose,
    server::{
        Config, Error, Limits, Security, Server, Timeouts, function::Compose, listen::Network,
    },
};

use super::PATIENCE;

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) metrics: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

/// A plaintext server on ports that the system chooses.
pub(crate) fn insecure() -> Config {
    let local = || "127.0.0.1:0".parse().unwrap();
    Config {
        network: Network::Tcp,
        address: local(),
        security: Security::Insecure,
        max_request_bytes: 4 * 1024 * 1024,
        metrics_address: Some(local()),
        limits: Limits::default(),
        timeouts: Timeouts {
            reload: Duration::from_millis(10),
            ..Timeouts::default()
        },
    }
}

/// The same with TLS.
pub(crate) fn mutual_tls(dir: &Path) -> Config {
    Config {
        security: Security::MutualTls(dir.to_owned()),
        ..insecure()
    }
}

impl Running {
    pub(crate) async fn start(config: Config) -> Self {
        Self::start_with(config, compose).await
    }

    /// A server of another function than ours.
    pub(crate) async fn start_with(config: Config, compose: Compose) -> Self {
        let server = Server::bind(config, compose).await.unwrap();
        let address = server.address().unwrap();
        let metrics = server.metrics_address().unwrap().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.serve(async { drop(stopped.await) }));
        Self {
            address,
            metrics,
            stop,
            task,
        }
    }

    /// Tells the server to stop; the handle ends when it has.
    pub(crate) fn stop(self) -> JoinHandle<Result<(), Error>> {
        drop(self.stop);
        self.task
    }

    /// Stops the server and waits until it has.
    pub(crate) async fn end(self) {
        let ended = timeout(PATIENCE, self.stop()).await;
        ended.expect("the server stops").unwrap().unwrap();
    }
}
