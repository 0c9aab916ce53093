//! How a call of the function ended.

use prometheus_client::encoding::EncodeLabelSet;

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct OutcomeLabel {
    pub(super) outcome: &'static str,
}

/// How a call of the function ended. Calls that fail before it, for want of room, time or a client, are told
/// by their gRPC code alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was answered without a Fatal result.
    Ok,
    /// It was answered with a Fatal result: somebody wrote what cannot be composed.
    Refused,
    /// The function has a bug.
    Panicked,
    /// The request does not decode.
    Malformed,
}

impl Outcome {
    pub(super) const ALL: [Self; 4] = [Self::Ok, Self::Refused, Self::Panicked, Self::Malformed];

    /// Its name in metrics and logs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Panicked => "panicked",
            Self::Malformed => "malformed",
        }
    }

    pub(super) const fn label(self) -> OutcomeLabel {
        OutcomeLabel {
            outcome: self.name(),
        }
    }
}
