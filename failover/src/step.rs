//! Which step follows: pure, and all of it in one table.

use std::fmt;

use serde::Serialize;

use crate::plan::Mode;

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Watch the callers; nothing is changed.
    Baseline,
    /// Give the source no share any more.
    Drain,
    /// Wait until no caller that keeps to the TTL is served by it.
    Observe,
    /// See that the target serves everything for a while.
    Hold,
    /// Take the source's Pods away.
    Evacuate,
    /// Bring the Pods back, and see that they answer.
    WarmUp,
    /// Give the cluster its share again.
    Return,
    /// Back to the state before the run.
    RollBack,
    /// Back to drained: no share, Pods stay.
    StayDrained,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Step::Baseline => "baseline",
            Step::Drain => "drain",
            Step::Observe => "observe",
            Step::Hold => "hold",
            Step::Evacuate => "evacuate",
            Step::WarmUp => "warm up",
            Step::Return => "return",
            Step::RollBack => "roll back",
            Step::StayDrained => "stay drained",
        })
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// As it should.
    Passed,
    /// Something does not hold.
    Failed,
    /// Somebody stopped the run.
    Interrupted,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// A gate failed, and nothing was changed.
    Refused,
    /// All gates passed, and nothing was to be changed.
    Checked,
    /// Something failed, or somebody stopped it, before anything was changed.
    Unchanged,
    /// The target serves.
    Moved,
    /// Traffic is back.
    Returned,
    /// Something failed, and the state before the run is restored.
    RolledBack,
    /// Something failed, and the state before could not be restored.
    NotRolledBack,
    /// Something failed; the source stays drained, since it cannot serve or its Pods are not back.
    LeftDrained,
    /// Something failed; the drain was asked for, and is not in force as far as the run can see.
    NotDrained,
}

impl Ending {
    /// Whether the run did what it was asked for.
    pub fn is_good(self) -> bool {
        matches!(self, Ending::Moved | Ending::Returned | Ending::Checked)
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A step.
    Do(Step),
    /// Nothing.
    End(Ending),
}

/// What decides beside the step itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// What kind of move it is.
    pub mode: Mode,
    /// Whether traffic goes back when all is done.
    pub failback: bool,
    /// Whether the cluster that gave its traffic away answers at its own address, so that it can have it back.
    pub source_answers: bool,
    /// How far the change of the cluster's traffic has come.
    pub change: Change,
}

/// How far the change of a cluster's traffic has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing was written.
    Unwritten,
    /// It was written, or may have been, and no drain is in force as far as the run can see.
    Written,
    /// A drain is in force.
    Drained,
}

impl Route {
    /// How a run ends that leaves the source without its traffic.
    fn left(self) -> Ending {
        match self.change {
            Change::Drained => Ending::LeftDrained,
            Change::Written | Change::Unwritten => Ending::NotDrained,
        }
    }
}

/// The first step.
pub fn first(mode: Mode) -> Step {
    match mode {
        Mode::Planned => Step::Baseline,
        Mode::Unplanned => Step::Drain,
        Mode::Failback => Step::WarmUp,
    }
}

/// The step after `step`.
pub fn next(route: Route, step: Step, outcome: Outcome) -> Next {
    use Next::{Do, End};
    let is_unplanned = route.mode == Mode::Unplanned;
    let is_failback = route.mode == Mode::Failback;
    match (step, outcome) {
        (Step::Baseline, Outcome::Passed) => Do(Step::Drain),
        (Step::Baseline, Outcome::Failed) => End(Ending::Refused),
        (Step::Baseline, Outcome::Interrupted) => End(Ending::Unchanged),

        (Step::Drain, Outcome::Passed) => Do(Step::Observe),
        // A write that the management cluster refused has changed nothing.
        (Step::Drain, _) if route.change == Change::Unwritten => End(Ending::Unchanged),
        (Step::Observe, Outcome::Passed) => Do(Step::Hold),
        // A cluster that is gone has no Pods to take away; what is left of it must come back drained.
        (Step::Hold, Outcome::Passed) if is_unplanned => End(Ending::Moved),
        (Step::Hold, Outcome::Passed) => Do(Step::Evacuate),
        // A dead source is worse than a bad target.
        (Step::Drain | Step::Observe | Step::Hold, _) if is_unplanned => End(route.left()),
        (Step::Drain | Step::Observe | Step::Hold, _) if route.source_answers => Do(Step::RollBack),
        (Step::Drain | Step::Observe | Step::Hold, _) => End(route.left()),

        (Step::Evacuate, Outcome::Passed) if route.failback => Do(Step::WarmUp),
        (Step::Evacuate, Outcome::Passed) => End(Ending::Moved),

        (Step::WarmUp, Outcome::Passed) => Do(Step::Return),
        (Step::Return, Outcome::Passed) => End(Ending::Returned),
        (Step::WarmUp, _) if is_failback && route.change == Change::Unwritten => {
            End(Ending::Unchanged)
        }
        // What was evacuated or drained before the run is so again.
        (Step::WarmUp | Step::Return, _) if is_failback => Do(Step::RollBack),
        // Its Pods may be gone, so it cannot just have its traffic back.
        (Step::Evacuate | Step::WarmUp | Step::Return, _) => Do(Step::StayDrained),

        (Step::RollBack, Outcome::Passed) => End(Ending::RolledBack),
        (Step::StayDrained, Outcome::Passed) => End(Ending::LeftDrained),
        (Step::RollBack | Step::StayDrained, _) => End(Ending::NotRolledBack),
    }
}
