//! The limits that the function has set itself.

use crate::{peer::Peer, rounds::Measured, stats::Figure};

/// At most so many times the CPU of the floor.
const FLOOR: f64 = 2.5;
/// At most so much of the CPU of function-sdk-rust.
const RUST_SDK: f64 = 0.1;

/// A limit, and what was measured against it.
pub(crate) struct Bar {
    /// Against whom.
    pub(crate) peer: Peer,
    /// The limit.
    pub(crate) limit: f64,
    /// Our CPU per call over theirs, round by round.
    pub(crate) ratio: Figure,
}

impl Bar {
    /// Whether it is met.
    pub(crate) fn is_met(&self) -> bool {
        self.ratio.median() <= self.limit
    }
}

/// The limits of a settled state, for those peers that were measured.
pub(crate) fn bars(measured: &[Measured]) -> Vec<Bar> {
    let cpu = |peer| {
        measured
            .iter()
            .find(|one| one.peer == peer)
            .map(|one| &one.cpu)
    };
    let limits = [(Peer::Floor, FLOOR), (Peer::RustSdk, RUST_SDK)];
    let bars = limits.into_iter().filter_map(|(peer, limit)| {
        let ratio = cpu(Peer::Ours)?.over(cpu(peer)?);
        Some(Bar { peer, limit, ratio })
    });
    bars.collect()
}
