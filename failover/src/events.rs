//! What a run tells while it goes on.

use std::time::Duration;

use serde::Serialize;

use crate::{
    gates::Gate,
    step::{Outcome, Step},
    tally::Second,
};

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A gate was looked at.
    Gate(&'a Gate),
    /// A step began.
    Began(Step),
    /// About once a second.
    Tick(Tick),
    /// A step ended.
    Ended(&'a Record),
}

/// Where a run is.
#[derive(Clone, Debug)]
pub struct Tick {
    /// The step.
    pub step: Step,
    /// Since the first request.
    pub elapsed: Duration,
    /// The last whole second.
    pub last: Second,
    /// All requests, and those that failed.
    pub total: usize,
    /// Those that failed.
    pub failed: usize,
}

/// A step that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Which.
    pub step: Step,
    /// Seconds since the first request at which it began.
    pub began: f64,
    /// Seconds that it took.
    pub took: f64,
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen, or what does not hold.
    pub found: String,
}

/// Is told.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn see(&self, event: &Event<'_>);
}
