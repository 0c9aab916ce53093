//! What a provider does with a managed resource, by upjet's rules: resolve references once, observe
//! before it creates, mirror what the cloud says, never replace, delete only what it may.

use serde_json::{Value, json};

use crate::{
    Event, Fault, Faults, Pace, Thing, apply, aws,
    cloud::{Clouds, cloud_of, field, stored_name, text},
    deletion, gcp, references,
    update::{mirror, update},
};

/// The annotation with the name in the cloud.
const EXTERNAL_NAME: &str = "crossplane.io/external-name";
/// What a provider holds a managed resource with.
pub const FINALIZER: &str = "finalizer.managedresource.crossplane.io";

/// The rules of one cloud.
pub(crate) struct Rules {
    /// Ticks from creation until the object is ready.
    pub(crate) delay: fn(kind: &str, pace: Pace) -> u32,
    /// What a provider says that has no credentials.
    pub(crate) no_credentials: &'static str,
    /// What it says of a region that the cloud does not have.
    pub(crate) no_region: fn(object: &Value) -> Option<String>,
    /// Why the cloud would not create an object now.
    pub(crate) refuses: fn(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String>,
    /// Why the cloud would not delete an object now.
    pub(crate) keeps: fn(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String>,
    /// Kinds that a cloud cannot delete.
    pub(crate) forever: &'static [&'static str],
    /// Fields that cannot change once the object exists.
    pub(crate) fixed: fn(kind: &str) -> &'static [&'static str],
    /// Kinds whose id the cloud chooses and only the provider's memory knows until it is stored.
    pub(crate) named_by_cloud: &'static [&'static str],
    /// The cloud's own name where the object says none. No two of the same seed are equal.
    pub(crate) identify: fn(kind: &str, seed: &str, object: &Value) -> String,
    /// Fields that Terraform sends back when they are reported and not asked for.
    pub(crate) strict: fn(kind: &str) -> &'static [&'static str],
    /// Fields that cannot change once the object exists, if they are sent at all.
    pub(crate) fixed_if_sent: fn(kind: &str) -> &'static [&'static str],
    /// Why the cloud would not take a change, given what it has and what is wanted.
    pub(crate) refuses_change: fn(kind: &str, had: &Value, wanted: &Value) -> Option<String>,
    /// What the cloud makes of an object, whatever is asked for.
    pub(crate) answers: fn(kind: &str, subject: &Subject<'_>, had: &Value, now: &mut Value),
    /// Adds what only the cloud knows.
    pub(crate) report: fn(kind: &str, subject: &Subject<'_>, at: &mut Value),
    /// A version on its way: the field, what it is and what it shall be, or why it cannot.
    pub(crate) upgrade: fn(kind: &str, object: &Value, at: &Value, clouds: &Clouds<'_>) -> Upgrade,
}

/// What a cloud reports on.
pub(crate) struct Subject<'a> {
    pub(crate) key: &'a str,
    pub(crate) address: &'a str,
    pub(crate) object: &'a Value,
    pub(crate) clouds: &'a Clouds<'a>,
    pub(crate) ready: bool,
    pub(crate) busy: bool,
    /// Whether `forProvider` differs from what the cloud had.
    pub(crate) changed: bool,
}

/// A change of version.
pub(crate) enum Upgrade {
    None,
    /// The cloud works on it for this many ticks.
    To(u32),
    Refused(String),
}

/// A provider's look at one managed resource.
pub(crate) struct Round<'a> {
    pub(crate) key: &'a str,
    pub(crate) clouds: &'a Clouds<'a>,
    pub(crate) faults: &'a Faults,
    pub(crate) pace: Pace,
    pub(crate) address: &'a str,
    pub(crate) ticks: u64,
    pub(crate) events: &'a mut Vec<Event>,
}

/// What became of an object.
#[derive(PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No cloud's.
    NotOurs,
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
        self.faults.has(fault, object)
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

