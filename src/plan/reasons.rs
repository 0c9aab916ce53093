//! Why an existing resource is not ready, in words that stay the same while nothing changes.

use super::{
    composed::Foreign,
    observed::{Condition, conditions},
    ready::ReadyWhen,
    remedy::{PROVIDER_SILENT, in_state, remedy, way_out},
    waiting::Waiting,
};
use crate::wire::structpb::Struct;

/// What an existing object waits for, in the provider's own words where it has any.
pub(crate) fn unready(object: &Struct, rule: ReadyWhen) -> Waiting {
    let what = match rule {
        ReadyWhen::Status(status) => format!("status {status}"),
        ReadyWhen::State(state) => format!("state {state}"),
        ReadyWhen::Condition | ReadyWhen::Made | ReadyWhen::Exists => "condition Ready".to_owned(),
    };
    let found = conditions(object, ["Synced", "LastAsyncOperation", "Ready"]);
    let failure = found.into_iter().flatten().find(|found| found.fails());
    let status = object.str_at("status.atProvider.status");
    let reports = |status: &str| format!("the cloud reports {}", stable(status));
    let (reason, fix) = match (given_up(object), failure, status) {
        (Some((status, fix)), Some(failure), _) => {
            let reason = format!("{}; {}", reports(status), describe(failure));
            (reason, Some(fix))
        }
        (Some((status, fix)), None, _) => (reports(status), Some(fix)),
        (None, Some(failure), _) => (
            describe(failure),
            remedy(failure.message(), is_reported(object)),
        ),
        (None, None, Some(status)) => (reports(status), None),
        (None, None, None) if other_state(object, rule).is_some() => {
            let state = other_state(object, rule).unwrap_or_default();
            (reports(state), in_state(state))
        }
        (None, None, None) => {
            let reason = "the provider has not reported on it yet";
            (reason.to_owned(), Some(PROVIDER_SILENT))
        }
    };
    Waiting { what, reason, fix }
}

/// A state that the cloud reports in the place of the one that is waited for.
fn other_state(object: &Struct, rule: ReadyWhen) -> Option<&str> {
    let ReadyWhen::State(wanted) = rule else {
        return None;
    };
    let state = object.str_at("status.atProvider.state");
    state.filter(|state| *state != wanted)
}

/// The state that an object's cloud leaves by itself no more, and the way out.
pub(crate) fn given_up(object: &Struct) -> Option<(&str, &'static str)> {
    let status = object.str_at("status.atProvider.status")?;
    let [failed] = conditions(object, ["LastAsyncOperation"]);
    let message = failed.map_or("", Condition::message);
    Some((status, way_out(status, message)?))
}

/// What an existing object waits for that belongs to somebody else.
pub(crate) fn not_ours(foreign: &Foreign) -> Waiting {
    Waiting {
        what: format!("{} of this composite", foreign.ours),
        reason: format!("the object in the cloud has {}", foreign.has),
        fix: Some(foreign.fix),
    }
}

/// What a provider reports, in the condition `Synced`, of an object that is ready and that it can no
/// longer look after.
pub(crate) fn unmaintained(synced: Condition<'_>) -> Option<Waiting> {
    synced.fails().then(|| Waiting {
        what: "condition Synced".to_owned(),
        reason: describe(synced),
        fix: remedy(synced.message(), true),
    })
}

/// Whether the cloud has the object: upjet writes its id once it has seen it.
fn is_reported(object: &Struct) -> bool {
    object.str_at("status.atProvider.id").is_some()
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
    let words = message
        .split_whitespace()
        .scan(false, |id_follows, word| {
            let is_id = std::mem::replace(&mut *id_follows, is_id_label(word));
            Some(if is_id { "…" } else { word })
        })
        .collect::<Vec<_>>()
        .join(" ");
    let plain: String = cloud_words(&words)
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    shortened(plain)
}

/// What the cloud said. upjet puts the steps of its own work before it, and the rest of a Go struct after it.
fn cloud_words(message: &str) -> String {
    let mut words = message.to_owned();
    for step in [
        "async create failed: ",
        "async update failed: ",
        "cannot run refresh: ",
    ] {
        words = words.replacen(step, "", 1);
    }
    for step in ["create", "observe", "update", "delete"] {
        let wrapped = format!("failed to {step} the resource: [{{0 ");
        if let Some(at) = words.find(&wrapped) {
            words.replace_range(at..at + wrapped.len(), "");
            let end = words.trim_end_matches(" []}]").len();
            words.truncate(end);
        }
    }
    words
}

/// At most a kilobyte. The decisive words stand at the end, after the names of the operations that failed.
fn shortened(message: String) -> String {
    const LONGEST: usize = 1024;
    const HEAD: usize = 200;
    let length = message.chars().count();
    if length <= LONGEST {
        return message;
    }
    let head = message.chars().take(HEAD);
    let tail = message.chars().skip(length - (LONGEST - HEAD - 1));
    head.chain(['…']).chain(tail).collect()
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

    #[test]
    fn the_clouds_words_are_left_of_what_upjet_wraps() {
        let wrapped = "create failed: async create failed: failed to create the resource: [{0 creating EC2 Subnet: api \
                       error InvalidParameterValue: Value (us-east-1b) is invalid.  []}]";
        assert_eq!(
            stable(wrapped),
            "create failed: creating EC2 Subnet: api error InvalidParameterValue: Value (us-east-1b) is invalid."
        );
        let observed = "observe failed: cannot run refresh: failed to observe the resource: [{0 reading EKS Cluster (a): \
                        no such host  []}]";
        assert_eq!(
            stable(observed),
            "observe failed: reading EKS Cluster (a): no such host"
        );
        // What upjet did not wrap stays as it is.
        let plain = "failed to observe the resource: operation error EC2 []}]";
        assert_eq!(stable(plain), plain);
    }

    #[test]
    fn the_end_of_a_long_message_is_kept() {
        let long = format!("create failed: {} the decisive words ä", "ü".repeat(2000));
        let found = stable(&long);
        assert_eq!(found.chars().count(), 1024);
        assert!(found.starts_with("create failed: ü"), "{found}");
        assert!(found.ends_with("ü the decisive words ä"), "{found}");
        let enough = "x".repeat(1024);
        assert_eq!(stable(&enough), enough);
    }

    #[test]
    fn advice_about_a_region_is_for_what_does_not_exist() {
        let object = |id: Option<&str>| {
            let denied =
                "googleapi: Error 403: Permission denied on 'locations/a' (or it may not exist).";
            let synced = serde_json::json!({"type": "Synced", "status": "False", "reason": "ReconcileError", "message": denied});
            let status = serde_json::json!({"conditions": [synced], "atProvider": {"id": id}});
            crate::wire::structpb::to_struct(&serde_json::json!({"status": status})).unwrap()
        };
        let fix = |object: &Struct| unready(object, ReadyWhen::Condition).fix.unwrap();
        assert!(fix(&object(None)).starts_with("enable the region"));
        assert!(fix(&object(Some("projects/p"))).starts_with("give the provider's identity"));
    }
}
