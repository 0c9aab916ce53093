//! Where to listen: Go-style addresses and the IP versions they stand for.

use std::{
    fmt, io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use tokio::net::{TcpListener, lookup_host};

/// The IP versions to listen on, under Go's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Network {
    /// IPv6 and IPv4, with one socket.
    #[default]
    Tcp,
    /// IPv4 only.
    Tcp4,
    /// An IPv6 address. Linux delivers IPv4 to `[::]` too unless `net.ipv6.bindv6only` is set.
    Tcp6,
}

impl Network {
    fn admits(self, address: &SocketAddr) -> bool {
        match self {
            Self::Tcp => true,
            Self::Tcp4 => address.is_ipv4(),
            Self::Tcp6 => address.is_ipv6(),
        }
    }
}

/// `host:port`, `[::1]:port` or, for every address, `:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddress {
    /// A name or an IP address without brackets; `None` for every address.
    pub host: Option<String>,
    /// 0 lets the system choose.
    pub port: u16,
}

/// The text is not an address to listen on.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not [host]:port, for example :9443, 127.0.0.1:9443 or [::1]:9443")]
pub struct InvalidAddress(String);

impl FromStr for ListenAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidAddress(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(invalid)?;
        let port = port.parse().map_err(|_| invalid())?;
        let bracketed = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let host = match bracketed {
            Some(host) if host.parse::<Ipv6Addr>().is_ok() => host,
            None if !host.contains([':', '[', ']', ' ']) => host,
            _ => return Err(invalid()),
        };
        let host = (!host.is_empty()).then(|| host.to_owned());
        Ok(Self { host, port })
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.as_deref() {
            Some(host) if host.contains(':') => write!(f, "[{host}]:{}", self.port),
            host => write!(f, "{}:{}", host.unwrap_or_default(), self.port),
        }
    }
}

/// An address, or nothing for a listener that is turned off with an empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionalAddress(pub Option<ListenAddress>);

impl FromStr for OptionalAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        text.parse().map(|address| Self(Some(address)))
    }
}

/// Opens the listening socket. On Linux `[::]` takes IPv4 as well; where IPv6 is switched off in the
/// kernel, `tcp` falls back to IPv4.
pub(super) async fn bind(network: Network, address: &ListenAddress) -> io::Result<TcpListener> {
    let port = address.port;
    let every = [
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
    ];
    let mut candidates = match address.host.as_deref() {
        None => every.to_vec(),
        Some(host) => lookup_host((host, port)).await?.collect(),
    };
    candidates.retain(|candidate| network.admits(candidate));
    if candidates.is_empty() {
        let reason = format!("the host has no address for --network {network:?}").to_lowercase();
        return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, reason));
    }
    TcpListener::bind(&candidates[..]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_style_addresses_parse_and_print_back() -> Result<(), InvalidAddress> {
        for (text, host, port) in [
            (":9443", None, 9443),
            ("127.0.0.1:0", Some("127.0.0.1"), 0),
            ("[::]:9443", Some("::"), 9443),
            ("localhost:1", Some("localhost"), 1),
        ] {
            let address: ListenAddress = text.parse()?;
            assert_eq!(
                (address.host.as_deref(), address.port),
                (host, port),
                "{text}"
            );
            assert_eq!(address.to_string(), text);
        }
        Ok(())
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", "9443", "::1:9443", "[::1]", "[x]:1", "a:b", "a:65536", "a b:1",
        ] {
            assert_eq!(
                text.parse::<ListenAddress>(),
                Err(InvalidAddress(text.to_owned()))
            );
        }
    }

    #[tokio::test]
    async fn a_host_of_the_other_ip_version_is_refused() {
        let address = ListenAddress {
            host: Some("127.0.0.1".to_owned()),
            port: 0,
        };
        let message = bind(Network::Tcp6, &address)
            .await
            .err()
            .map(|error| error.to_string());
        assert_eq!(
            message.as_deref(),
            Some("the host has no address for --network tcp6")
        );
    }
}
