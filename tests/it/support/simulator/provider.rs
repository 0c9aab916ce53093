//! What a provider does with a managed resource, by upjet's rules: resolve references once, create,
//! mirror what the cloud says, never replace.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use xcluster::names::hash;

use super::{
    Held, apply, aws,
    cloud::{Clouds, name_of, text},
    gcp,
};

/// How far the cloud is with an object.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Progress {
    /// Whether the cloud has it.
    exists: bool,
    /// For how many ticks, up to when it is ready.
    age: u32,
    /// For how many ticks an update goes on.
    busy: u32,
    /// Whether new bounds are on their way.
    scaling: bool,
    /// What the cloud has.
    at: Value,
}

impl Progress {
    /// What the cloud has.
    pub(super) fn at_mut(&mut self) -> &mut Value {
        &mut self.at
    }
}

/// The rules of one cloud.
pub(super) struct Rules {
    /// Ticks from creation until the object is ready.
    pub(super) delay: fn(kind: &str) -> u32,
    /// Why the cloud would not create an object now.
    pub(super) refuses: fn(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String>,
    /// Fields that cannot change once the object exists.
    pub(super) fixed: fn(kind: &str) -> &'static [&'static str],
    /// The cloud's own name where the object says none.
    pub(super) identify: fn(kind: &str, key: &str, object: &Value) -> String,
    /// Adds what only the cloud knows.
    pub(super) report: fn(kind: &str, subject: &Subject<'_>, at: &mut Value),
    /// A version on its way: the field, what it is and what it shall be, or why it cannot.
    pub(super) upgrade: fn(kind: &str, object: &Value, at: &Value, clouds: &Clouds<'_>) -> Upgrade,
}

/// What a cloud reports on.
pub(super) struct Subject<'a> {
    pub(super) key: &'a str,
    pub(super) object: &'a Value,
    pub(super) clouds: &'a Clouds<'a>,
    pub(super) ready: bool,
    pub(super) busy: bool,
    /// Whether `forProvider` differs from what the cloud had.
    pub(super) changed: bool,
}

/// A change of version.
pub(super) enum Upgrade {
    None,
    /// The cloud works on it for this many ticks.
    To(u32),
    Refused(String),
}

/// One round of all providers. Whether anything changed.
pub(super) fn tick(objects: &mut BTreeMap<String, Held>) -> bool {
    let snapshot: BTreeMap<String, Value> = objects
        .iter()
        .map(|(key, held)| (key.clone(), held.object.clone()))
        .collect();
    let clouds = Clouds(&snapshot);
    let mut progressed = false;
    for (key, held) in objects.iter_mut() {
        let before = held.clone();
        advance(key, held, &clouds);
        progressed |= *held != before;
    }
    progressed
}

fn advance(key: &str, held: &mut Held, clouds: &Clouds<'_>) {
    let group = text(&held.object, "/apiVersion").to_owned();
    let rules = if group.contains(".aws.") {
        &aws::RULES
    } else if group.contains(".gcp.") {
        &gcp::RULES
    } else {
        if group.contains("crossplane.io/") {
            condition(&mut held.object, "Ready", None, "Available");
        }
        return;
    };
    match manage(key, held, clouds, rules) {
        Ok(()) => condition(&mut held.object, "Synced", None, "ReconcileSuccess"),
        Err(problem) => {
            condition(&mut held.object, "Synced", Some(&problem), "ReconcileError");
            if !held.cloud.exists {
                condition(&mut held.object, "Ready", Some(""), "Creating");
            }
        }
    }
}

fn manage(key: &str, held: &mut Held, clouds: &Clouds<'_>, rules: &Rules) -> Result<(), String> {
    resolve(&mut held.object, clouds)?;
    let kind = text(&held.object, "/kind").to_owned();
    let mut changed = false;
    if held.cloud.exists {
        held.cloud.age = (held.cloud.age + 1).min((rules.delay)(&kind));
    } else {
        if let Some(problem) = (rules.refuses)(&kind, &held.object, clouds) {
            return Err(format!("create failed: {problem}"));
        }
        held.cloud.exists = true;
        held.cloud.at = json!({});
        apply::set(
            &mut held.cloud.at,
            &mirror(&held.object["spec"]["initProvider"]),
        );
        changed = true;
    }
    let external = "crossplane.io/external-name";
    if held.object["metadata"]["annotations"]
        .get(external)
        .is_none()
    {
        let name = (rules.identify)(&kind, key, &held.object);
        held.object["metadata"]["annotations"][external] = name.into();
    }
    let outcome = update(&kind, held, clouds, rules);
    changed |= outcome == Ok(true);
    let ready = held.cloud.age >= (rules.delay)(&kind);
    let mut at = held.cloud.at.clone();
    at["id"] = name_of(&held.object).into();
    let subject = Subject {
        key,
        object: &held.object,
        clouds,
        ready,
        busy: held.cloud.busy > 0,
        changed,
    };
    (rules.report)(&kind, &subject, &mut at);
    held.cloud.at = at.clone();
    held.object["status"]["atProvider"] = at;
    // upjet calls what exists ready: kinds with a status of their own say more.
    let ready = ready || held.object.pointer("/status/atProvider/status").is_some();
    let problem = (!ready).then_some("");
    let reason = if ready { "Available" } else { "Creating" };
    condition(&mut held.object, "Ready", problem, reason);
    outcome.map(|_| ())
}

/// Brings the cloud's object to what `forProvider` says. Whether it differed.
fn update(kind: &str, held: &mut Held, clouds: &Clouds<'_>, rules: &Rules) -> Result<bool, String> {
    let wanted = mirror(&held.object["spec"]["forProvider"]);
    let had = held.cloud.at.clone();
    if had.get("id").is_some() {
        for path in (rules.fixed)(kind) {
            if had.pointer(path) != wanted.pointer(path) {
                return Err(format!(
                    "refuse to update the external resource because the following update \
                     requires replacing it: {path}"
                ));
            }
        }
    }
    let mut now = had.clone();
    for field in ["tags", "labels", "resourceLabels", "taint"] {
        if let Some(now) = now.as_object_mut() {
            now.remove(field);
        }
    }
    apply::set(&mut now, &wanted);
    // A version does not jump.
    if let Some(version) = had.get("version") {
        now["version"] = version.clone();
    }
    // Neither do bounds: the cloud takes a tick.
    let bounds = "scalingConfig";
    held.cloud.scaling = !held.cloud.scaling
        && had.get("id").is_some()
        && wanted
            .get(bounds)
            .is_some_and(|wanted| had.get(bounds) != Some(wanted));
    if held.cloud.scaling {
        now[bounds] = had[bounds].clone();
    }
    let changed = had.get("id").is_none() || wanted != mirrored(&had, &wanted);
    held.cloud.at = now;
    match (rules.upgrade)(kind, &held.object, &held.cloud.at, clouds) {
        Upgrade::None => held.cloud.busy = 0,
        Upgrade::Refused(problem) => return Err(format!("update failed: {problem}")),
        Upgrade::To(ticks) if held.cloud.busy == 0 => held.cloud.busy = ticks + 1,
        Upgrade::To(_) => {}
    }
    if held.cloud.busy > 0 {
        held.cloud.busy -= 1;
        if held.cloud.busy == 0 {
            held.cloud.at["version"] = held.object["spec"]["forProvider"]["version"].clone();
        }
    }
    Ok(changed)
}

/// The part of `had` that `wanted` speaks of.
fn mirrored(had: &Value, wanted: &Value) -> Value {
    match (had, wanted) {
        (Value::Object(had), Value::Object(wanted)) => wanted
            .iter()
            .map(|(field, value)| {
                let had = had.get(field).unwrap_or(&Value::Null);
                (field.clone(), mirrored(had, value))
            })
            .collect::<Map<_, _>>()
            .into(),
        _ => had.clone(),
    }
}

/// `forProvider` as `atProvider` has it: without references.
fn mirror(for_provider: &Value) -> Value {
    let Value::Object(fields) = for_provider else {
        return for_provider.clone();
    };
    let kept = fields.iter().filter(|(field, value)| {
        let refers = field.ends_with("Ref") || field.ends_with("Refs");
        !refers || !(value.get("name").is_some() || value.is_array())
    });
    kept.map(|(field, value)| (field.clone(), mirror(value)))
        .collect::<Map<_, _>>()
        .into()
}

/// Resolves references as crossplane-runtime does: a value that is there stays, unless the policy
/// says `Always`.
fn resolve(object: &mut Value, clouds: &Clouds<'_>) -> Result<(), String> {
    fn walk(fields: &mut Map<String, Value>, clouds: &Clouds<'_>) -> Result<(), String> {
        for (field, value) in fields.clone() {
            if let Some(target) = field.strip_suffix("Refs") {
                let target = format!("{target}s");
                if fields.get(&target).is_none() {
                    let refs = value.as_array().into_iter().flatten();
                    let found = refs.map(|one| clouds.value_of(&target, one));
                    let found = found.collect::<Result<Vec<_>, _>>()?;
                    fields.insert(target, found.into());
                }
            } else if let Some(target) = field.strip_suffix("Ref") {
                let always = text(&value, "/policy/resolve") == "Always";
                if always || fields.get(target).is_none() {
                    let found = clouds.value_of(target, &value)?;
                    fields.insert(target.to_owned(), found.into());
                }
            } else if let Some(Value::Object(nested)) = fields.get_mut(&field) {
                walk(nested, clouds)?;
            }
        }
        Ok(())
    }
    let fields = object.pointer_mut("/spec/forProvider");
    let fields = fields.and_then(Value::as_object_mut);
    fields.map_or(Ok(()), |fields| walk(fields, clouds))
}

/// Sets a condition; false with a message where there is a problem.
fn condition(object: &mut Value, kind: &str, problem: Option<&str>, reason: &str) {
    let mut found = json!({
        "type": kind,
        "status": if problem.is_some() { "False" } else { "True" },
        "reason": reason,
    });
    if let Some(message) = problem.filter(|message| !message.is_empty()) {
        found["message"] = message.into();
    }
    let list = object["status"]["conditions"].take();
    let mut list: Vec<_> = match list {
        Value::Array(list) => list,
        _ => Vec::new(),
    };
    list.retain(|condition| condition["type"] != kind);
    list.push(found);
    list.sort_by(|a, b| text(a, "/type").cmp(text(b, "/type")));
    object["status"]["conditions"] = list.into();
}

/// An id as a cloud makes them, but the same every time and in every scope.
pub(super) fn id(key: &str, digits: usize) -> String {
    hash(key, digits)
}
