//! The report as Markdown.

use std::fmt::Write;

use super::Report;
use crate::{
    events::Record,
    gates::Verdict,
    sample::Kind,
    step::{Ending, Outcome},
    tally::Counts,
};

const PHASES: [(&str, &str); 3] = [
    ("before", "before"),
    ("during", "during"),
    ("after", "after"),
];

/// The whole report.
pub fn markdown(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut text, report);
    text
}

fn write_all(text: &mut String, report: &Report) -> std::fmt::Result {
    let Report { source, target, .. } = report;
    writeln!(
        text,
        "# {} of {}: {} to {}\n",
        title(report),
        report.host,
        source.name,
        target.name
    )?;
    writeln!(text, "{}\n", sentence(report))?;
    facts(text, report)?;
    if !report.timeline.is_empty() {
        writeln!(
            text,
            "\n<picture>\n  <source media=\"(prefers-color-scheme: dark)\" srcset=\"requests-dark.svg\">\n  \
             <img alt=\"Requests a second, by who answered\" src=\"requests-light.svg\">\n</picture>"
        )?;
        requests(text, report)?;
    }
    gates(text, report)?;
    steps(text, report)
}

fn title(report: &Report) -> &'static str {
    match report.mode {
        "unplanned" => "Unplanned failover",
        "failback" => "Failback",
        _ => "Planned failover",
    }
}

/// The end of it for a terminal, in a few lines.
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_summary(&mut text, report);
    text
}

fn write_summary(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "{}", sentence(report))?;
    for gate in report
        .gates
        .iter()
        .filter(|gate| gate.blocks && gate.verdict == Verdict::Failed)
    {
        writeln!(text, "  {}: {}", gate.name, gate.found)?;
    }
    for record in report
        .steps
        .iter()
        .filter(|record| record.outcome != Outcome::Passed)
    {
        writeln!(text, "  {}: {}", record.step, record.found)?;
    }
    if report.timeline.is_empty() {
        return Ok(());
    }
    let count = |read: fn(&Counts) -> usize| {
        report
            .phases
            .values()
            .map(|phase| read(&phase.all))
            .sum::<usize>()
    };
    writeln!(
        text,
        "  requests         {}, of which {} failed",
        count(|all| all.total),
        count(|all| all.failed)
    )?;
    if let Some(recovery) = &report.recovery {
        let (first, all) = (
            or_never(recovery.first_seconds),
            or_never(recovery.all_seconds),
        );
        writeln!(
            text,
            "  recovery         first {first}, all {all} after the decision"
        )?;
    }
    if let Some(outage) = &report.longest_outage {
        writeln!(text, "  longest outage   {} s", outage.seconds)?;
    }
    if let Some(ignoring) = &report.ignoring_ttl {
        let (count, last) = (ignoring.served_by_source, ignoring.last_seconds);
        writeln!(
            text,
            "  ignore the TTL   {count} requests went to {} until {last} s after the decision",
            report.source.name
        )?;
    }
    for (key, name) in PHASES {
        if let Some(all) = report
            .phases
            .get(key)
            .map(|phase| &phase.all)
            .filter(|all| all.total > 0)
        {
            let ms =
                |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value} ms"));
            writeln!(
                text,
                "  {name:16} p50 {}, p95 {}, p99 {}",
                ms(all.p50_ms),
                ms(all.p95_ms),
                ms(all.p99_ms)
            )?;
        }
    }
    Ok(())
}

/// How it ended, in one sentence.
fn sentence(report: &Report) -> String {
    let (source, target) = (&report.source.name, &report.target.name);
    let home = if report.mode == "failback" {
        target
    } else {
        source
    };
    match report.ending {
        Ending::Refused => "A gate failed. Nothing was changed.".to_owned(),
        Ending::Checked => "All gates passed. Nothing was changed.".to_owned(),
        Ending::Unchanged if report.steps.iter().any(failed) => {
            "Something failed before anything was changed. Nothing was changed.".to_owned()
        }
        Ending::Unchanged => "Stopped before anything was changed.".to_owned(),
        Ending::Moved => format!("{target} serves; {source} does not."),
        Ending::Returned => format!("{home} serves again."),
        Ending::RolledBack => {
            format!("Something failed or was stopped. {home} is as it was before.")
        }
        Ending::NotRolledBack => {
            format!("Something failed, and {home} could not be put back. Look at it now.")
        }
        Ending::LeftDrained => format!("Something failed or was stopped. {home} stays drained."),
        Ending::NotDrained => format!(
            "Something failed or was stopped. The drain of {home} is not in force, as far as this run can see. Look at \
             spec.traffic and the condition Serving of {home}."
        ),
    }
}

fn failed(record: &Record) -> bool {
    record.outcome == Outcome::Failed
}

