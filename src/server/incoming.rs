//! Accepts connections and does their TLS handshakes, each on its own task, up to the first words of
//! HTTP/2. What comes after is under the server's keepalive.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch},
    task::JoinSet,
    time::{Sleep, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::{Connected, TcpConnectInfo};

use super::config::{Limits, Timeouts};

/// Handshakes at the same time, beyond which new connections wait in the kernel's queue. Crossplane
/// opens one connection a replica.
const MAX_HANDSHAKES: usize = 1024;

/// Rest after a failed accept: the usual cause, too few file descriptors, does not pass at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a client says first in HTTP/2 (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection that is ready for HTTP/2, with TLS or without.
pub(super) struct Connection {
    io: Box<dyn Io>,
    info: TcpConnectInfo,
    /// What was read already and has yet to be read again.
    preface: &'static [u8],
    /// When it ends, whatever its client does: the server asks clients to leave and does not insist.
    end: Pin<Box<Sleep>>,
    /// Its place among the connections.
    _place: OwnedSemaphorePermit,
}

/// How handshakes are done.
#[derive(Clone)]
pub(super) struct Handshake {
    /// The configuration of the moment; `None` serves plaintext.
    tls: Option<watch::Receiver<Arc<ServerConfig>>>,
    /// The time a client has for it.
    limit: Duration,
    /// How long a connection may last.
    longest: Duration,
    /// Free places for connections.
    places: Arc<Semaphore>,
}

impl Handshake {
    /// Handshakes and connections within these limits. A connection has time for one more call after
    /// its client was asked to leave.
    pub(super) fn new(
        tls: Option<watch::Receiver<Arc<ServerConfig>>>,
        timeouts: Timeouts,
        limits: Limits,
    ) -> Self {
        Self {
            tls,
            limit: timeouts.handshake,
            longest: timeouts.connection.saturating_add(timeouts.call),
            places: Arc::new(Semaphore::new(limits.connections)),
        }
    }

    async fn run(self, stream: TcpStream) -> io::Result<Connection> {
        let info = stream.connect_info();
        let (limit, longest) = (self.limit, self.longest);
        let io = timeout(limit, self.greet(stream)).await??;
        // Last, so that only those who are let in by TLS take a place.
        let place = self.places.try_acquire_owned();
        let place = place.map_err(|_| io::Error::other("too many connections"))?;
        Ok(Connection {
            io,
            info,
            preface: PREFACE,
            end: Box::pin(sleep(longest)),
            _place: place,
        })
    }

    /// TLS, if there is any, and the client's first words.
    async fn greet(&self, stream: TcpStream) -> io::Result<Box<dyn Io>> {
        let config = self.tls.as_ref().map(|tls| Arc::clone(&tls.borrow()));
        let mut io: Box<dyn Io> = match config {
            Some(config) => Box::new(TlsAcceptor::from(config).accept(stream).await?),
            None => Box::new(stream),
        };
        let mut first = [0; PREFACE.len()];
        io.read_exact(&mut first).await?;
        if first == *PREFACE {
            Ok(io)
        } else {
            let kind = io::ErrorKind::InvalidData;
            Err(io::Error::new(kind, "the client does not speak HTTP/2"))
        }
    }
}

/// Connections as they become ready. The listener closes when the stream is dropped.
pub(super) fn incoming(
    listener: TcpListener,
    handshake: Handshake,
    tasks: &mut JoinSet<()>,
) -> ReceiverStream<io::Result<Connection>> {
    let (ready, connections) = mpsc::channel(16);
    tasks.spawn(accept(listener, handshake, ready));
    ReceiverStream::new(connections)
}

async fn accept(
    listener: TcpListener,
    handshake: Handshake,
    ready: mpsc::Sender<io::Result<Connection>>,
) {
    let mut handshakes = JoinSet::new();
    loop {
        tokio::select! {
            () = ready.closed() => return,
            Some(_) = handshakes.join_next() => {}
            accepted = listener.accept(), if handshakes.len() < MAX_HANDSHAKES => match accepted {
                Ok((stream, _)) => {
                    handshakes.spawn(connect(stream, handshake.clone(), ready.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn connect(
    stream: TcpStream,
    handshake: Handshake,
    ready: mpsc::Sender<io::Result<Connection>>,
) {
    let peer = stream.peer_addr().ok();
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, ?peer, "cannot turn off Nagle's algorithm");
    }
    match handshake.run(stream).await {
        // The receiver is gone only when the server is shutting down.
        Ok(connection) => drop(ready.send(Ok(connection)).await),
        // A TCP probe connects and leaves; that is no news.
        Err(error) if is_departure(&error) => {
            tracing::debug!(%error, ?peer, "client left before its first words");
        }
        Err(error) => tracing::warn!(%error, ?peer, "connection refused"),
    }
}

fn is_departure(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.info.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if !self.preface.is_empty() {
            let (now, later) = self
                .preface
                .split_at(buf.remaining().min(self.preface.len()));
            buf.put_slice(now);
            self.preface = later;
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
