//! Names to addresses, each answer with how long it may be kept.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::rr::{RData, RecordType},
};

/// What DNS says of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its addresses, in the order they came.
    pub addresses: Vec<IpAddr>,
    /// How long the answer may be kept.
    pub ttl: Duration,
}

/// Asks DNS; nothing is cached.
#[async_trait]
pub trait Dns: Send + Sync {
    /// The addresses of a name.
    async fn resolve(&self, host: &str) -> Result<Answer, String>;
}

/// The system's resolver, or the one that is named.
pub struct Resolver(Arc<TokioResolver>);

impl Resolver {
    /// One that asks `server`, or what the system asks.
    ///
    /// # Errors
    /// The system's configuration cannot be read.
    pub fn new(server: Option<SocketAddr>) -> Result<Resolver, String> {
        let cannot = |error| format!("cannot set up DNS: {error}; name a server with --resolver");
        let mut builder = match server {
            Some(server) => {
                let transport = |mut config: ConnectionConfig| {
                    config.port = server.port();
                    config
                };
                let server = NameServerConfig::new(
                    server.ip(),
                    true,
                    vec![
                        transport(ConnectionConfig::udp()),
                        transport(ConnectionConfig::tcp()),
                    ],
                );
                TokioResolver::builder_with_config(
                    ResolverConfig::from_name_servers(vec![server]),
                    TokioRuntimeProvider::default(),
                )
            }
            None => TokioResolver::builder_tokio().map_err(cannot)?,
        };
        let options = builder.options_mut();
        // What is cached, and for how long, is the callers' own affair.
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        options.timeout = Duration::from_secs(1);
        options.attempts = 2;
        Ok(Resolver(Arc::new(builder.build().map_err(cannot)?)))
    }
}

#[async_trait]
impl Dns for Resolver {
    async fn resolve(&self, host: &str) -> Result<Answer, String> {
        if let Ok(address) = host.parse() {
            return Ok(Answer {
                addresses: vec![address],
                ttl: Duration::MAX,
            });
        }
        let name = format!("{}.", host.trim_end_matches('.'));
        let mut failure = String::new();
        for kind in [RecordType::A, RecordType::AAAA] {
            let found = match self.0.lookup(name.as_str(), kind).await {
                Ok(found) => found,
                Err(error) => {
                    failure = format!("cannot resolve {host}: {error}");
                    continue;
                }
            };
            let address = |data: &RData| match data {
                RData::A(address) => Some(IpAddr::from(address.0)),
                RData::AAAA(address) => Some(IpAddr::from(address.0)),
                _ => None,
            };
            let addresses: Vec<_> = found
                .answers()
                .iter()
                .filter_map(|record| address(&record.data))
                .collect();
            // The shortest one of a chain of names counts.
            let ttl = found.answers().iter().map(|record| record.ttl).min();
            if let (false, Some(ttl)) = (addresses.is_empty(), ttl) {
                return Ok(Answer {
                    addresses,
                    ttl: Duration::from_secs(ttl.into()),
                });
            }
            failure = format!("{host} has no address in DNS");
        }
        Err(failure)
    }
}
