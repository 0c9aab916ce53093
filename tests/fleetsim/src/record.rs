//! What is counted.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::{settings::Times, shape::Cloud};

/// How long a window is in which the busiest moment is looked for.
pub(crate) const WINDOW: Duration = Duration::from_secs(10);

/// A part of the simulated time.
#[derive(Clone, Debug)]
pub struct Phase {
    /// What tables call it.
    pub name: &'static str,
    /// When it begins.
    pub from: Duration,
    /// When it ends.
    pub to: Duration,
    /// Calls of the function.
    pub calls: u64,
    /// Their CPU time.
    pub busy: Duration,
    /// How long each waited for a core, in microseconds.
    pub waits: Histogram<u64>,
    /// How long each reconcile waited for a worker of core, in milliseconds.
    pub queued: Histogram<u64>,
    /// Breakers that opened.
    pub opened: u64,
    /// Calls and CPU time by window.
    pub windows: Vec<(u32, Duration)>,
}

impl Phase {
    fn new(name: &'static str, from: Duration, takes: Duration) -> Self {
        let empty = || Histogram::new(3).unwrap_or_else(|_| unreachable!("3 digits are allowed"));
        Self {
            name,
            from,
            to: from + takes,
            calls: 0,
            busy: Duration::ZERO,
            waits: empty(),
            queued: empty(),
            opened: 0,
            windows: Vec::new(),
        }
    }

    /// How long it is.
    pub fn takes(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    /// Calls a second, on average.
    pub fn rate(&self) -> f64 {
        // No phase has 2^53 calls.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let calls = self.calls as f64;
        calls / self.takes().as_secs_f64()
    }

    /// Cores that the calls keep busy, on average.
    pub fn cores(&self) -> f64 {
        self.busy.as_secs_f64() / self.takes().as_secs_f64()
    }

    /// Calls a second and cores in the busiest ten seconds, each by itself.
    pub fn busiest(&self) -> (f64, f64) {
        let window = WINDOW.as_secs_f64();
        let calls = self.windows.iter().map(|(calls, _)| *calls).max();
        let busy = self.windows.iter().map(|(_, busy)| *busy).max();
        let busy = busy.unwrap_or_default().as_secs_f64();
        (f64::from(calls.unwrap_or(0)) / window, busy / window)
    }

    fn called(&mut self, now: Duration, took: Duration, waited: Duration) {
        self.calls += 1;
        self.busy += took;
        // A wait of 500,000 years does not fit.
        let _ = self.waits.record(micros(waited));
        let window = now.saturating_sub(self.from).as_secs() / WINDOW.as_secs();
        let window = usize::try_from(window).unwrap_or(usize::MAX);
        if self.windows.len() <= window {
            self.windows.resize(window + 1, (0, Duration::ZERO));
        }
        let (calls, busy) = &mut self.windows[window];
        *calls += 1;
        *busy += took;
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// What one cluster went through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Life {
    /// Reconciles and calls until it was Ready for the first time.
    pub(crate) reconciles: u64,
    pub(crate) calls: u64,
    pub(crate) tokens: u64,
    /// From its creation.
    pub(crate) ready: Option<Duration>,
    /// The burst that its breaker needed until then, and ever.
    pub(crate) needed: f64,
    pub(crate) needed_ever: f64,
    /// Whether its control plane can never be made.
    pub(crate) broken: bool,
    /// When its breaker opened first.
    pub(crate) opened: Option<Duration>,
}

/// Sorted figures of the clusters of one cloud.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lives {
    /// Clusters.
    pub count: usize,
    /// Of them, those whose control plane can never be made.
    pub broken: usize,
    /// Those that became Ready.
    pub ready: usize,
    /// Seconds until then.
    pub seconds: Vec<f64>,
    /// Reconciles until then.
    pub reconciles: Vec<f64>,
    /// Calls until then.
    pub calls: Vec<f64>,
    /// Tokens of the breaker until then.
    pub tokens: Vec<f64>,
    /// The burst that the breaker needed until then.
    pub needed: Vec<f64>,
    /// The burst that the breaker of any cluster ever needed.
    pub needed_ever: Vec<f64>,
    /// When breakers opened first, in seconds.
    pub opened: Vec<f64>,
}

/// The value of which a share of sorted figures is at most as large; 0 of none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "far below 2^53, and share is from 0 to 1"
    )]
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

