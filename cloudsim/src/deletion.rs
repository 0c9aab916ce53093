//! How a managed resource goes: first from the cloud, which may refuse, then from the API server.

use serde_json::Value;

use crate::{
    Fault, Pace, Thing,
    object::{may, name_of, text},
    pace::Ticks,
    provider::{FINALIZER, Outcome, Round, condition},
    rules::Kind,
};

/// Ticks that a deletion takes; with the fault, this many times longer.
const TAKES: Ticks = Ticks::of(1, 1);
const SLOWER: u32 = 20;

/// One round for an object that shall go.
pub(crate) fn advance(
    round: &mut Round<'_>,
    object: &mut Value,
    thing: &mut Thing,
    kind: &Kind,
) -> Outcome {
    let orphaned = !may(object, "Delete") || text(object, "/spec/deletionPolicy") == "Orphan";
    if !thing.exists || orphaned {
        release(object);
        thing.kept |= thing.exists;
        return Outcome::Gone;
    }
    condition(object, "Ready", Some(""), "Deleting");
    if kind.is_forever {
        thing.kept = true;
        release(object);
        return Outcome::Gone;
    }
    if let Some(problem) = refusal(round, object, kind) {
        let problem = format!("delete failed: {problem}");
        round.record("refused to delete", object, &problem);
        condition(object, "Synced", Some(&problem), "ReconcileError");
        thing.deleting = None;
        return Outcome::Stays;
    }
    condition(object, "Synced", None, "ReconcileSuccess");
    let slow = round.has(Fault::SlowDelete, object);
    let takes = TAKES.at(round.pace) * if slow { SLOWER } else { 1 };
    let left = thing.deleting.unwrap_or(takes);
    if left > 0 {
        thing.deleting = Some(left - 1);
        return Outcome::Stays;
    }
    let name = name_of(object).to_owned();
    round.record("deleted", object, &name);
    release(object);
    Outcome::Gone
}

/// Why the cloud does not delete it now.
fn refusal(round: &Round<'_>, object: &Value, kind: &Kind) -> Option<String> {
    if round.has(Fault::DeleteFails, object) {
        return Some("the simulator was told to refuse".to_owned());
    }
    if round.pace == Pace::Instant {
        return None;
    }
    (kind.keeps)(object, &round.clouds)
}

/// Lets the API server remove the object.
pub(crate) fn release(object: &mut Value) {
    if let Some(Value::Array(finalizers)) = object.pointer_mut("/metadata/finalizers") {
        finalizers.retain(|finalizer| finalizer != FINALIZER);
    }
}
