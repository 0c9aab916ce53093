//! What a run is asked to do.

use std::time::Duration;

use crate::load::Rate;

/// What kind of move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The source is healthy; nobody should notice.
    Planned,
    /// The source is gone; every second counts.
    Unplanned,
    /// Traffic returns to a cluster that was drained or evacuated.
    Failback,
}

impl Mode {
    /// As the report has it.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Planned => "planned",
            Mode::Unplanned => "unplanned",
            Mode::Failback => "failback",
        }
    }
}

/// A run's settings.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cluster that serves now.
    pub from: String,
    /// The one that serves afterwards.
    pub to: String,
    /// Where both are, when names alone do not say.
    pub namespace: Option<String>,
    /// What kind of move it is.
    pub mode: Mode,
    /// Whether traffic goes back when all is done.
    pub failback: bool,
    /// How long callers are watched before anything is changed.
    pub baseline: Duration,
    /// How long the target must serve everything before the source's Pods go.
    pub hold: Duration,
    /// What DNS may take beyond the TTL.
    pub margin: Duration,
    /// How long the function may take until a state is in force.
    pub apply: Duration,
    /// How long a cluster's Pods may take to come back.
    pub warm_up: Duration,
    /// The longest TTL that is accepted.
    pub ttl_limit: Duration,
    /// Requests that may fail, in percent.
    pub budget_percent: f64,
    /// Requests that a cluster's own address must answer before it gets traffic.
    pub direct_requests: u32,
    /// How long a request may take.
    pub request_limit: Duration,
    /// What the callers send.
    pub rate: Rate,
    /// How the names of the service's Applications begin.
    pub application: String,
}

impl Plan {
    /// Whether so many failures are too many. Ten seconds' worth of requests are counted at least: one failure among the
    /// first three requests is no third.
    pub fn over_budget(&self, failed: usize, total: usize) -> bool {
        let counted = total.max(10 * self.rate.per_second as usize);
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers of requests fit a float"
        )]
        let allowed = counted as f64 * self.budget_percent / 100.0;
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers of requests fit a float"
        )]
        let failed = failed as f64;
        failed > allowed
    }
}
