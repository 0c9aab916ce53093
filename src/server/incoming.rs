//! Accepts connections and does their TLS handshakes, each on its own task.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::{Connected, TcpConnectInfo};

/// Handshakes at the same time, beyond which new connections wait in the kernel's queue. Crossplane
/// opens one connection a replica.
const MAX_HANDSHAKES: usize = 1024;

/// Rest after a failed accept: the usual cause, too few file descriptors, does not pass at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection that is ready for HTTP/2, with TLS or without.
pub(super) struct Connection {
    io: Box<dyn Io>,
    info: TcpConnectInfo,
}

/// How handshakes are done.
#[derive(Clone)]
pub(super) struct Handshake {
    /// The configuration of the moment; `None` serves plaintext.
    pub(super) tls: Option<watch::Receiver<Arc<ServerConfig>>>,
    /// The time a client has for it.
    pub(super) limit: Duration,
}

impl Handshake {
    async fn run(self, stream: TcpStream) -> io::Result<Connection> {
        let info = stream.connect_info();
        let Some(config) = self.tls.map(|tls| Arc::clone(&tls.borrow())) else {
            let io = Box::new(stream);
            return Ok(Connection { io, info });
        };
        let handshake = TlsAcceptor::from(config).accept(stream);
        let stream = timeout(self.limit, handshake).await??;
        let io = Box::new(stream);
        Ok(Connection { io, info })
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
            tracing::debug!(%error, ?peer, "client left before the TLS handshake");
        }
        Err(error) => tracing::warn!(%error, ?peer, "TLS handshake refused"),
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
