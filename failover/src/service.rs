//! The service at one address, over HTTP/1.1, with or without TLS.

use std::{net::IpAddr, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Uri,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::sample::Failure;

/// The largest answer that is read.
const LARGEST: usize = 1024 * 1024;

/// An answer of the service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The cluster of `X-Served-By`, by its name in Argo CD.
    pub cluster: String,
    /// `X-Model-Version`.
    pub model_version: Option<String>,
    /// The body.
    pub body: Value,
}

/// Reaches the service.
#[async_trait]
pub trait Service: Send + Sync {
    /// Connects to an address, whatever DNS says.
    async fn connect(&self, address: IpAddr) -> Result<Box<dyn Connection>, Failure>;
}

/// A connection to the service.
#[async_trait]
pub trait Connection: Send {
    /// Sends the request.
    async fn ask(&mut self) -> Result<Reply, Failure>;
    /// Whether another request can be sent.
    fn is_open(&mut self) -> bool;
}

/// What is asked, and where.
pub struct Http {
    host: String,
    port: u16,
    path: String,
    body: Bytes,
    /// `Authorization`; never printed.
    authorization: Option<header::HeaderValue>,
    limit: Duration,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Http {
    /// A service at `http://` or `https://`.
    ///
    /// # Errors
    /// What is wrong with the URL, the token or the certificates.
    pub fn new(
        url: &str,
        body: Bytes,
        token: Option<&str>,
        authority: Option<&Path>,
        limit: Duration,
    ) -> Result<Http, String> {
        let uri: Uri = url
            .parse()
            .map_err(|error| format!("--url {url}: {error}"))?;
        let host = uri
            .host()
            .ok_or_else(|| format!("--url {url}: has no host; write https://HOST/PATH"))?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(format!("--url {url}: is neither http:// nor https://")),
        };
        let authorization = token.map(|token| {
            let mut value = header::HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| "the token has characters that HTTP does not allow; it is one line of plain letters".to_owned())?;
            value.set_sensitive(true);
            Ok::<_, String>(value)
        });
        let tls = if secure {
            Some((connector(authority)?, server_name(host)?))
        } else {
            None
        };
        Ok(Http {
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            body,
            authorization: authorization.transpose()?,
            limit,
            tls,
        })
    }

    /// The name that DNS is asked for.
    pub fn host(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, Failure> {
        let standard = if self.tls.is_some() { 443 } else { 80 };
        let host = if self.port == standard {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        };
        let mut request = Request::post(&self.path)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "xcluster-failover");
        if let Some(value) = &self.authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        request
            .body(Full::new(self.body.clone()))
            .map_err(|_| Failure::Broken)
    }

    async fn open(&self, address: IpAddr) -> Result<SendRequest<Full<Bytes>>, Failure> {
        let stream = TcpStream::connect((address, self.port))
            .await
            .map_err(|_| Failure::Connect)?;
        // A small request must not wait for the answer to the one before.
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => shake(stream).await,
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await;
                shake(stream.map_err(|error| Failure::Tls(error.to_string()))?).await
            }
        }
    }
}

async fn shake<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Failure::Broken)?;
    // It ends when the sender is dropped, or the other side closes.
    tokio::spawn(connection);
    Ok(sender)
}

fn server_name(host: &str) -> Result<ServerName<'static>, String> {
    ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|error| format!("--url: {host}: {error}"))
}

fn connector(authority: Option<&Path>) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    match authority {
        Some(file) => {
            let certificates = CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let certificates =
                certificates.map_err(|error| format!("--ca-file {}: {error}", file.display()))?;
            if certificates.is_empty() {
                return Err(format!(
                    "--ca-file {}: holds no certificate",
                    file.display()
                ));
            }
            roots.add_parsable_certificates(certificates);
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err("this machine has no certificate authorities; install ca-certificates, or name a file with --ca-file".to_owned());
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("cannot set up TLS: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[async_trait]
impl Service for Arc<Http> {
    async fn connect(&self, address: IpAddr) -> Result<Box<dyn Connection>, Failure> {
        let sender = timeout(self.limit, self.open(address))
            .await
            .map_err(|_| Failure::Timeout)??;
        Ok(Box::new(Held {
            http: Arc::clone(self),
            sender,
            broken: false,
        }))
    }
}

struct Held {
    http: Arc<Http>,
    sender: SendRequest<Full<Bytes>>,
    /// An answer is still under way; the next one would be taken for it.
    broken: bool,
}

impl Held {
    async fn exchange(&mut self) -> Result<Reply, Failure> {
        let request = self.http.request()?;
        self.sender.ready().await.map_err(|_| Failure::Closed)?;
        let response = self.sender.try_send_request(request).await;
        // What comes back was never sent.
        let response = response.map_err(|mut error| match error.take_message() {
            Some(_) => Failure::Closed,
            None => Failure::Broken,
        })?;
        let status = response.status().as_u16();
        let text = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let (signature, model_version) = (text("x-served-by"), text("x-model-version"));
        let body = Limited::new(response.into_body(), LARGEST)
            .collect()
            .await
            .map_err(|_| Failure::Broken)?
            .to_bytes();
        if status != 200 {
            return Err(Failure::Status(status));
        }
        let signature = signature.ok_or(Failure::Unsigned)?;
        Ok(Reply {
            cluster: signature
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
            model_version,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        })
    }
}

#[async_trait]
impl Connection for Held {
    async fn ask(&mut self) -> Result<Reply, Failure> {
        let limit = self.http.limit;
        let reply = timeout(limit, self.exchange())
            .await
            .unwrap_or(Err(Failure::Timeout));
        self.broken = matches!(
            reply,
            Err(Failure::Timeout | Failure::Broken | Failure::Closed)
        );
        reply
    }

    fn is_open(&mut self) -> bool {
        !self.broken && !self.sender.is_closed()
    }
}
