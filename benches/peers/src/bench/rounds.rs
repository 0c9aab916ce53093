//! Several rounds over all peers, one after the other, so that what disturbs the machine for a
//! while disturbs all of them.

use std::time::Duration;

use crate::{
    Error,
    case::Case,
    load::CROWD,
    peer::{Peer, Programs, Running},
    stats::Figure,
};

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// How often.
    pub(crate) rounds: usize,
    /// How long a phase of a round takes.
    pub(crate) phase: Duration,
}

/// What one peer needed for one request. Times are in microseconds.
pub(crate) struct Measured {
    /// Of whom.
    pub(crate) peer: Peer,
    /// CPU per call with one caller.
    pub(crate) cpu: Figure,
    /// CPU per call with several.
    pub(crate) crowd_cpu: Figure,
    /// The time of half of the calls, with one caller.
    pub(crate) p50: Figure,
    /// The time of all but one call in a hundred.
    pub(crate) p99: Figure,
    /// Calls per second with several callers.
    pub(crate) rate: Figure,
    /// The most memory, in bytes.
    pub(crate) memory: u64,
}

impl Measured {
    fn new(peer: Peer) -> Self {
        let [cpu, crowd_cpu, p50, p99, rate] = Default::default();
        Self {
            peer,
            cpu,
            crowd_cpu,
            p50,
            p99,
            rate,
            memory: 0,
        }
    }

    async fn round(&mut self, running: &mut Running, phase: Duration) -> Result<(), Error> {
        let pid = running.pid()?;
        let alone = running.caller.phase(pid, 1, phase).await?;
        let crowd = running.caller.phase(pid, CROWD, phase).await?;
        self.cpu.push(alone.cpu());
        self.p50.push(alone.percentile(50));
        self.p99.push(alone.percentile(99));
        self.crowd_cpu.push(crowd.cpu());
        self.rate.push(crowd.rate());
        Ok(())
    }
}

/// Measures all peers with one request.
pub(crate) async fn measure(
    peers: &[Peer],
    programs: &Programs,
    case: &Case,
    effort: Effort,
) -> Result<Vec<Measured>, Error> {
    let mut running = Vec::new();
    for &peer in peers {
        let mut started = peer.start(programs, case).await?;
        let pid = started.pid()?;
        started.caller.phase(pid, CROWD, effort.phase / 2).await?;
        running.push((started, Measured::new(peer)));
    }
    for round in 0..effort.rounds {
        // Nobody is always the first.
        let turn = round % running.len().max(1);
        running.rotate_left(turn);
        for (server, measured) in &mut running {
            measured.round(server, effort.phase).await?;
        }
        running.rotate_right(turn);
    }
    let mut all = Vec::new();
    for (mut server, mut measured) in running {
        measured.memory = server.peak_memory()?;
        server.stop().await?;
        all.push(measured);
    }
    Ok(all)
}

/// How long each peer takes from its start to its first answer, in milliseconds.
pub(crate) async fn start_up(
    peers: &[Peer],
    programs: &Programs,
    case: &Case,
    times: usize,
) -> Result<Vec<(Peer, Figure)>, Error> {
    let mut all: Vec<_> = peers
        .iter()
        .map(|&peer| (peer, Figure::default()))
        .collect();
    for _ in 0..times {
        for (peer, figure) in &mut all {
            let started = peer.start(programs, case).await?;
            figure.push(started.started_in.as_secs_f64() * 1e3);
            started.stop().await?;
        }
    }
    Ok(all)
}
