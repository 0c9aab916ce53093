//! Certificates that follow their files.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::files::{Error, Files};
use crate::server::metrics::Metrics;

/// A TLS configuration and the folder it came from.
///
/// The files are compared by content, by polling: Kubernetes swaps a symbolic link above them, which
/// file notifications report differently from one volume type to the next.
#[derive(Debug)]
pub struct Certificates {
    dir: PathBuf,
    fingerprint: [[u8; 32]; 3],
    current: watch::Sender<Arc<ServerConfig>>,
    /// The last complaint, so that it is logged once and not at every poll.
    complaint: Option<String>,
}

impl Certificates {
    /// Reads the certificates for the first time.
    ///
    /// # Errors
    /// An [`Error`] that names the file.
    pub async fn load(dir: &Path) -> Result<Self, Error> {
        let files = Files::read(dir).await?;
        let config = Arc::new(files.server_config()?);
        Ok(Self {
            dir: dir.to_owned(),
            fingerprint: files.fingerprint(),
            current: watch::Sender::new(config),
            complaint: None,
        })
    }

    /// The configuration for new handshakes, now and after each change.
    pub fn subscribe(&self) -> watch::Receiver<Arc<ServerConfig>> {
        self.current.subscribe()
    }

    /// Looks for changes until it is dropped. Files that are broken or half-written are reported, and
    /// the last good configuration stays.
    pub async fn follow(mut self, every: Duration, metrics: Arc<Metrics>) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.refresh().await {
                Ok(false) => self.complaint = None,
                Ok(true) => {
                    self.complaint = None;
                    metrics.count_reload(true);
                    tracing::info!(dir = %self.dir.display(), "certificates reloaded");
                }
                Err(error) => {
                    metrics.count_reload(false);
                    self.complain(error.to_string());
                }
            }
        }
    }

    async fn refresh(&mut self) -> Result<bool, Error> {
        let files = Files::read(&self.dir).await?;
        let fingerprint = files.fingerprint();
        if fingerprint == self.fingerprint {
            return Ok(false);
        }
        self.current.send_replace(Arc::new(files.server_config()?));
        self.fingerprint = fingerprint;
        Ok(true)
    }

    fn complain(&mut self, error: String) {
        if self.complaint.as_ref() != Some(&error) {
            tracing::error!(error, "new certificates refused, the old ones stay in use");
            self.complaint = Some(error);
        }
    }
}
