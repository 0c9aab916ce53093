//! Three kinds of callers, as the service has them.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::{sync::Mutex, time::Instant};

use crate::{
    dns::Dns,
    sample::{Failure, Kind},
    service::{Connection, Reply, Service},
};

/// Callers of each kind. They share nothing but the service.
pub struct Callers {
    dns: Arc<dyn Dns>,
    service: Arc<dyn Service>,
    host: String,
    cached: Mutex<Option<(IpAddr, Instant)>>,
    kept: Mutex<Kept>,
}

/// What a caller that keeps its connection has.
#[derive(Default)]
struct Kept {
    address: Option<IpAddr>,
    idle: Vec<Box<dyn Connection>>,
}

impl Callers {
    /// Callers of a service by its name.
    pub fn new(dns: Arc<dyn Dns>, service: Arc<dyn Service>, host: &str) -> Callers {
        Callers {
            dns,
            service,
            host: host.to_owned(),
            cached: Mutex::default(),
            kept: Mutex::default(),
        }
    }

    /// One request.
    ///
    /// # Errors
    /// Why there is no good answer.
    pub async fn ask(&self, kind: Kind) -> Result<Reply, Failure> {
        match kind {
            Kind::Fresh => {
                let address = self.resolve().await?.0;
                self.once(address).await
            }
            Kind::Cached => {
                let address = self.cached_address().await?;
                self.once(address).await
            }
            Kind::KeepAlive => self.kept().await,
        }
    }

    async fn resolve(&self) -> Result<(IpAddr, Instant), Failure> {
        let answer = self
            .dns
            .resolve(&self.host)
            .await
            .map_err(|_| Failure::Dns)?;
        let address = answer.addresses.first().copied().ok_or(Failure::Dns)?;
        let now = Instant::now();
        let until = now
            .checked_add(answer.ttl)
            .unwrap_or_else(|| now + Duration::from_hours(24));
        Ok((address, until))
    }

    async fn cached_address(&self) -> Result<IpAddr, Failure> {
        // Those who come meanwhile wait for the one answer, as they do at a resolver.
        let mut cached = self.cached.lock().await;
        if let Some((address, until)) = *cached
            && Instant::now() < until
        {
            return Ok(address);
        }
        *cached = None;
        let fresh = self.resolve().await?;
        *cached = Some(fresh);
        Ok(fresh.0)
    }

    async fn once(&self, address: IpAddr) -> Result<Reply, Failure> {
        self.service.connect(address).await?.ask().await
    }

    async fn kept(&self) -> Result<Reply, Failure> {
        let mut held = self.idle().await;
        loop {
            let is_old = held.is_some();
            let mut connection = match held.take() {
                Some(connection) => connection,
                None => self.connect_kept().await?,
            };
            let reply = connection.ask().await;
            // The other side closed it while nothing was under way: nothing is lost, and every client tries again.
            if is_old && reply == Err(Failure::Closed) {
                self.forget().await;
                continue;
            }
            if connection.is_open() {
                self.kept.lock().await.idle.push(connection);
            } else {
                self.forget().await;
            }
            return reply;
        }
    }

    async fn idle(&self) -> Option<Box<dyn Connection>> {
        let mut kept = self.kept.lock().await;
        while let Some(mut connection) = kept.idle.pop() {
            if connection.is_open() {
                return Some(connection);
            }
            kept.address = None;
        }
        None
    }

    async fn connect_kept(&self) -> Result<Box<dyn Connection>, Failure> {
        let known = self.kept.lock().await.address;
        let address = match known {
            Some(address) => address,
            None => {
                let address = self.resolve().await?.0;
                self.kept.lock().await.address = Some(address);
                address
            }
        };
        let connected = self.service.connect(address).await;
        if connected.is_err() {
            self.forget().await;
        }
        connected
    }

    async fn forget(&self) {
        self.kept.lock().await.address = None;
    }
}
