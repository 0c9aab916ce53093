//! From an object, as `kubectl` prints it, to a cluster.

use serde_json::{Value, json};
use xcluster::{
    api::{
        choice::{Choice as _, TrafficState},
        draft::sound,
        spec::{self, Spec},
        violation::{Violations, printable, summary},
    },
    cloud::registry::Clouds,
    wire::structpb::to_struct,
};

use super::{Cluster, Condition, InForce};

impl Cluster {
    /// Reads an object.
    ///
    /// # Errors
    /// It has no name, so it is no object of an API server.
    pub fn read(object: &Value) -> Result<Cluster, String> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let name = text("/metadata/name").ok_or("an object without metadata.name")?;
        let number = |pointer: &str| object.pointer(pointer).and_then(Value::as_u64);
        let (wanted, in_force) = (
            state(object, "/spec/traffic/state"),
            state(object, "/status/traffic/state"),
        );
        let unclear = wanted.as_ref().err().or(in_force.as_ref().err());
        let unclear = unclear.map(|why| format!("{name}: {why}"));
        let in_force = in_force.ok().flatten().map(|state| InForce {
            state,
            weight: number("/status/traffic/weight").unwrap_or(0),
            host: text("/status/traffic/host").map(str::to_owned),
            address: text("/status/traffic/address").map(str::to_owned),
        });
        let annotations = object.pointer("/metadata/annotations");
        let place = |pointer: &str| text(pointer).map_or("unknown".to_owned(), printable);
        Ok(Cluster {
            name: name.to_owned(),
            namespace: text("/metadata/namespace").map(str::to_owned),
            provider: place("/spec/provider"),
            region: place("/spec/region"),
            spec: spec(object),
            argocd: text("/status/argocd/name").unwrap_or(name).to_owned(),
            ready: condition(object, "Ready"),
            registered: condition(object, "Registered"),
            valid: stated(object, "Valid"),
            synced: synced(object),
            wanted: wanted.ok().flatten(),
            in_force,
            unclear,
            kept_by_git: annotations.is_some_and(|annotations| {
                annotations.get("argocd.argoproj.io/tracking-id").is_some()
            }),
        })
    }
}

/// The spec as the function reads it. Rules that need the platform's Input are the function's alone.
fn spec(object: &Value) -> Result<Spec, String> {
    let whole = to_struct(&json!({"spec": object["spec"]})).map_err(|error| error.to_string())?;
    let violations = Violations::default();
    let draft = spec::parse(whole.get("spec"), &Clouds::ALL.known(), &violations);
    sound(draft, violations).map_err(summary)
}

/// A state of traffic. It is written back as it was, so one that is not known must not count as one that is not there.
fn state(object: &Value, pointer: &str) -> Result<Option<TrafficState>, String> {
    let word = match object.pointer(pointer) {
        None | Some(Value::Null) => return Ok(None),
        Some(word) => word,
    };
    let mut known = TrafficState::ALL.iter();
    let found = known.find(|(name, _)| word == name);
    found.map(|(_, state)| Some(*state)).ok_or_else(|| {
        let names: Vec<_> = TrafficState::ALL.iter().map(|(name, _)| *name).collect();
        format!(
            "{} is {}; this release knows {}",
            pointer[1..].replace('/', "."),
            printable(&word.to_string()),
            names.join(", ")
        )
    })
}

/// A claim is in step with its composite also when the function refuses that one; only `Valid` says so then.
fn synced(object: &Value) -> Condition {
    let valid = stated(object, "Valid").filter(|valid| !valid.holds);
    valid.unwrap_or_else(|| condition(object, "Synced"))
}

fn condition(object: &Value, kind: &str) -> Condition {
    stated(object, kind).unwrap_or_else(|| Condition {
        holds: false,
        why: format!("no condition {kind}"),
    })
}

fn stated(object: &Value, kind: &str) -> Option<Condition> {
    let conditions = object.pointer("/status/conditions")?.as_array()?;
    let found = conditions
        .iter()
        .find(|condition| condition["type"] == kind)?;
    let word = |key: &str| found[key].as_str().unwrap_or_default();
    let why = match (word("reason"), word("message")) {
        (reason, "") => reason.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    };
    Some(Condition {
        holds: found["status"] == "True",
        why,
    })
}
