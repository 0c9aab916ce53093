//! The three files, and the configuration that they make.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
    server::{VerifierBuilderError, WebPkiClientVerifier, danger::ClientCertVerifier},
};
use sha2::{Digest, Sha256};

const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";
const AUTHORITY: &str = "ca.crt";

/// The certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is missing or not readable.
    #[error(
        "cannot read {path}: {source}; mount the Secret that holds tls.crt, tls.key and ca.crt \
         there, or pass --insecure to serve without TLS"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not PEM, or not of the right kind.
    #[error("cannot use {path}: {source}; it must hold {expected} in PEM format")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What belongs there.
        expected: &'static str,
        /// Why.
        source: pem::Error,
    },
    /// A certificate in ca.crt cannot be trusted as it is.
    #[error("cannot use {path} to verify clients: {source}; it must hold CA certificates")]
    Authority {
        /// ca.crt.
        path: PathBuf,
        /// Why.
        source: VerifierBuilderError,
    },
    /// A certificate in ca.crt does not parse.
    #[error("cannot use {path}: {source}; it must hold CA certificates in PEM format")]
    Root {
        /// ca.crt.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// The key does not fit the certificate, or one of the two does not parse.
    #[error("cannot use {certificate} with {key}: {source}; issue the two together")]
    Pair {
        /// tls.crt.
        certificate: PathBuf,
        /// tls.key.
        key: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// The cryptography library offers no protocol version.
    #[error("cannot set up TLS: {0}")]
    Provider(rustls::Error),
}

/// The contents of the three files at one moment.
pub(super) struct Files {
    dir: PathBuf,
    certificate: Vec<u8>,
    key: Vec<u8>,
    authority: Vec<u8>,
}

impl Files {
    pub(super) async fn read(dir: &Path) -> Result<Self, Error> {
        Ok(Self {
            dir: dir.to_owned(),
            certificate: read(dir.join(CERTIFICATE)).await?,
            key: read(dir.join(KEY)).await?,
            authority: read(dir.join(AUTHORITY)).await?,
        })
    }

    /// Tells one set of contents from another without keeping a private key in memory.
    pub(super) fn fingerprint(&self) -> [[u8; 32]; 3] {
        [&self.certificate, &self.key, &self.authority].map(|file| Sha256::digest(file).into())
    }

    /// TLS 1.2 and later, HTTP/2 only (grpc-go insists on ALPN), client certificate required.
    pub(super) fn server_config(&self) -> Result<ServerConfig, Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier = self.client_verifier(&provider)?;
        let chain = certificates(self.dir.join(CERTIFICATE), &self.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|source| Error::Pem {
            path: self.dir.join(KEY),
            expected: "a private key (PKCS#1, PKCS#8 or SEC1)",
            source,
        })?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Error::Provider)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)
            .map_err(|source| Error::Pair {
                certificate: self.dir.join(CERTIFICATE),
                key: self.dir.join(KEY),
                source,
            })?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }

    fn client_verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ClientCertVerifier>, Error> {
        let path = self.dir.join(AUTHORITY);
        let mut roots = RootCertStore::empty();
        for root in certificates(path.clone(), &self.authority)? {
            roots.add(root).map_err(|source| Error::Root {
                path: path.clone(),
                source,
            })?;
        }
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|source| Error::Authority { path, source })
    }
}

async fn read(path: PathBuf) -> Result<Vec<u8>, Error> {
    match tokio::fs::read(&path).await {
        Ok(contents) => Ok(contents),
        Err(source) => Err(Error::Read { path, source }),
    }
}

fn certificates(path: PathBuf, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .and_then(|list| {
            let some = !list.is_empty();
            some.then_some(list).ok_or(pem::Error::NoItemsFound)
        });
    found.map_err(|source| Error::Pem {
        path,
        expected: "certificates",
        source,
    })
}
