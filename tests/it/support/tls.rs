//! Certificates as Crossplane issues them: a CA, a server and a client certificate that share one
//! subject name and one serial number (`internal/initializer/cert_generator.go`).

use std::{fs, path::Path, sync::Arc, sync::OnceLock};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize,
    SerialNumber, date_time_ymd,
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

/// An RSA key in PKCS#1 format, as Crossplane writes them, and ready to sign with.
pub(crate) fn rsa() -> (String, KeyPair) {
    static KEY: OnceLock<(String, String)> = OnceLock::new();
    let (pkcs1, pkcs8) = KEY.get_or_init(|| {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let pkcs1 = pem("RSA PRIVATE KEY", inner(&key.serialize_der()));
        (pkcs1, key.serialize_pem())
    });
    let key = KeyPair::from_pkcs8_pem_and_sign_algo(pkcs8, &PKCS_RSA_SHA256).unwrap();
    (pkcs1.clone(), key)
}

/// An elliptic-curve key in SEC1 format, and ready to sign with.
pub(crate) fn sec1() -> (String, KeyPair) {
    let key = ecdsa();
    (pem("EC PRIVATE KEY", inner(&key.serialize_der())), key)
}

/// The key in its own format inside PKCS#8: `SEQUENCE { INTEGER, SEQUENCE, OCTET STRING }`.
fn inner(pkcs8: &[u8]) -> &[u8] {
    let (_, body, _) = element(pkcs8);
    let (_, _, rest) = element(body);
    let (_, _, rest) = element(rest);
    let (tag, key, _) = element(rest);
    assert_eq!(tag, 4, "PKCS#8 holds the key in an OCTET STRING");
    key
}

/// The first DER element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (tag, short, rest) = (der[0], usize::from(der[1]), &der[2..]);
    let (len, rest) = if short < 0x80 {
        (short, rest)
    } else {
        let (digits, rest) = rest.split_at(short - 0x80);
        let len = digits
            .iter()
            .fold(0, |len, digit| len << 8 | usize::from(*digit));
        (len, rest)
    };
    let (content, rest) = rest.split_at(len);
    (tag, content, rest)
}

fn pem(label: &str, der: &[u8]) -> String {
    let encoded = serde_json::to_value(k8s_openapi::ByteString(der.to_vec())).unwrap();
    let lines: Vec<_> = encoded.as_str().unwrap().as_bytes().chunks(64).collect();
    let lines = lines.iter().map(|line| std::str::from_utf8(line).unwrap());
    let body = lines.collect::<Vec<_>>().join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
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
