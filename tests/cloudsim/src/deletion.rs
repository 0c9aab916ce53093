//! How a managed resource goes: first from the cloud, which may refuse, then from the API server.

use serde_json::Value;

use crate::{
    Fault, Thing,
    cloud::{name_of, text},
    provider::{FINALIZER, Outcome, Round, Rules, condition, may},
};

/// Ticks that a deletion takes; with the fault, this many times longer.
const TAKES: u32 = 1;
const SLOWER: u32 = 20;

/// One round for an object that shall go.
pub(crate) fn advance(
    round: &mut Round<'_>,
    object: &mut Value,
    thing: &mut Thing,
    rules: &Rules,
) -> Outcome {
    let orphaned = !may(object, "Delete") || text(object, "/spec/deletionPolicy") == "Orphan";
    if !thing.exists || orphaned {
        release(object);
        thing.kept |= thing.exists;
        return Outcome::Gone;
    }
    let kind = text(object, "/kind").to_owned();
    condition(object, "Ready", Some(""), "Deleting");
    if rules.forever.contains(&&*kind) {
        thing.kept = true;
        release(object);
        return Outcome::Gone;
    }
    let told = round.has(Fault::DeleteFails, object);
    let refusal = told.then(|| "the simulator was told to refuse".to_owned());
    if let Some(problem) = refusal.or_else(|| (rules.keeps)(&kind, object, round.clouds)) {
        let problem = format!("delete failed: {problem}");
        round.record("refused to delete", object, &problem);
        condition(object, "Synced", Some(&problem), "ReconcileError");
        thing.deleting = None;
        return Outcome::Stays;
    }
    condition(object, "Synced", None, "ReconcileSuccess");
    let slow = round.has(Fault::SlowDelete, object);
    let takes = if slow { TAKES * SLOWER } else { TAKES };
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

/// Lets the API server remove the object.
pub(crate) fn release(object: &mut Value) {
    if let Some(Value::Array(finalizers)) = object.pointer_mut("/metadata/finalizers") {
        finalizers.retain(|finalizer| finalizer != FINALIZER);
    }
}
