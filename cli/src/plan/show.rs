//! A plan as people and programs read it.

use serde_json::{Value, json};
use xcluster::api::violation::printable;

use super::{
    difference::{Difference, Field, Step, What},
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
    let count = |what: &dyn Fn(&What) -> bool| {
        let steps = difference.steps.iter();
        steps.filter(|step| what(&step.what)).count()
    };
    lines.push(format!(
        "{} to create, {} to change, {} to delete",
        count(&|what| matches!(what, What::Create)),
        count(&|what| matches!(what, What::Change(_))),
        count(&|what| matches!(what, What::Delete)),
    ));
    let (old, new) = (&difference.old, &difference.new);
    lines.push(format!(
        "{} USD a month before, {} after",
        total(&old.estimate),
        total(&new.estimate)
    ));
    let (verdict, message) = new.verdict();
    lines.push(match verdict.holds() {
        Some(false) => style.red(&message),
        Some(true) => style.green(&message),
        None => message,
    });
    lines.join("\n") + "\n"
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
pub(super) fn json(difference: &Difference<'_>) -> String {
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
    let (verdict, message) = difference.new.verdict();
    let plan = json!({
        "name": difference.name,
        "steps": steps.collect::<Value>(),
        "waitingFor": waiting.collect::<Value>(),
        "notes": difference.notes,
        "before": difference.old.status(),
        "after": difference.new.status(),
        "budget": {"reason": verdict.reason(), "holds": verdict.holds(), "message": message},
    });
    serde_json::to_string_pretty(&plan).unwrap_or_default() + "\n"
}

/// A mark as a field of its step.
fn about(mark: &Mark<'_>) -> (&'static str, Value) {
    match &mark.about {
        About::Lost(lost) => ("lost", json!(lost)),
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
