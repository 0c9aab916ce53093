//! What a provider does with a managed resource, by upjet's rules: resolve references once, observe
//! before it creates, mirror what the cloud says, never replace, delete only what it may.

use serde_json::{Value, json};

use crate::{
    Event, Fault, Faults, Pace, Thing, apply,
    clouds::Clouds,
    deletion,
    object::{is_going, may, stored_name, text},
    references,
    rules::{Kind, Rules, Subject},
    update::{mirror, update},
};

/// The annotation with the name in the cloud.
const EXTERNAL_NAME: &str = "crossplane.io/external-name";
/// What a provider holds a managed resource with.
pub const FINALIZER: &str = "finalizer.managedresource.crossplane.io";

/// A provider's look at one managed resource.
pub(crate) struct Round<'a> {
    pub(crate) key: &'a str,
    pub(crate) rules: &'static Rules,
    pub(crate) clouds: Clouds<'a>,
    pub(crate) faults: &'a Faults,
    pub(crate) pace: Pace,
    pub(crate) address: &'a str,
    pub(crate) ticks: u64,
    pub(crate) events: &'a mut Vec<Event>,
}

/// What became of an object.
#[derive(PartialEq, Eq)]
pub(crate) enum Outcome {
    Stays,
    /// The object may go; the thing is gone, unless it is one that clouds keep.
    Gone,
}

impl Round<'_> {
    /// How many things the clouds have made for an object.
    fn created_for(&self, object: &Value) -> usize {
        let name = text(object, "/metadata/name");
        let events = self.events.iter();
        let made = events.filter(|event| event.what == "created" && event.object == name);
        made.count()
    }

    pub(crate) fn has(&self, fault: Fault, object: &Value) -> bool {
        self.faults.has(fault, self.rules.cloud, object)
    }

    pub(crate) fn record(&mut self, what: &str, object: &Value, detail: &str) {
        let event = Event {
            tick: self.ticks,
            what: what.to_owned(),
            kind: text(object, "/kind").to_owned(),
            object: text(object, "/metadata/name").to_owned(),
            detail: detail.to_owned(),
        };
        // A refusal is repeated at every attempt.
        let same = |past: &&Event| past.what == event.what && past.object == event.object;
        let last = self.events.iter().rev().find(same);
        if last.is_none_or(|last| last.detail != event.detail) || !what.starts_with("refused") {
            self.events.push(event);
        }
    }
}

/// One round for one object of a cloud.
pub(crate) fn advance(round: &mut Round<'_>, object: &mut Value, thing: &mut Thing) -> Outcome {
    if round.has(Fault::ProviderDown, object) {
        return Outcome::Stays;
    }
    let rules = round.rules;
    if round.has(Fault::NoCredentials, object) {
        let problem = rules.no_credentials;
        condition(object, "Synced", Some(problem), "ReconcileError");
        return Outcome::Stays;
    }
    let kind = rules.kind(object);
    if is_going(object) {
        // A provider that cannot look at a thing deletes nothing, not even what was never there.
        if let Some(problem) = no_region(round, object).filter(|_| may(object, "Delete")) {
            condition(object, "Synced", Some(&problem), "ReconcileError");
            return Outcome::Stays;
        }
        return deletion::advance(round, object, thing, kind);
    }
    match manage(round, object, thing, kind) {
        Ok(()) => condition(object, "Synced", None, "ReconcileSuccess"),
        Err(problem) => {
            let what = if thing.exists {
                "refused to update"
            } else {
                "refused to create"
            };
            round.record(what, object, &problem);
            condition(object, "Synced", Some(&problem), "ReconcileError");
            if !thing.exists {
                condition(object, "Ready", Some(""), "Creating");
            }
        }
    }
    Outcome::Stays
}

/// What Usages and provider-kubernetes do: they are done at once.
pub(crate) fn manifest(object: &mut Value) {
    if is_going(object) {
        deletion::release(object);
        return;
    }
    condition(object, "Ready", None, "Available");
    let manifest = object.pointer("/spec/forProvider/manifest").cloned();
    if let Some(manifest) = manifest {
        condition(object, "Synced", None, "ReconcileSuccess");
        object["status"]["atProvider"]["manifest"] = manifest;
    }
}

fn no_region(round: &Round<'_>, object: &Value) -> Option<String> {
    if round.pace == Pace::Instant {
        return None;
    }
    (round.rules.no_region)(object)
}

