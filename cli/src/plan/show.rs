//! A plan as people and programs read it.

use serde_json::{Value, json};
use xcluster::api::violation::printable;

use super::{
    difference::{Costs, Difference, Field, Step, What},
    marks::{About, Mark},
};
use crate::{
    cost::bill::{span, total},
    table::{Style, Table},
};

/// Most fields that are shown of one object.
const MOST_FIELDS: usize = 8;

/// A plan for a terminal.
pub(super) fn text(difference: &Difference<'_>, style: Style) -> String {
    let mut table = Table::new(1);
    for step in &difference.steps {
        let monthly = difference.monthly(step).map(|usd| span(&usd));
        table.row([
            mark(step),
            &step.key,
            &step.kind,
            &monthly.unwrap_or_default(),
        ]);
    }
    let mut lines = vec![style.bold(&format!("plan for {}", difference.name))];
    for (step, row) in difference.steps.iter().zip(table.lines()) {
        lines.push(match &step.what {
            What::Create => style.green(&row),
            What::Delete => style.red(&row),
            What::Change(_) => row,
        });
        if let What::Change(fields) = &step.what {
            lines.extend(fields.iter().take(MOST_FIELDS).map(field));
            if let more @ 1.. = fields.len().saturating_sub(MOST_FIELDS) {
                lines.push(format!("      and {more} fields more"));
            }
        }
    }
    for mark in difference.marks() {
        let line = format!("! {}", mark.sentence());
        lines.push(if mark.is_loss() {
            style.red(&line)
        } else {
            line
        });
    }
    lines.extend(difference.notes.iter().cloned());
    lines.push(numbers(difference.counts()));
    if let Some(costs) = difference.costs() {
        lines.extend(money(costs, style));
    }
    lines.join("\n") + "\n"
}

/// How much there is to do.
pub(super) fn numbers([create, change, delete]: [usize; 3]) -> String {
    format!("{create} to create, {change} to change, {delete} to delete")
}

fn money(costs: &Costs<'_>, style: Style) -> [String; 2] {
    let Costs { old, new } = costs;
    let (before, after) = (total(&old.estimate), total(&new.estimate));
    let (verdict, message) = new.verdict();
    let message = match verdict.holds() {
        Some(false) => style.red(&message),
        Some(true) => style.green(&message),
        None => message,
    };
    [
        format!("{before} USD a month before, {after} after"),
        message,
    ]
}

fn mark(step: &Step) -> &'static str {
    match step.what {
        What::Create => "+",
        What::Change(_) => "~",
        What::Delete => "-",
    }
}

fn field(field: &Field) -> String {
    let show = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        other => printable(&other.to_string()),
    };
    let (old, new) = (show(&field.old), show(&field.new));
    format!("      {}: {old} -> {new}", field.path)
}

/// A plan for programs.
pub(super) fn json(difference: &Difference<'_>) -> Value {
    let marks = difference.marks();
    let steps = difference.steps.iter().map(|step| {
        let (what, fields) = match &step.what {
            What::Create => ("create", Value::Null),
            What::Delete => ("delete", Value::Null),
            What::Change(fields) => {
                let field = |f: &Field| json!({"path": f.path, "old": f.old, "new": f.new});
                ("change", fields.iter().map(field).collect())
            }
        };
        let mut object = json!({
            "key": step.key,
            "kind": step.kind,
            "do": what,
            "monthlyUsd": difference.monthly(step),
            "fields": fields,
        });
        for mark in marks.iter().filter(|mark| mark.key == step.key) {
            let (field, value) = about(mark);
            object[field] = value;
        }
        without_nulls(object)
    });
    let waiting = marks.iter().filter_map(|mark| match mark.about {
        About::Waits(wait) => {
            Some(json!({"resource": mark.key, "for": wait.what, "reason": wait.reason}))
        }
        _ => None,
    });
    let mut plan = json!({
        "name": difference.name,
        "steps": steps.collect::<Value>(),
        "waitingFor": waiting.collect::<Value>(),
        "notes": difference.notes,
    });
    for mark in marks.iter().filter(|mark| mark.key == difference.name) {
        let (field, value) = about(mark);
        plan[field] = value;
    }
    if let Some(Costs { old, new }) = difference.costs() {
        let (verdict, message) = new.verdict();
        plan["before"] = json!(old.status());
        plan["after"] = json!(new.status());
        plan["budget"] =
            json!({"reason": verdict.reason(), "holds": verdict.holds(), "message": message});
    }
    plan
}

/// JSON as it is printed.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// A mark as a field of its step.
fn about(mark: &Mark<'_>) -> (&'static str, Value) {
    match &mark.about {
        About::Lost(lost) => ("lost", json!(lost)),
        About::Deleted => ("lost", json!("deleted by the release")),
        About::Anew(why) => ("replaced", json!(why)),
        About::Stuck(message) => ("stuck", json!(message)),
        About::Unready => ("ready", json!(false)),
        About::Replaces(pool, why) => {
            let nodes = json!({"pool": pool, "why": why});
            ("replacesNodes", without_nulls(nodes))
        }
        About::StaysFirst(wait) | About::Waits(wait) => {
            ("waitsFor", json!({"for": wait.what, "reason": wait.reason}))
        }
    }
}

fn without_nulls(mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    object
}
