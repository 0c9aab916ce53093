//! When a resource is ready.

use crate::{
    plan::observed::{Condition, condition},
    wire::structpb::Struct,
};

/// When a resource counts as ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyWhen {
    /// Its `Ready` condition is true.
    Condition,
    /// The cloud reports this status. upjet's `Ready` means no more than "exists".
    Status(&'static str),
    /// It is ready, and if the cloud reports a state, it is this one.
    State(&'static str),
    /// Its `Ready` condition is true, and its provider does not say that its creation failed: kinds whose state no
    /// provider reports. upjet's `Ready` means no more than "exists" then, too.
    Made,
    /// It exists: kinds without conditions.
    Exists,
}

impl ReadyWhen {
    /// Whether the observed object satisfies the rule.
    pub fn holds(self, object: &Struct) -> bool {
        self.holds_with(object, condition(object, "Ready"))
    }

    /// Whether it does, with its `Ready` condition. Other conditions count for [`Self::Made`] alone:
    /// `LastAsyncOperation` turns false on errors that the next attempt fixes.
    pub fn holds_with(self, object: &Struct, ready: Option<Condition<'_>>) -> bool {
        let is_ready = ready.is_some_and(Condition::holds);
        match self {
            Self::Condition => is_ready,
            Self::Made => is_ready && !creation_failed(object),
            Self::Status(status) => object.str_at("status.atProvider.status") == Some(status),
            Self::State(state) => {
                let found = object.str_at("status.atProvider.state");
                is_ready && found.is_none_or(|found| found == state)
            }
            Self::Exists => true,
        }
    }
}

/// Whether the last thing that upjet did was a creation that failed (`resource/conditions.go`, upjet v2.4). It says so until
/// it looks at the object the next time.
fn creation_failed(object: &Struct) -> bool {
    let last = condition(object, "LastAsyncOperation");
    last.is_some_and(|it| it.fails() && it.reason() == "AsyncCreateFailure")
}
