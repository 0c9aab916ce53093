//! What a resource waits for, in words that stay the same while nothing changes.

use crate::{
    observed::{Condition, conditions},
    plan::{Foreign, ReadyWhen},
    remedy::{FOREIGN, PROVIDER_SILENT, remedy},
    structpb::Struct,
};

/// What a resource waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The thing that has to happen.
    pub what: String,
    /// Why it has not happened.
    pub reason: String,
    /// What a person can do about it, where it does not pass by itself.
    pub fix: Option<&'static str>,
}

impl Waiting {
    /// All of it in one line.
    pub(crate) fn sentence(&self, key: &str) -> String {
        let fix = self
            .fix
            .map(|fix| format!("; fix: {fix}"))
            .unwrap_or_default();
        format!("{key} waits for {}: {}{fix}", self.what, self.reason)
    }
}

/// Names a few resources; a list of all subnets helps nobody.
pub(crate) fn waits_for(keys: &[&str], reason: &str) -> Waiting {
    const SHOWN: usize = 3;
    let mut what = keys
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if keys.len() > SHOWN {
        what = format!("{what} and {} more", keys.len() - SHOWN);
    }
    Waiting {
        what,
        reason: reason.to_owned(),
        fix: None,
    }
}

/// What an existing object waits for, in the provider's own words where it has any.
pub(crate) fn unready(object: &Struct, rule: ReadyWhen) -> Waiting {
    let what = match rule {
        ReadyWhen::Status(status) => format!("status {status}"),
        ReadyWhen::State(state) => format!("state {state}"),
        ReadyWhen::Condition | ReadyWhen::Exists => "condition Ready".to_owned(),
    };
    let found = conditions(object, ["Synced", "LastAsyncOperation", "Ready"]);
    let failure = found.into_iter().flatten().find(|found| found.fails());
    let reports = || {
        let status = object.str_at("status.atProvider.status")?;
        Some(format!("the cloud reports {}", stable(status)))
    };
    let (reason, fix) = match failure {
        Some(failure) => (describe(failure), remedy(failure.message())),
        None => match reports() {
            Some(reason) => (reason, None),
            None => {
                let reason = "the provider has not reported on it yet";
                (reason.to_owned(), Some(PROVIDER_SILENT))
            }
        },
    };
    Waiting { what, reason, fix }
}

/// What an existing object waits for that belongs to somebody else.
pub(crate) fn not_ours(foreign: &Foreign) -> Waiting {
    Waiting {
        what: format!("{} of this composite", foreign.ours),
        reason: format!("the object in the cloud has {}", foreign.has),
        fix: Some(FOREIGN),
    }
}

/// What a provider reports, in the condition `Synced`, of an object that is ready and that it can no
/// longer look after.
pub(crate) fn unmaintained(synced: Condition<'_>) -> Option<Waiting> {
    synced.fails().then(|| Waiting {
        what: "condition Synced".to_owned(),
        reason: describe(synced),
        fix: remedy(synced.message()),
    })
}

fn describe(condition: Condition<'_>) -> String {
    let (reason, message) = (stable(condition.reason()), stable(condition.message()));
    if message.is_empty() {
        reason
    } else {
        format!("{reason}: {message}")
    }
}

/// A provider's message without what differs on every attempt. AWS puts a request id into each
/// error; a status that changes with it would start a new reconcile every time.
fn stable(message: &str) -> String {
    const LONGEST: usize = 300;
    let words = message
        .split_whitespace()
        .scan(false, |id_follows, word| {
            let is_id = std::mem::replace(&mut *id_follows, is_id_label(word));
            Some(if is_id { "…" } else { word })
        })
        .collect::<Vec<_>>()
        .join(" ");
    let plain: String = words
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .take(LONGEST)
        .collect();
    plain
}

fn is_id_label(word: &str) -> bool {
    matches!(
        word.trim_start_matches(['(', '[', '"'])
            .to_ascii_lowercase()
            .as_str(),
        "requestid:" | "request-id:" | "hostid:" | "requestid=" | "requestid"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_does_not_reach_the_status() {
        let message = "api error AccessDenied: no (RequestID: 4b1c-22) at all";
        assert_eq!(
            stable(message),
            "api error AccessDenied: no (RequestID: … at all"
        );
        assert_eq!(stable("plain"), "plain");
    }
}
