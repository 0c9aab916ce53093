//! Mutual TLS from the three files that Crossplane mounts: `tls.crt`, `tls.key` and `ca.crt`.
//!
//! Crossplane issues RSA keys as PKCS#1 PEM and gives the CA, the server and the client one subject
//! name; cert-manager and others issue PKCS#8 or SEC1. All of them are accepted.

mod files;
mod reload;

pub use files::Error;
pub use reload::Certificates;
