//! A readable summary of an answer, as YAML comments, so that the output stays a manifest.

use std::{collections::BTreeMap, fmt::Write};

use xcluster::wire::{
    proto::v1::{Ready, RunFunctionResponse, Status},
    structpb::{Struct, Value},
};

/// The summary: what the cluster is, what is sent, what waits, and the conditions.
pub(super) fn summary(response: &RunFunctionResponse) -> String {
    let desired = response.desired.clone().unwrap_or_default();
    let composite = desired.composite.unwrap_or_default();
    let status = composite.resource.clone().unwrap_or_default();
    let text = |path: &str| {
        status
            .str_at(&format!("status.{path}"))
            .unwrap_or("-")
            .to_owned()
    };
    let mut out = Lines(String::new());
    out.line(&format!(
        "{} on {}, Kubernetes {}: {}",
        text("clusterName"),
        text("provider"),
        text("kubernetesVersion.desired"),
        text("phase"),
    ));
    if let Some(day) = status.str_at("status.kubernetesVersion.supportEnds") {
        out.line(&format!(
            "the cloud's support of this version ends on {day}"
        ));
    }
    let ready = desired
        .resources
        .values()
        .filter(|r| r.ready() == Ready::True)
        .count();
    out.line(&format!(
        "{} resources sent, {ready} of them ready",
        desired.resources.len()
    ));
    for (kind, count) in kinds(
        desired
            .resources
            .values()
            .filter_map(|r| r.resource.as_ref()),
    ) {
        out.line(&format!("  {count:>3} {kind}"));
    }
    out.line(&format!(
        "{} USD a month at list prices ({}); xcluster cost says for what",
        text("cost.perMonth"),
        text("cost.priceBook"),
    ));
    traffic(&status, &mut out);
    waiting(&status, &mut out);
    out.line("conditions:");
    for condition in &response.conditions {
        let mark = match condition.status() {
            Status::ConditionTrue => "yes",
            Status::ConditionFalse => "no ",
            Status::ConditionUnknown | Status::ConditionUnspecified => "?  ",
        };
        let message = condition.message.as_deref().unwrap_or_default();
        out.line(format!("  {mark} {:<18} {message}", condition.r#type).trim_end());
    }
    notes(&status, &mut out);
    out.0
}

/// Comment lines.
struct Lines(String);

impl Lines {
    fn line(&mut self, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# {text}");
    }
}

fn kinds<'a>(objects: impl Iterator<Item = &'a Struct>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for object in objects {
        let kind = object.str_at("kind").unwrap_or("?");
        let group = object
            .str_at("apiVersion")
            .unwrap_or("?")
            .split('/')
            .next()
            .unwrap_or("?");
        *counts.entry(format!("{kind} ({group})")).or_default() += 1;
    }
    counts
}

fn traffic(status: &Struct, out: &mut Lines) {
    let at = |path: &str| status.at(&format!("status.traffic.{path}"));
    let text = |path| at(path).and_then(|value| value.as_str());
    let weight = at("weight").and_then(|weight| weight.as_i64());
    let of = text("host").map_or(String::new(), |host| format!(" of {host}"));
    let to = text("address").map_or(String::new(), |address| format!(", to {address}"));
    out.line(&format!(
        "traffic{of}: {}, weight {}{to}",
        text("state").unwrap_or("-"),
        weight.unwrap_or_default(),
    ));
}

fn waiting(status: &Struct, out: &mut Lines) {
    let Some(waiting) = status.at("status.waitingFor") else {
        return;
    };
    let entries: Vec<_> = waiting.items().collect();
    if entries.is_empty() {
        return;
    }
    // What is created now needs no line of its own: it is in the counts above.
    let sent = |entry: &Value<'_>| {
        let what = entry.at("for").and_then(|what| what.as_str());
        what == Some("its creation")
    };
    let held: Vec<_> = entries.iter().filter(|entry| !sent(entry)).collect();
    if held.is_empty() {
        return;
    }
    out.line(&format!("{} more wait:", held.len()));
    for entry in held {
        let text = |key| entry.at(key).and_then(|v| v.as_str()).unwrap_or("-");
        out.line(&format!(
            "  {} for {}: {}",
            text("resource"),
            text("for"),
            text("reason")
        ));
        if let Some(fix) = entry.at("fix").and_then(|v| v.as_str()) {
            out.line(&format!("    fix: {fix}"));
        }
    }
}

fn notes(status: &Struct, out: &mut Lines) {
    let Some(parity) = status.at("status.parity") else {
        return;
    };
    let entries: Vec<_> = parity.items().collect();
    if entries.is_empty() {
        return;
    }
    out.line("different from the other cloud:");
    for entry in entries {
        let text = |key| entry.at(key).and_then(|v| v.as_str()).unwrap_or("-");
        out.line(&format!("  {}: {}", text("field"), text("note")));
    }
}