/// One round for one object.
pub(crate) fn advance(round: &mut Round<'_>, object: &mut Value, thing: &mut Thing) -> Outcome {
    let Some(rules) = rules_of(object) else {
        if text(object, "/apiVersion").contains("crossplane.io/") {
            manifest(object);
        }
        return Outcome::NotOurs;
    };
    if round.has(Fault::ProviderDown, object) {
        return Outcome::Stays;
    }
    if round.has(Fault::NoCredentials, object) {
        let problem = rules.no_credentials;
        condition(object, "Synced", Some(problem), "ReconcileError");
        return Outcome::Stays;
    }
    if object.pointer("/metadata/deletionTimestamp").is_some() {
        // A provider that cannot look at a thing deletes nothing, not even what was never there.
        if let Some(problem) = (rules.no_region)(object).filter(|_| may(object, "Delete")) {
            condition(object, "Synced", Some(&problem), "ReconcileError");
            return Outcome::Stays;
        }
        return deletion::advance(round, object, thing, rules);
    }
    match manage(round, object, thing, rules) {
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
fn manifest(object: &mut Value) {
    if object.pointer("/metadata/deletionTimestamp").is_some() {
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

fn manage(
    round: &mut Round<'_>,
    object: &mut Value,
    thing: &mut Thing,
    rules: &Rules,
) -> Result<(), String> {
    references::resolve(object, round.clouds)?;
    let kind = text(object, "/kind").to_owned();
    let mut changed = false;
    if thing.exists {
        thing.age = (thing.age + 1).min((rules.delay)(&kind, round.pace));
    } else {
        create(round, object, thing, rules)?;
        changed = true;
    }
    let ready = thing.age >= (rules.delay)(&kind, round.pace);
    // upjet creates on a copy of the object and looks at nothing before that has ended. The id is in
    // its memory alone until then.
    let by_cloud = rules.named_by_cloud.contains(&&*kind);
    if by_cloud && !ready {
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
    let outcome = update(&kind, object, thing, rules, round.clouds);
    if outcome == Ok(true) && is_made {
        let id = thing.id.clone();
        round.record("updated", object, &id);
    }
    changed |= outcome == Ok(true);
    let mut at = thing.at.clone();
    at["id"] = thing.id.clone().into();
    let subject = Subject {
        key: round.key,
        address: round.address,
        object,
        clouds: round.clouds,
        ready,
        busy: thing.busy > 0,
        changed,
    };
    (rules.report)(&kind, &subject, &mut at);
    thing.at = at.clone();
    object["status"]["atProvider"] = at;
    // upjet calls what exists ready: kinds with a status of their own say more.
    let ready = ready || object.pointer("/status/atProvider/status").is_some();
    let problem = (!ready).then_some("");
    let reason = if ready { "Available" } else { "Creating" };
    condition(object, "Ready", problem, reason);
    outcome.map(|_| ())
}

fn create(
    round: &mut Round<'_>,
    object: &mut Value,
    thing: &mut Thing,
    rules: &Rules,
) -> Result<(), String> {
    let kind = text(object, "/kind").to_owned();
    // What is only observed was there before.
    thing.kept = !may(object, "Create");
    if thing.kept {
        thing.exists = true;
        stored_name(object).clone_into(&mut thing.id);
        thing.at = json!({});
        return Ok(());
    }
    if round.has(Fault::CreateFails, object) {
        return Err("create failed: the simulator was told to refuse".to_owned());
    }
    if let Some(problem) = (rules.no_region)(object) {
        return Err(problem);
    }
    if let Some(problem) = (rules.refuses)(&kind, object, round.clouds) {
        return Err(format!("create failed: {problem}"));
    }
    thing.exists = true;
    thing.at = json!({});
    apply::set(&mut thing.at, &mirror(&object["spec"]["initProvider"]));
    let named_by_cloud = rules.named_by_cloud.contains(&&*kind);
    thing.id = match stored_name(object) {
        name if name.is_empty() || named_by_cloud => {
            // A second object of the same key is another one to the cloud.
            let earlier = round.created_for(object);
            let seed = match earlier {
                0 => round.key.to_owned(),
                earlier => format!("{} {earlier}", round.key),
            };
            (rules.identify)(&kind, &seed, object)
        }
        name => name.to_owned(),
    };
    let id = thing.id.clone();
    round.record("created", object, &id);
    Ok(())
}

/// Whether the management policies allow an action; all are allowed where none are named.
pub fn may(object: &Value, action: &str) -> bool {
    let policies = object.pointer("/spec/managementPolicies");
    let policies = policies.and_then(Value::as_array);
    policies.is_none_or(|policies| policies.iter().any(|p| *p == action || *p == "*"))
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

/// Whether the cloud chooses the id of an object.
pub(crate) fn is_named_by_cloud(object: &Value) -> bool {
    rules_of(object).is_some_and(|rules| rules.named_by_cloud.contains(&text(object, "/kind")))
}

/// The rules of an object's cloud; none for what is in no cloud.
fn rules_of(object: &Value) -> Option<&'static Rules> {
    Some(match cloud_of(object)? {
        "aws" => &aws::RULES,
        _ => &gcp::RULES,
    })
}

/// Whether a cloud deletes an object together with the cluster of this name.
pub(crate) fn goes_with(object: &Value, cluster: &str) -> bool {
    match text(object, "/kind") {
        "Addon" | "AccessEntry" | "AccessPolicyAssociation" | "PodIdentityAssociation" => {
            field(object, "clusterName") == cluster
        }
        "NodePool" => field(object, "cluster") == cluster,
        _ => false,
    }
}
