//! Kubernetes minor versions.

use serde::Serialize;

/// A Kubernetes minor version: `1.36`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The number after `1.`.
    pub minor: u16,
}

impl Version {
    /// The minor version after this one.
    pub fn next(self) -> Self {
        Self {
            minor: self.minor + 1,
        }
    }

    /// Reads the minor version out of `1.36`, `1.36.2-gke.100` or `v1.36.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
        let digits = rest.split(['.', '-', '+']).next()?;
        let sound = digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit());
        Some(Self {
            minor: digits.parse().ok().filter(|_| sound)?,
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
