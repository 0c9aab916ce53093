//! A run: gates, then step after step, while the callers ask.

mod prepare;
mod steps;
mod waits;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Duration, Instant},
};
use xcluster::api::choice::TrafficState;

pub(crate) use prepare::find;
pub use prepare::{Prepared, StartError, prepare};

use crate::{
    callers::Callers,
    cluster::{Cluster, ClusterApi},
    dns::Dns,
    events::{Event, Observer, Record},
    length::seconds,
    load::{self, Names},
    plan::{Mode, Plan},
    report::{Facts, Report},
    sample::Sample,
    service::Service,
    step::{self, Change, Ending, Next, Outcome, Route, Step},
    tally::Tally,
};

/// Everything outside.
#[derive(Clone)]
pub struct World {
    /// The management cluster.
    pub api: Arc<dyn ClusterApi>,
    /// Names to addresses.
    pub dns: Arc<dyn Dns>,
    /// The service.
    pub service: Arc<dyn Service>,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
    /// The service's name.
    pub host: String,
    /// Where the source is asked, instead of at its `status.traffic.address`.
    pub source_address: Option<String>,
    /// Where the target is.
    pub target_address: Option<String>,
    /// Becomes true when somebody stops the run.
    pub interrupted: watch::Receiver<bool>,
}

/// Why a step does not go on.
enum Stop {
    Failed(String),
    Interrupted,
}

struct Run {
    plan: Plan,
    world: World,
    source: Cluster,
    target: Cluster,
    /// How long callers may keep an answer.
    ttl: Duration,
    start: Instant,
    tally: Arc<Mutex<Tally>>,
    /// When the change was asked for.
    decision: Option<Duration>,
    /// When it had reached all callers that keep to the TTL.
    settled: Option<Duration>,
    step: Step,
    /// Whether the management cluster took a write.
    written: bool,
    /// Whether the drain was in force when the run last saw the cluster.
    drained: bool,
    /// The second that was told last.
    told: u64,
}

impl Prepared {
    /// Runs until it is over; never leaves in the middle.
    pub async fn run(self) -> Report {
        let Prepared {
            plan,
            world,
            source,
            target,
            ttl,
            gates,
        } = self;
        let start = Instant::now();
        let (enough, told) = watch::channel(false);
        let names = Names {
            source: source.argocd.clone(),
            target: target.argocd.clone(),
        };
        let callers = Callers::new(
            Arc::clone(&world.dns),
            Arc::clone(&world.service),
            &world.host,
        );
        let (samples, received) = mpsc::unbounded_channel();
        let load = tokio::spawn(load::send(
            Arc::new(callers),
            names,
            plan.rate,
            start,
            samples,
            told,
        ));
        let tally = Arc::new(Mutex::new(Tally::default()));
        let collector = collect(Arc::clone(&tally), received);

        let step = step::first(plan.mode);
        let mut run = Run {
            plan,
            world,
            source,
            target,
            ttl,
            start,
            tally,
            decision: None,
            settled: None,
            step,
            written: false,
            drained: false,
            told: 0,
        };
        let (steps, ending) = run.steps().await;

        let _ = enough.send(true);
        // Requests under way still count; each has its own time limit.
        let _ = load.await;
        let _ = collector.await;
        run.report(gates, steps, ending)
    }
}

fn collect(
    tally: Arc<Mutex<Tally>>,
    mut samples: mpsc::UnboundedReceiver<Sample>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Some(sample) = samples.recv().await {
            tally
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .add(sample);
        }
    })
}

impl Run {
    async fn steps(&mut self) -> (Vec<Record>, Ending) {
        let mut records = Vec::new();
        loop {
            self.world.observer.see(&Event::Began(self.step));
            let began = self.start.elapsed();
            let (outcome, found) = match self.perform().await {
                Ok(found) => (Outcome::Passed, found),
                Err(Stop::Failed(why)) => (Outcome::Failed, why),
                Err(Stop::Interrupted) => (
                    Outcome::Interrupted,
                    "stopped by a person or the system".to_owned(),
                ),
            };
            let took = seconds(self.start.elapsed().saturating_sub(began));
            let record = Record {
                step: self.step,
                began: seconds(began),
                took,
                outcome,
                found,
            };
            self.world.observer.see(&Event::Ended(&record));
            records.push(record);
            let route = self.route(outcome).await;
            match step::next(route, self.step, outcome) {
                Next::Do(step) => self.step = step,
                Next::End(ending) => return (records, ending),
            }
        }
    }

    /// What decides beside the step; looked at only when a step did not pass.
    async fn route(&mut self, outcome: Outcome) -> Route {
        let passed = outcome == Outcome::Passed;
        Route {
            mode: self.plan.mode,
            failback: self.plan.failback,
            source_answers: passed || self.source_answers().await,
            change: if passed {
                Change::Written
            } else {
                self.change().await
            },
        }
    }

    async fn change(&self) -> Change {
        let now = self.current().await;
        let wanted = now.as_ref().map(|cluster| cluster.wanted);
        // A write that got no answer may have been taken.
        if !self.written && wanted == Ok(self.home().wanted) {
            return Change::Unwritten;
        }
        if now.map_or(self.drained, |cluster| cluster.is_drained()) {
            Change::Drained
        } else {
            Change::Written
        }
    }

    async fn perform(&mut self) -> Result<String, Stop> {
        match self.step {
            Step::Baseline => self.baseline().await,
            Step::Drain => self.drain().await,
            Step::Observe => self.observe().await,
            Step::Hold => self.hold().await,
            Step::Evacuate => self.evacuate().await,
            Step::WarmUp => self.warm_up().await,
            Step::Return => self.give_back().await,
            Step::RollBack => self.roll_back(self.home().wanted).await,
            Step::StayDrained => self.roll_back(Some(TrafficState::Drained)).await,
        }
    }

    /// The cluster whose traffic is changed.
    fn home(&self) -> &Cluster {
        match self.plan.mode {
            Mode::Failback => &self.target,
            Mode::Planned | Mode::Unplanned => &self.source,
        }
    }

    fn tally<T>(&self, read: impl FnOnce(&Tally) -> T) -> T {
        read(&self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn report(self, gates: Vec<crate::gates::Gate>, steps: Vec<Record>, ending: Ending) -> Report {
        let facts = Facts {
            mode: self.plan.mode,
            source: self.source,
            target: self.target,
            host: self.world.host,
            rate: self.plan.rate.per_second,
            ttl: self.ttl,
            gates,
            steps,
            ending,
            decision: self.decision,
            settled: self.settled,
            end: self.start.elapsed(),
        };
        Report::new(
            facts,
            &self.tally.lock().unwrap_or_else(PoisonError::into_inner),
        )
    }
}