fn manage(
    round: &mut Round<'_>,
    object: &mut Value,
    thing: &mut Thing,
    kind: &Kind,
) -> Result<(), String> {
    references::resolve(object, &mut thing.resolved, &round.clouds)?;
    let ticks = kind.ticks.at(round.pace);
    let mut changed = false;
    let was_ready = thing.exists && thing.age >= ticks;
    if thing.exists {
        thing.age = (thing.age + 1).min(ticks);
    } else {
        create(round, object, thing, kind)?;
        changed = true;
    }
    let ready = thing.age >= ticks;
    let fails = ready && !was_ready && round.has(Fault::CreateFailsLate, object);
    thing.failed |= fails;
    // upjet creates on a copy of the object and looks at nothing before that has ended. The id is in
    // its memory alone until then.
    if kind.is_named_by_cloud && !ready {
        condition(object, "Ready", Some(""), "Creating");
        return Ok(());
    }
    // crossplane-runtime stores what an observation finds only where it may.
    if stored_name(object) != thing.id && may(object, "LateInitialize") {
        object["metadata"]["annotations"][EXTERNAL_NAME] = thing.id.clone().into();
    }
    if round.has(Fault::UpdateFails, object) {
        return Err("update failed: the simulator was told to refuse".to_owned());
    }
    // What the creation has asked for is no write after it.
    let is_made = thing.at.get("id").is_some();
    let outcome = update(kind, object, thing, &round.clouds);
    if outcome == Ok(true) && is_made {
        let id = thing.id.clone();
        round.record("updated", object, &id);
    }
    changed |= outcome == Ok(true);
    thing.at["id"] = thing.id.clone().into();
    let subject = Subject {
        key: round.key,
        address: round.address,
        object,
        clouds: &round.clouds,
        ready,
        failed: thing.failed,
        busy: thing.busy > 0,
        changed,
    };
    (round.rules.report)(&subject, &mut thing.at);
    (kind.report)(&subject, &mut thing.at);
    object["status"]["atProvider"] = thing.at.clone();
    // upjet calls what exists ready: kinds with a status of their own say more.
    let ready = ready || object.pointer("/status/atProvider/status").is_some();
    let problem = (!ready).then_some("");
    let reason = if ready { "Available" } else { "Creating" };
    condition(object, "Ready", problem, reason);
    // upjet says that a creation failed until it looks again, and then that all is well.
    if thing.failed {
        let told = failed_late(object, &thing.id);
        let problem = fails.then_some(told.as_str());
        let reason = if fails {
            "AsyncCreateFailure"
        } else {
            "Success"
        };
        condition(object, "LastAsyncOperation", problem, reason);
    }
    outcome.map(|_| ())
}

/// What upjet says of a creation that failed after the cloud had made something. Of a pool in GKE it says nothing else: Terraform
/// 7.39, resource_container_node_pool.go.
fn failed_late(object: &Value, id: &str) -> String {
    if object["kind"] == "NodePool" {
        let told = format!("NodePool {id} was created in the error state \"ERROR\"");
        return format!("async create failed: failed to create the resource: [{{0 {told}  []}}]");
    }
    "async create failed: the simulator was told to fail late".to_owned()
}

fn create(
    round: &mut Round<'_>,
    object: &mut Value,
    thing: &mut Thing,
    kind: &Kind,
) -> Result<(), String> {
    // What is only observed was there before.
    thing.kept = !may(object, "Create");
    if thing.kept {
        thing.exists = true;
        stored_name(object).clone_into(&mut thing.id);
        thing.at = json!({});
        return Ok(());
    }
    if let Some(problem) = refusal(round, object, kind) {
        return Err(problem);
    }
    thing.exists = true;
    thing.at = json!({});
    apply::set(&mut thing.at, &mirror(&object["spec"]["initProvider"]));
    if round.has(Fault::CreateInterrupted, object) {
        (kind.interrupted)(&mut thing.at);
    }
    thing.id = match stored_name(object) {
        name if name.is_empty() || kind.is_named_by_cloud => {
            // A second object of the same key is another one to the cloud.
            let earlier = round.created_for(object);
            let seed = match earlier {
                0 => round.key.to_owned(),
                earlier => format!("{} {earlier}", round.key),
            };
            (kind.name_in_cloud)(&seed, object)
        }
        name => name.to_owned(),
    };
    let id = thing.id.clone();
    round.record("created", object, &id);
    Ok(())
}

/// Why the cloud does not make it now.
fn refusal(round: &Round<'_>, object: &Value, kind: &Kind) -> Option<String> {
    if round.has(Fault::CreateFails, object) {
        return Some("create failed: the simulator was told to refuse".to_owned());
    }
    if round.pace == Pace::Instant {
        return None;
    }
    let clouds = &round.clouds;
    (round.rules.no_region)(object).or_else(|| {
        let problem = (round.rules.refuses)(object, clouds);
        let problem = problem.or_else(|| (kind.refuses)(object, clouds))?;
        Some(format!("create failed: {problem}"))
    })
}

/// Sets a condition; false with a message where there is a problem. One that says the same already
/// stays as it is, with the time that somebody else gave it.
pub(crate) fn condition(object: &mut Value, kind: &str, problem: Option<&str>, reason: &str) {
    let mut wanted = json!({
        "type": kind,
        "status": if problem.is_some() { "False" } else { "True" },
        "reason": reason,
    });
    if let Some(message) = problem.filter(|message| !message.is_empty()) {
        wanted["message"] = message.into();
    }
    let list = object["status"]["conditions"].take();
    let mut list: Vec<_> = match list {
        Value::Array(list) => list,
        _ => Vec::new(),
    };
    let same = |found: &Value| {
        let fields = ["type", "status", "reason", "message"];
        fields.iter().all(|field| found[*field] == wanted[*field])
    };
    if !list.iter().any(same) {
        list.retain(|found| found["type"] != kind);
        list.push(wanted);
        list.sort_by(|a, b| text(a, "/type").cmp(text(b, "/type")));
    }
    object["status"]["conditions"] = list.into();
}
