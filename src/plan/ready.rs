//! When a resource is ready.

use crate::{
    plan::observed::{Condition, conditions},
    wire::structpb::Struct,
};

/// What EKS reports of what it changes (EKS API, Cluster.status and Nodegroup.status). It changes only what was `ACTIVE`, and
/// that serves meanwhile.
const UPDATING: &str = "UPDATING";

/// The label of an object whose creation failed: the state that the cloud gave it. upjet reports a failure for a moment, and
/// calls what exists ready from then on.
pub const CREATION_FAILED: &str = "xcluster.dev/creation-failed";

/// When a resource counts as ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyWhen {
    /// Its `Ready` condition is true, and its provider does not say that its creation failed. upjet's `Ready` means no more
    /// than "exists", also of what a failed creation left behind.
    Condition,
    /// The same, and no label says that its creation ended in this state.
    Unless(&'static str),
    /// The cloud reports this status, or that it updates what had it.
    Status(&'static str),
    /// It is ready, and if the cloud reports a state, it is this one.
    State(&'static str),
    /// It exists: kinds without conditions.
    Exists,
}

impl ReadyWhen {
    /// Whether the observed object satisfies the rule.
    pub fn holds(self, object: &Struct) -> bool {
        let [ready, last] = conditions(object, ["Ready", "LastAsyncOperation"]);
        self.holds_with(object, ready, last)
    }

    /// Whether it does, with its conditions `Ready` and `LastAsyncOperation`.
    pub fn holds_with(
        self,
        object: &Struct,
        ready: Option<Condition<'_>>,
        last: Option<Condition<'_>>,
    ) -> bool {
        let is_ready = || ready.is_some_and(Condition::holds) && !last.is_some_and(creation_failed);
        match self {
            Self::Condition => is_ready(),
            Self::Unless(state) => is_ready() && made_in(object) != Some(state),
            Self::Status(status) => {
                let found = object.str_at("status.atProvider.status");
                found.is_some_and(|found| found == status || found == UPDATING)
            }
            Self::State(state) => {
                let found = object.str_at("status.atProvider.state");
                found.is_none_or(|found| found == state) && is_ready()
            }
            Self::Exists => true,
        }
    }
}

/// The state in which the creation of an object failed, by its label.
pub fn made_in(object: &Struct) -> Option<&str> {
    let labels = object.at("metadata.labels")?.as_struct()?;
    labels.get(CREATION_FAILED)?.as_str()
}

/// Whether the cloud is at a change of an object, during which it takes no other one.
pub(crate) fn is_busy(object: &Struct) -> bool {
    object.str_at("status.atProvider.status") == Some(UPDATING)
}

/// Whether the last thing that upjet did was a creation that failed (`resource/conditions.go`, upjet v2.4). It says so until
/// it looks at the object the next time. Errors of an update do not count: the next attempt fixes them.
fn creation_failed(last: Condition<'_>) -> bool {
    last.fails() && last.reason() == "AsyncCreateFailure"
}
