//! `timeline.txt`: what each answer says that the one before did not, a line for each fact.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;

use super::{cost, digest};
use crate::support::{cases::Run, simulator::Step};

/// How to read the file.
const HEADER: &str = "\
# Each answer that differs from the one before: its number, the phase, how long it holds, its hash.
# Then what is new in it. The hash of an object stands where the object is new or changed.
# first.yaml has the conditions and the other status fields of step 1.
";

/// The steps whose answers differ from the one before, with the step before.
pub(super) fn changes(run: &Run) -> impl Iterator<Item = (Option<&Step>, &Step)> {
    let before = std::iter::once(None).chain(run.steps.iter().map(Some));
    before
        .zip(&run.steps)
        .filter(|(before, step)| before.is_none_or(|before| before.response != step.response))
}

/// The whole file.
pub(super) fn file(run: &Run) -> String {
    let mut text = HEADER.to_owned();
    for (number, (before, step)) in (1..).zip(changes(run)) {
        let ttl = step.response.meta.as_ref();
        let ttl = ttl.and_then(|meta| meta.ttl.as_ref());
        writeln!(
            text,
            "\nstep {number}: {}, {} s, {}",
            step.status()["phase"].as_str().unwrap_or("no phase"),
            ttl.map_or(0, |ttl| ttl.seconds),
            digest::step(before, step)
        )
        .unwrap();
        for fact in facts(before, step) {
            writeln!(text, "  {fact}").unwrap();
        }
    }
    text
}

/// A line for each fact that is new: resources that wait come last, in the order of status.waitingFor.
fn facts(before: Option<&Step>, step: &Step) -> Vec<String> {
    let (last, now) = (before.map(rows).unwrap_or_default(), rows(step));
    let order = waits(step);
    let keys: BTreeSet<_> = last.keys().chain(now.keys()).collect();
    let done = keys
        .into_iter()
        .filter(|key| now.get(*key).is_none_or(|row| row.wait.is_none()));
    let none = Row::default();
    let keys = done.chain(order.iter().map(|(key, _)| key));
    let rows = keys.filter_map(|key| {
        let fact = now
            .get(key)
            .unwrap_or(&none)
            .since(last.get(key).unwrap_or(&none));
        (!fact.is_empty()).then(|| format!("{key}: {fact}"))
    });
    let states = before.map(|before| (state(before), state(step)));
    let (last, now) = states.unwrap_or_default();
    let changed = now
        .iter()
        .filter(|(name, value)| last.get(*name) != Some(value));
    let changed = changed.map(|(name, value)| format!("{name}: {value}"));
    let gone = last.keys().filter(|name| !now.contains_key(*name));
    let gone = gone.map(|name| format!("{name}: removed"));
    let events = step.response.results.iter();
    let events = events.map(|event| format!("event: {}", event.message));
    rows.chain(changed).chain(gone).chain(events).collect()
}

/// What an answer says of a key.
#[derive(Default)]
struct Row {
    object: Option<Value>,
    is_ready: bool,
    wait: Option<String>,
}

impl Row {
    /// What is new.
    fn since(&self, last: &Self) -> String {
        let object = match (&last.object, &self.object) {
            (Some(_), None) => Some("removed".to_owned()),
            (None, Some(object)) => Some(format!("new {}", digest::short(object))),
            (Some(last), Some(object)) if last != object => {
                Some(format!("changed {}", digest::short(object)))
            }
            _ => None,
        };
        let ready = match (last.is_ready, self.is_ready) {
            (false, true) => Some("ready".to_owned()),
            (true, false) => Some("no longer ready".to_owned()),
            _ => None,
        };
        let wait = match (&last.wait, &self.wait) {
            // What is ready waits no more.
            (Some(_), None) if !self.is_ready => Some("waits no more".to_owned()),
            (last, Some(wait)) if last.as_ref() != Some(wait) => Some(format!("waits for {wait}")),
            _ => None,
        };
        let facts: Vec<_> = [object, ready, wait].into_iter().flatten().collect();
        facts.join(", ")
    }
}

/// What an answer says, by key.
fn rows(step: &Step) -> BTreeMap<String, Row> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for (key, object) in step.desired() {
        rows.entry(key).or_default().object = Some(object);
    }
    for key in step.ready() {
        rows.entry(key).or_default().is_ready = true;
    }
    for (key, wait) in waits(step) {
        rows.entry(key).or_default().wait = Some(wait);
    }
    rows
}

/// What each resource waits for, in the status's order.
fn waits(step: &Step) -> Vec<(String, String)> {
    let list = step.status()["waitingFor"].take();
    let entries = list.as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries
        .map(|entry| {
            let wait = format!("{}: {}", text(&entry["for"]), text(&entry["reason"]));
            (text(&entry["resource"]), wait)
        })
        .collect()
}

/// The conditions without their messages, and the fields of the status that have no line of their own.
fn state(step: &Step) -> BTreeMap<String, String> {
    let mut fields = cost::without(step.status());
    fields.retain(|field, _| !["phase", "waitingFor"].contains(&field.as_str()));
    let fields = fields.into_iter();
    let fields = fields.map(|(field, value)| (format!("status.{field}"), value.to_string()));
    let conditions = step.conditions().into_iter();
    let conditions = conditions
        .filter(|condition| condition["type"] != cost::CONDITION)
        .map(|condition| {
            let text = |field: &str| condition[field].as_str().unwrap().to_owned();
            let name = format!("condition {}", text("type"));
            (name, format!("{} {}", text("status"), text("reason")))
        });
    fields.chain(conditions).collect()
}
