//! What people see while a run goes on: on standard error, so that standard output is the result alone.

use std::{
    io::Write,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{
    events::{Event, Observer, Record, Tick},
    gates::{Gate, Verdict},
    step::Outcome,
};

/// Seconds between two lines where nobody looks at a terminal.
const PLAIN_SECONDS: u64 = 10;

/// Lines, for logs.
#[derive(Debug, Default)]
pub struct Plain {
    told: AtomicU64,
}

/// Lines, and one that is written again every second.
#[derive(Debug)]
pub struct Terminal {
    /// The clusters' names: source, target.
    pub names: [String; 2],
}

fn say(text: &str) {
    // Nothing is left to be done where even this fails.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn gate(gate: &Gate) -> String {
    let verdict = match (gate.verdict, gate.blocks) {
        (Verdict::Passed, _) => "passed     ",
        (Verdict::Failed, true) => "FAILED     ",
        (Verdict::Failed, false) => "failed     ",
        (Verdict::NotChecked, _) => "not checked",
    };
    let fix = gate
        .fix
        .as_ref()
        .map_or(String::new(), |fix| format!("\n  {:32} fix: {fix}", ""));
    format!("  {:19} {verdict}  {}{fix}\n", gate.name, gate.found)
}

fn ended(record: &Record) -> String {
    let outcome = match record.outcome {
        Outcome::Passed => "passed ",
        Outcome::Failed => "FAILED ",
        Outcome::Interrupted => "stopped",
    };
    format!(
        "  {:12} {outcome}  {:6.1} s  {}\n",
        record.step.to_string(),
        record.took,
        record.found
    )
}

impl Observer for Plain {
    fn see(&self, event: &Event<'_>) {
        match event {
            Event::Gate(found) => say(&gate(found)),
            Event::Ended(record) => say(&ended(record)),
            Event::Began(_) => {}
            Event::Tick(tick) => {
                let now = tick.elapsed.as_secs();
                if now >= self.told.load(Ordering::Relaxed) + PLAIN_SECONDS {
                    self.told.store(now, Ordering::Relaxed);
                    say(&format!(
                        "  {:12} {now} s, {} requests, {} failed\n",
                        tick.step.to_string(),
                        tick.total,
                        tick.failed
                    ));
                }
            }
        }
    }
}

impl Terminal {
    /// The last second as a bar: who answered how much.
    fn line(&self, tick: &Tick) -> String {
        let last = &tick.last;
        let sum = last.source + last.target + last.other + last.failed;
        let part = |count: usize| (count * 30 + sum / 2) / sum.max(1);
        let [source, target] = &self.names;
        format!(
            "\r\x1b[2K  {:12} {:4} s  \x1b[33m{}\x1b[34m{}\x1b[90m{}\x1b[31m{}\x1b[0m  {source} {}  {target} {}  failed {} of {}",
            tick.step.to_string(),
            tick.elapsed.as_secs(),
            "█".repeat(part(last.source)),
            "█".repeat(part(last.target)),
            "█".repeat(part(last.other)),
            "█".repeat(part(last.failed)),
            last.source,
            last.target,
            tick.failed,
            tick.total,
        )
    }
}

impl Observer for Terminal {
    fn see(&self, event: &Event<'_>) {
        match event {
            Event::Gate(found) => say(&gate(found)),
            Event::Ended(record) => say(&format!("\r\x1b[2K{}", ended(record))),
            Event::Began(step) => say(&format!("\r\x1b[2K  {step} …")),
            Event::Tick(tick) => say(&self.line(tick)),
        }
    }
}
