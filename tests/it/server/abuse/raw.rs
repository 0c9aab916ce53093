//! A connection with TLS, and nobody who minds the protocol on it.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::frames::greeting;
use crate::support::{PATIENCE, tls::SERVER_NAME};

/// The windows of most clients.
pub(super) const USUAL: u32 = 65_535;

pub(super) struct Raw(TlsStream<TcpStream>);

impl Raw {
    /// TLS alone: not a word of HTTP/2.
    pub(super) async fn silent(address: SocketAddr, config: Arc<ClientConfig>) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(SERVER_NAME).unwrap();
        Ok(Self(
            TlsConnector::from(config).connect(name, stream).await?,
        ))
    }

    /// A connection whose client has said hello.
    pub(super) async fn greeted(
        address: SocketAddr,
        config: Arc<ClientConfig>,
        window: u32,
    ) -> io::Result<Self> {
        let mut raw = Self::silent(address, config).await?;
        raw.send(&greeting(window)).await?;
        Ok(raw)
    }

    /// Writes, unless the server does not read for long.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        timeout(Duration::from_secs(5), async {
            self.0.write_all(bytes).await?;
            self.0.flush().await
        })
        .await?
    }

    /// Writes the same so often, or until the server hangs up. How often that was.
    pub(super) async fn flood(
        &mut self,
        times: usize,
        mut bytes: impl FnMut(usize) -> Vec<u8>,
    ) -> usize {
        for n in 0..times {
            if self.send(&bytes(n)).await.is_err() {
                return n;
            }
        }
        times
    }

    /// Types of frames and their payloads, until one of this type or the end.
    pub(super) async fn read_until(&mut self, wanted: u8) -> Option<Vec<u8>> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let frame = tokio::time::timeout_at(deadline, self.next()).await;
            let (kind, payload) = frame.expect("the server answers or hangs up").ok()?;
            if kind == wanted {
                return Some(payload);
            }
        }
    }

    async fn next(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).await?;
        Ok((head[3], payload))
    }

    /// Waits until the server hangs up.
    pub(super) async fn end(&mut self) {
        assert_eq!(self.read_until(u8::MAX).await, None);
    }
}