impl Lives {
    pub(crate) fn of<'a>(lives: impl Iterator<Item = &'a Life>) -> Self {
        let mut all = Self::default();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let count = |number: u64| number as f64;
        for life in lives {
            all.count += 1;
            all.broken += usize::from(life.broken);
            all.needed_ever.push(life.needed_ever);
            all.opened.extend(life.opened.map(|at| at.as_secs_f64()));
            if let Some(ready) = life.ready {
                all.ready += 1;
                all.seconds.push(ready.as_secs_f64());
                all.reconciles.push(count(life.reconciles));
                all.calls.push(count(life.calls));
                all.tokens.push(count(life.tokens));
                all.needed.push(life.needed);
            }
        }
        for figures in [
            &mut all.seconds,
            &mut all.reconciles,
            &mut all.calls,
            &mut all.tokens,
            &mut all.needed,
            &mut all.needed_ever,
            &mut all.opened,
        ] {
            figures.sort_by(f64::total_cmp);
        }
        all
    }
}

/// All of a simulation.
#[derive(Clone, Debug)]
pub struct Record {
    /// How many composites there were.
    pub clusters: usize,
    /// In their order.
    pub phases: Vec<Phase>,
    /// By cloud.
    pub lives: Vec<(&'static str, Lives)>,
    /// Calls of the function that core made, and how many of them had to be computed.
    pub calls: (u64, u64),
    /// Tokens that core's breakers counted.
    pub events: u64,
    /// The most handlers that core has for one kind.
    pub handlers: u32,
}

impl Record {
    pub(crate) fn new(clusters: usize, times: &Times) -> Self {
        let mut from = Duration::ZERO;
        let phases = [
            ("ramp", times.ramp + times.rest),
            ("steady", times.steady),
            ("outage", times.outage),
            ("recovery", times.recovery),
        ];
        let phases = phases.map(|(name, takes)| {
            let phase = Phase::new(name, from, takes);
            from += takes;
            phase
        });
        let phases = phases.into_iter().filter(|phase| phase.to > phase.from);
        Self {
            clusters,
            phases: phases.collect(),
            lives: Vec::new(),
            calls: (0, 0),
            events: 0,
            handlers: 0,
        }
    }

    /// When everything ends.
    pub(crate) fn end(&self) -> Duration {
        self.phases.last().map_or(Duration::ZERO, |phase| phase.to)
    }

    fn phase(&mut self, now: Duration) -> Option<&mut Phase> {
        self.phases.iter_mut().find(|phase| now < phase.to)
    }

    /// A call came, waited and was computed.
    pub(crate) fn called(&mut self, now: Duration, took: Duration, waited: Duration) {
        self.calls.0 += 1;
        if let Some(phase) = self.phase(now) {
            phase.called(now, took, waited);
        }
    }

    /// A worker of core took a composite that had been due for so long.
    pub(crate) fn taken(&mut self, now: Duration, waited: Duration) {
        if let Some(phase) = self.phase(now) {
            let _ = phase.queued.record(micros(waited) / 1000);
        }
    }

    /// A breaker opened.
    pub(crate) fn opened(&mut self, now: Duration) {
        if let Some(phase) = self.phase(now) {
            phase.opened += 1;
        }
    }

    /// Sums up what the clusters went through.
    pub(crate) fn finish(&mut self, lives: &[(Cloud, &Life)]) {
        for cloud in crate::shape::CLOUDS {
            let own = lives.iter().filter(|(of, _)| *of == cloud);
            let own = Lives::of(own.map(|(_, life)| *life));
            self.lives.push((cloud.name(), own));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values = [1.0, 2.0, 3.0, 4.0];
        let found = [0.5, 0.99, 0.0].map(|share| quantile(&values, share).to_string());
        assert_eq!(found, ["2", "4", "1"]);
        assert!(quantile(&[], 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn the_busiest_window_is_not_the_mean() {
        let mut phase = Phase::new("steady", Duration::from_secs(100), Duration::from_secs(100));
        let call = Duration::from_millis(500);
        for at in [105, 131, 132] {
            phase.called(Duration::from_secs(at), call, Duration::ZERO);
        }
        let (calls, cores) = phase.busiest();
        let found = [phase.rate(), phase.cores(), calls, cores].map(|figure| figure.to_string());
        assert_eq!(found, ["0.03", "0.015", "0.2", "0.1"]);
    }
}