fn facts(text: &mut String, report: &Report) -> std::fmt::Result {
    let place =
        |place: &super::Place| format!("{} ({}, {})", place.name, place.provider, place.region);
    writeln!(text, "| | |\n|---|---|")?;
    if let Some(started) = &report.started {
        writeln!(text, "| began | {started} |")?;
    }
    writeln!(
        text,
        "| from | {} |\n| to | {} |",
        place(&report.source),
        place(&report.target)
    )?;
    writeln!(
        text,
        "| TTL | {} s |\n| took | {} s |",
        report.ttl_seconds, report.took
    )?;
    if report.timeline.is_empty() {
        return Ok(());
    }
    let total: usize = report.phases.values().map(|phase| phase.all.total).sum();
    let failed: usize = report.phases.values().map(|phase| phase.all.failed).sum();
    writeln!(
        text,
        "| requests | {total}, {} a second |\n| failed | {failed} |",
        report.rate_per_second
    )?;
    if let Some(recovery) = &report.recovery {
        writeln!(
            text,
            "| first request served by {} | {} after the decision |",
            report.target.name,
            or_never(recovery.first_seconds)
        )?;
        writeln!(
            text,
            "| all requests served by {} | {} after the decision |",
            report.target.name,
            or_never(recovery.all_seconds)
        )?;
    }
    match &report.longest_outage {
        Some(outage) => writeln!(
            text,
            "| longest outage | {} s, of the caller that {} |",
            outage.seconds, outage.kind
        )?,
        None => writeln!(text, "| longest outage | none |")?,
    }
    if let Some(ignoring) = &report.ignoring_ttl {
        let (count, last) = (ignoring.served_by_source, ignoring.last_seconds);
        writeln!(
            text,
            "| callers that ignore the TTL | {} answered {count} of their requests, until {last} s after the decision |",
            report.source.name
        )?;
    }
    Ok(())
}

fn or_never(seconds: Option<f64>) -> String {
    seconds.map_or("not".to_owned(), |seconds| format!("{seconds} s"))
}

fn requests(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "\n## Requests\n")?;
    writeln!(
        text,
        "| | caller | requests | failed | {} | {} | other | p50 ms | p95 ms | p99 ms |",
        report.source.name, report.target.name
    )?;
    writeln!(text, "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")?;
    for (key, name) in PHASES {
        let Some(phase) = report.phases.get(key).filter(|phase| phase.all.total > 0) else {
            continue;
        };
        row(text, name, "all", &phase.all)?;
        for kind in Kind::ALL {
            if let Some(counts) = phase.callers.get(&kind) {
                row(text, "", &kind.to_string(), counts)?;
            }
        }
    }
    if !report.failures.is_empty() {
        let failures: Vec<_> = report
            .failures
            .iter()
            .map(|(why, count)| format!("{why} ({count})"))
            .collect();
        writeln!(text, "\nFailed: {}.", failures.join(", "))?;
    }
    writeln!(
        text,
        "\nLatency counts from when a request was due, not from when it was sent."
    )
}

fn row(text: &mut String, phase: &str, caller: &str, counts: &Counts) -> std::fmt::Result {
    let ms = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value}"));
    writeln!(
        text,
        "| {phase} | {caller} | {} | {} | {} | {} | {} | {} | {} | {} |",
        counts.total,
        counts.failed,
        counts.source,
        counts.target,
        counts.other,
        ms(counts.p50_ms),
        ms(counts.p95_ms),
        ms(counts.p99_ms)
    )
}

fn gates(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "\n## Gates\n\n| gate | | found |\n|---|---|---|")?;
    for gate in &report.gates {
        let verdict = match (gate.verdict, gate.blocks) {
            (Verdict::Passed, _) => "passed",
            (Verdict::Failed, true) => "failed",
            (Verdict::Failed, false) => "failed, does not block",
            (Verdict::NotChecked, _) => "not checked",
        };
        let fix = gate
            .fix
            .as_ref()
            .map_or(String::new(), |fix| format!(" Fix: {fix}"));
        writeln!(
            text,
            "| {} | {verdict} | {}{} |",
            gate.name,
            cell(&gate.found),
            cell(&fix)
        )?;
    }
    Ok(())
}

fn steps(text: &mut String, report: &Report) -> std::fmt::Result {
    if report.steps.is_empty() {
        return Ok(());
    }
    writeln!(
        text,
        "\n## Steps\n\n| step | began at | took | | found |\n|---|---:|---:|---|---|"
    )?;
    for record in &report.steps {
        let outcome = match record.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Interrupted => "stopped",
        };
        writeln!(
            text,
            "| {} | {} s | {} s | {outcome} | {} |",
            record.step,
            record.began,
            record.took,
            cell(&record.found)
        )?;
    }
    Ok(())
}

/// What others have written must not end a cell, nor become HTML.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace(['\n', '\r'], " ")
}
