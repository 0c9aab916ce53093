//! Certificates as Crossplane issues them: a CA, a server and a client certificate that share one
//! subject name and one serial number (`internal/initializer/cert_generator.go`).

use std::{fs, path::Path, process::Command, sync::Arc, sync::OnceLock};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber,
    date_time_ymd,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// The name that Crossplane verifies: service.namespace.
pub(crate) const SERVER_NAME: &str = "function-xcluster.crossplane-system";

/// A certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(crate) struct Issued {
    pub(crate) certificate: Certificate,
    pub(crate) key: KeyPair,
}

fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "Earth");
    params
        .distinguished_name
        .push(DnType::CommonName, "Crossplane");
    params.serial_number = Some(SerialNumber::from(2022_u64));
    params
}

fn ecdsa() -> KeyPair {
    KeyPair::generate().unwrap()
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = params();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Self(CertifiedIssuer::self_signed(params, ecdsa()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(crate) fn server(&self) -> Issued {
        self.server_with(ecdsa())
    }

    pub(crate) fn server_with(&self, key: KeyPair) -> Issued {
        let mut params = params();
        params.subject_alt_names = CertificateParams::new(vec![SERVER_NAME.to_owned()])
            .unwrap()
            .subject_alt_names;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.issue(&params, key)
    }

    pub(crate) fn client(&self) -> Issued {
        let mut params = params();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.issue(&params, ecdsa())
    }

    pub(crate) fn expired_client(&self) -> Issued {
        let mut params = params();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
        self.issue(&params, ecdsa())
    }

    fn issue(&self, params: &CertificateParams, key: KeyPair) -> Issued {
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Issued { certificate, key }
    }

    /// Writes the folder that Crossplane mounts, with a new server certificate.
    pub(crate) fn mount(&self, dir: &Path) {
        let server = self.server();
        fs::write(dir.join("ca.crt"), self.pem()).unwrap();
        fs::write(dir.join("tls.crt"), server.certificate.pem()).unwrap();
        fs::write(dir.join("tls.key"), server.key.serialize_pem()).unwrap();
    }

    /// A client that trusts this authority, with a certificate or without.
    pub(crate) fn client_config(&self, identity: Option<&Issued>) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(self.pem().as_bytes()).unwrap();
        roots.add(root).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match identity {
            None => config.with_no_client_auth(),
            Some(Issued { certificate, key }) => {
                let chain = vec![certificate.der().clone()];
                let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
                config.with_client_auth_cert(chain, key).unwrap()
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Arc::new(config)
    }
}

/// An RSA key of 2048 bits in the format of Crossplane, PKCS#1, and ready to sign with. Made once by
/// the openssl command: rcgen does not make RSA keys.
pub(crate) fn rsa() -> (String, KeyPair) {
    static KEY: OnceLock<(String, String)> = OnceLock::new();
    let (pkcs1, pkcs8) = KEY.get_or_init(|| {
        let pkcs1 = openssl(&["genrsa", "-traditional", "2048"]);
        let dir = tempdir("rsa");
        let path = dir.join("key.pem");
        fs::write(&path, &pkcs1).unwrap();
        let path = path.to_str().unwrap();
        (
            pkcs1,
            openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", path]),
        )
    });
    let key = KeyPair::from_pkcs8_pem_and_sign_algo(pkcs8, &PKCS_RSA_SHA256).unwrap();
    (pkcs1.clone(), key)
}

/// An elliptic-curve key in SEC1 format, and ready to sign with.
pub(crate) fn sec1() -> (String, KeyPair) {
    let key = ecdsa();
    let dir = tempdir("sec1");
    let path = dir.join("key.pem");
    fs::write(&path, key.serialize_pem()).unwrap();
    let pem = openssl(&["ec", "-in", path.to_str().unwrap()]);
    (pem, key)
}

fn openssl(args: &[&str]) -> String {
    let output = Command::new("openssl")
        .args(args)
        .output()
        .expect("these tests need the openssl command");
    assert!(output.status.success(), "openssl {args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An empty folder of this test's own, under the target folder.
pub(crate) fn tempdir(name: &str) -> std::path::PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).unwrap();
    }
    fs::create_dir_all(&dir).unwrap();
    dir
}
