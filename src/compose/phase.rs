//! Where a cluster is in its life.

use serde::Serialize;

/// Where a cluster is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// It has never been ready.
    Provisioning,
    /// Everything required is ready.
    Ready,
    /// It is on its way to a newer version.
    Upgrading,
    /// It was ready, and something no longer is.
    Degraded,
}

impl Phase {
    /// The phase's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "Provisioning",
            Self::Ready => "Ready",
            Self::Upgrading => "Upgrading",
            Self::Degraded => "Degraded",
        }
    }

    /// The next phase, given the last one.
    pub fn next(last: Option<&str>, ready: bool, upgrading: bool) -> Self {
        match (ready, upgrading, last) {
            (_, true, Some("Ready" | "Upgrading" | "Degraded")) => Self::Upgrading,
            (true, _, _) => Self::Ready,
            (false, _, Some("Ready" | "Upgrading" | "Degraded")) => Self::Degraded,
            (false, _, _) => Self::Provisioning,
        }
    }
}
