//! The function's replicas: who computes which call, and when.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

/// Replicas with some cores each. Core calls them in turns (gRPC's `round_robin` over a headless
/// Service); within a replica the first call that came is the first that a free core takes.
#[derive(Clone, Debug)]
pub(crate) struct Replicas {
    /// By replica, when each core is free.
    free: Vec<BinaryHeap<Reverse<Duration>>>,
    turn: usize,
}

/// A call that is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Served {
    /// How long it waited for a core.
    pub(crate) waited: Duration,
    /// When its answer is there.
    pub(crate) end: Duration,
}

impl Replicas {
    /// Idle ones. There is at least one, with at least one core.
    pub(crate) fn new(replicas: usize, cores: usize) -> Self {
        let idle: BinaryHeap<_> = vec![Reverse(Duration::ZERO); cores.max(1)].into();
        Self {
            free: vec![idle; replicas.max(1)],
            turn: 0,
        }
    }

    /// A call comes, no earlier than those before, and takes a core for so long.
    pub(crate) fn call(&mut self, now: Duration, takes: Duration) -> Served {
        let replica = self.turn;
        self.turn = (self.turn + 1) % self.free.len();
        let cores = &mut self.free[replica];
        let free = cores.pop().map_or(Duration::ZERO, |Reverse(free)| free);
        let begin = free.max(now);
        cores.push(Reverse(begin + takes));
        Served {
            waited: begin.saturating_sub(now),
            end: begin + takes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Duration = Duration::from_millis(10);

    fn waits(mut replicas: Replicas, calls: usize) -> Vec<u128> {
        let all = (0..calls).map(|_| replicas.call(CALL, CALL).waited.as_millis());
        all.collect()
    }

    #[test]
    fn a_call_waits_for_those_before_it() {
        assert_eq!(waits(Replicas::new(1, 1), 4), [0, 10, 20, 30]);
    }

    #[test]
    fn two_cores_and_two_replicas_halve_the_queue_each() {
        assert_eq!(waits(Replicas::new(1, 2), 4), [0, 0, 10, 10]);
        assert_eq!(waits(Replicas::new(2, 1), 4), [0, 0, 10, 10]);
        assert_eq!(waits(Replicas::new(2, 2), 4), [0, 0, 0, 0]);
    }
}
