//! Ids as clouds make them, but the same for the same object in every run.

use sha2::{Digest, Sha256};

/// The first hexadecimal digits of a text's SHA-256.
pub(crate) fn id(seed: &str, digits: usize) -> String {
    use std::fmt::Write;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(seed.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(digits);
    hex
}

/// An id of a kind's own form: a word, a hyphen, and digits that depend on the seed.
pub(crate) fn hashed(prefix: &str, seed: &str, digits: usize) -> String {
    format!("{prefix}-{}", id(seed, digits))
}

/// The minor of a Kubernetes version such as `1.36` or `1.36.1-gke.1`; 0 where there is none.
pub(crate) fn minor(version: &str) -> u32 {
    let mut parts = version.split('.');
    let minor = parts.nth(1).unwrap_or_default();
    let digits: String = minor.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}
