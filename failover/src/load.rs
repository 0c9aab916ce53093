//! Requests at a fixed rate, whatever becomes of them.
//!
//! A caller that waits for an answer before it asks again asks less when the service is slow, and so sees less of it. Here
//! each request has a time at which it is due, and what it waits counts as latency.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc::UnboundedSender, watch},
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::{
    callers::Callers,
    sample::{Failure, Kind, Sample, Server},
};

/// How the two clusters sign their answers.
#[derive(Clone, Debug)]
pub struct Names {
    /// The source's name in Argo CD.
    pub source: String,
    /// The target's.
    pub target: String,
}

impl Names {
    /// Whose answer it is.
    pub fn server(&self, signature: &str) -> Server {
        if signature == self.source {
            Server::Source
        } else if signature == self.target {
            Server::Target
        } else {
            Server::Other
        }
    }
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Requests a second, of all kinds together.
    pub per_second: u32,
    /// Most requests under way at once; what would be more is not sent, and counts as failed.
    pub in_flight: usize,
}

/// Sends requests from `start` on until `stop` says so, then waits for those under way.
pub async fn send(
    callers: Arc<Callers>,
    names: Names,
    rate: Rate,
    start: Instant,
    samples: UnboundedSender<Sample>,
    mut stop: watch::Receiver<bool>,
) {
    let interval = Duration::from_secs(1) / rate.per_second;
    let mut under_way = JoinSet::new();
    for (number, kind) in (0_u32..).zip(Kind::ALL.into_iter().cycle()) {
        let due = interval * number;
        tokio::select! {
            () = sleep_until(start + due) => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
        while under_way.try_join_next().is_some() {}
        let mut sample = Sample {
            kind,
            due,
            done: due,
            outcome: Err(Failure::NotSent),
        };
        if under_way.len() >= rate.in_flight {
            let _ = samples.send(sample);
            continue;
        }
        let (callers, samples, names) = (Arc::clone(&callers), samples.clone(), names.clone());
        under_way.spawn(async move {
            let reply = callers.ask(kind).await;
            sample.outcome = reply.map(|reply| names.server(&reply.cluster));
            sample.done = start.elapsed();
            // Nobody listens any more when the run was given up.
            let _ = samples.send(sample);
        });
    }
    while under_way.join_next().await.is_some() {}
}
