//! What is simulated.

use std::time::Duration;

use clap::ValueEnum;

use crate::breaker::Limits;

/// What is simulated. Equal settings give equal figures.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Composites, half of them on each cloud.
    pub clusters: usize,
    /// Where chance begins.
    pub seed: u64,
    /// How long everything takes.
    pub times: Times,
    /// What goes wrong.
    pub faults: Faults,
    /// Which core.
    pub core: Core,
    /// Its circuit breaker.
    pub limits: Limits,
    /// `--max-concurrent-reconciles` of core, 100 unless set.
    pub workers: usize,
    /// Whether core runs realtime compositions, as it does unless told otherwise: else it polls.
    pub realtime: bool,
    /// `--sync-interval` of core: how often its cache hands out every object again, 1 hour unless set.
    pub resync: Duration,
    /// Replicas of the function.
    pub replicas: usize,
    /// Cores of each.
    pub cores: usize,
    /// How often the measured CPU time a call takes: 2 for a slower machine.
    pub slowdown: f64,
    /// How many different lives there are, by chance. A larger fleet has clusters that live alike, each at its own
    /// time: what happens to a thousand clusters is not told better by ten thousand.
    pub lives: usize,
    /// Whether equal calls of equal clusters are made once. Without it every cluster has a name of its own in
    /// all of its calls; the figures are the same.
    pub remember: bool,
}

/// Releases of Crossplane, which differ in what they watch. Their circuit breakers are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Core {
    /// v2.3.4: the composed objects.
    #[value(name = "2.3")]
    V23,
    /// v2.4.0: the kinds of what is composed and required.
    #[value(name = "2.4")]
    V24,
}

/// The four phases, one after another, and core's own work.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// In which the clusters are created, evenly.
    pub ramp: Duration,
    /// From the last creation until the next phase; the last cluster is Ready by then.
    pub rest: Duration,
    /// In which nothing happens that is not part of every day.
    pub steady: Duration,
    /// In which one cloud does not answer.
    pub outage: Duration,
    /// Afterwards.
    pub recovery: Duration,
    /// From the beginning of a reconcile to the call: reads from core's cache. An assumption.
    pub observe: Duration,
    /// For each object after the call: a server-side apply, one after another. An assumption; an API server in
    /// the same cluster answers in milliseconds.
    pub apply: Duration,
}

/// What goes wrong, as shares and probabilities from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Of attempts to create something: throttled, or failed for a moment.
    pub attempt: f64,
    /// Of clusters: their control plane can never be made.
    pub broken: f64,
    /// Of looks of a provider at what it has: fails for a moment.
    pub look: f64,
    /// Of clusters: one object calls itself unready now and then.
    pub flapping: f64,
    /// Of reconciles: an apply fails, and core backs off.
    pub reconcile: f64,
    /// Whether there is an outage.
    pub outage: bool,
}

impl Faults {
    /// A world in which everything works.
    pub const NONE: Self = Self {
        attempt: 0.0,
        broken: 0.0,
        look: 0.0,
        flapping: 0.0,
        reconcile: 0.0,
        outage: false,
    };
}

const MINUTE: Duration = Duration::from_mins(1);

impl Default for Settings {
    fn default() -> Self {
        Self {
            clusters: 1000,
            seed: 1,
            times: Times {
                ramp: 60 * MINUTE,
                rest: 45 * MINUTE,
                steady: 240 * MINUTE,
                outage: 30 * MINUTE,
                recovery: 60 * MINUTE,
                observe: Duration::from_millis(10),
                apply: Duration::from_millis(5),
            },
            faults: Faults {
                attempt: 0.03,
                broken: 0.01,
                look: 1e-4,
                flapping: 0.005,
                reconcile: 1e-3,
                outage: true,
            },
            core: Core::V23,
            limits: Limits {
                burst: 1000.0,
                refill: 1.0,
                cooldown: 5 * MINUTE,
            },
            workers: 100,
            realtime: true,
            resync: 60 * MINUTE,
            replicas: 2,
            cores: 1,
            slowdown: 1.0,
            lives: 200,
            remember: true,
        }
    }
}
