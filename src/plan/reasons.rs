//! Why an existing resource is not ready, or is not looked after, in words that stay the same while nothing changes.

use super::{
    composed::Foreign,
    observed::{Condition, conditions},
    ready::ReadyWhen,
    remedy::{PROVIDER_SILENT, is_given_up, remedy},
    waiting::Waiting,
    words::stable,
};
use crate::wire::structpb::Struct;

/// States of EKS in which something is wrong (EKS API, Cluster.status and Nodegroup.status). In others it is at work.
const FAILED: [&str; 4] = ["CREATE_FAILED", "DEGRADED", "DELETE_FAILED", "FAILED"];

/// What went wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it waits for, in the words of its provider.
    pub why: Waiting,
    /// Whether it has never been made.
    pub unmade: bool,
}

/// What an existing object waits for, in the provider's own words where it has any.
pub(crate) fn unready(object: &Struct, rule: ReadyWhen) -> Waiting {
    let what = match rule {
        ReadyWhen::Status(status) => format!("status {status}"),
        ReadyWhen::State(state) => format!("state {state}"),
        ReadyWhen::Condition | ReadyWhen::Unless(_) | ReadyWhen::Exists => {
            "condition Ready".to_owned()
        }
    };
    let found = conditions(object, ["Synced", "LastAsyncOperation", "Ready"]);
    let failure = first_failure(found);
    let status = object.str_at(match rule {
        ReadyWhen::State(_) => "status.atProvider.state",
        _ => "status.atProvider.status",
    });
    let told = status.filter(|status| failure.is_none() || FAILED.contains(status));
    let reports = told.map(|status| format!("the cloud reports {}", stable(status)));
    let said: Vec<_> = reports.into_iter().chain(failure.map(describe)).collect();
    let fix = remedy(object, failure, is_reported(object));
    if said.is_empty() {
        return Waiting {
            what,
            reason: "the provider has not reported on it yet".to_owned(),
            fix: fix.or(Some(PROVIDER_SILENT.into())),
        };
    }
    Waiting {
        what,
        reason: said.join("; "),
        fix,
    }
}

/// What is wrong with an object that is not ready, if anything is: others only take their time.
pub(crate) fn failed(object: &Struct, waiting: &Waiting) -> Option<Trouble> {
    let status = object.str_at("status.atProvider.status");
    let failed = status.is_some_and(|status| FAILED.contains(&status))
        || first_failure(conditions(object, ["Synced", "LastAsyncOperation"])).is_some();
    failed.then(|| Trouble {
        why: waiting.clone(),
        unmade: is_given_up(object) || !is_reported(object),
    })
}

/// What a provider reports of an object that is ready and that it can no longer look after, or cannot change as it was asked to.
///
/// upjet tells that an update failed until another one succeeds, or until nothing is left to update (`Observe` of
/// external_async_tfpluginsdk.go, upjet v2.4); while it tries again, `Synced` is true.
pub(crate) fn unmaintained(
    object: &Struct,
    synced_and_last: [Option<Condition<'_>>; 2],
) -> Option<Trouble> {
    let failure = first_failure(synced_and_last)?;
    // It was made after all.
    if failure.reason() == "AsyncCreateFailure" {
        return None;
    }
    Some(Trouble {
        why: Waiting {
            what: "its provider".to_owned(),
            reason: describe(failure),
            fix: remedy(object, Some(failure), true),
        },
        unmade: false,
    })
}

/// What an existing object waits for that belongs to somebody else.
pub(crate) fn not_ours(foreign: &Foreign) -> Waiting {
    Waiting {
        what: format!("{} of this composite", foreign.ours),
        reason: format!("the object in the cloud has {}", foreign.has),
        fix: Some(foreign.fix.into()),
    }
}

fn first_failure<const N: usize>(found: [Option<Condition<'_>>; N]) -> Option<Condition<'_>> {
    found.into_iter().flatten().find(|found| found.fails())
}

/// Whether the cloud has the object: upjet writes its id once it has seen it.
fn is_reported(object: &Struct) -> bool {
    object.str_at("status.atProvider.id").is_some()
}

/// Its message, else its reason. The reasons of errors say no more than the message; `Synced` and `LastAsyncOperation` tell of
/// one failure in turns, and must tell it in the same words.
fn describe(condition: Condition<'_>) -> String {
    let (reason, message) = (stable(condition.reason()), stable(condition.message()));
    match (reason.as_str(), message.as_str()) {
        (_, "") => reason,
        (
            "ReconcileError" | "AsyncCreateFailure" | "AsyncUpdateFailure" | "AsyncDeleteFailure",
            _,
        ) => message,
        _ => format!("{reason}: {message}"),
    }
}

#[cfg(test)]
mod tests;
