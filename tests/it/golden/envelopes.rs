//! `cluster.txt` and `namespaced.txt`: what a scope has of its own.
//!
//! What reaches the clouds is the same in each scope; `tests/it/scopes.rs` holds that at each step.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{digest, state, timeline::changes};
use crate::support::cases::Run;

/// How to read the file.
const HEADER: &str = "\
# The composite and each settled object, without what reaches the clouds: version, kind, name, and the rest.
# Then a hash for each step of what it says that the one before did not. timeline.txt says what happens.

";

/// The whole file.
pub(super) fn file(run: &Run) -> String {
    let mut text = HEADER.to_owned();
    let mut line = |key: &str, object: Value| {
        writeln!(text, "{key}: {}", envelope(object)).unwrap();
    };
    line("composite", state::composite(run));
    for (key, object) in run.last().desired() {
        line(&key, object);
    }
    text.push('\n');
    for (number, (before, step)) in (1..).zip(changes(run)) {
        writeln!(text, "step {number}: {}", digest::step(before, step)).unwrap();
    }
    text
}

/// An object without what its provider sends to the cloud, in one line.
fn envelope(mut object: Value) -> String {
    let mut take = |path: &str| object.pointer_mut(path).map(Value::take);
    let [version, kind, name] = ["/apiVersion", "/kind", "/metadata/name"].map(|path| {
        let value = take(path);
        value.as_ref().and_then(Value::as_str).unwrap().to_owned()
    });
    let namespace = take("/metadata/namespace");
    let namespace = namespace.as_ref().and_then(Value::as_str).unwrap_or("-");
    let mut rest = Map::new();
    for part in ["metadata", "spec"] {
        let fields = object[part].as_object_mut().into_iter().flatten();
        let fields =
            fields.filter(|(field, _)| !["forProvider", "initProvider"].contains(&field.as_str()));
        rest.extend(
            fields
                .filter(|(_, value)| !value.is_null())
                .map(|(field, value)| (field.clone(), value.take())),
        );
    }
    format!(
        "{version} {kind} {namespace}/{name} {}",
        Value::Object(rest)
    )
}
