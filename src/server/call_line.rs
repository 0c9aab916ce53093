//! What a call leaves in the log: one line, however it ended.
//!
//! Requests come from many hands, and a log is read by people and by machines. So a line has nothing of a
//! request but its tag and the composite's identity, each value is cleaned and cut, and a line stays short.

use std::time::Duration;

use tonic::Status;
use tracing::Level;

use super::metrics::Outcome;
use crate::{
    api::violation::printable_within,
    wire::{
        proto::v1::{Result as FunctionResult, RunFunctionRequest, RunFunctionResponse, Severity},
        structpb::Struct,
    },
};

/// The name under which `RUST_LOG` sets the level of these lines.
const TARGET: &str = "xcluster::call";

/// Whether a result refuses what was asked for.
pub(super) fn is_fatal(result: &FunctionResult) -> bool {
    result.severity() == Severity::Fatal
}

/// How much is shown of a tag. Crossplane's is a hash of 64 digits.
const TAG: usize = 12;

/// The longest kind, namespace and phase, and the longest name that Kubernetes takes.
const LABEL: usize = 63;
const NAME: usize = 253;

/// How much is shown of a refusal's reason. The composite's `Valid` condition has all of it.
const ERROR: usize = 512;

/// The line of a call that is yet to be answered.
pub(super) struct Line {
    composite: Option<Struct>,
}

/// The values of a line.
#[derive(Default)]
struct Values {
    tag: Option<String>,
    composite: Option<String>,
    phase: Option<String>,
    duration_ms: f64,
    fatal: usize,
    warning: usize,
    normal: usize,
    resources: usize,
    ttl: Option<i64>,
    error: Option<String>,
}

/// Writes values at a level, which `tracing` wants to know when it is compiled.
macro_rules! write {
    ($level:ident, $message:literal, $values:expr) => {{
        let values: Values = $values;
        tracing::event!(
            target: TARGET,
            Level::$level,
            tag = values.tag,
            composite = values.composite,
            phase = values.phase,
            duration_ms = values.duration_ms,
            fatal = values.fatal,
            warning = values.warning,
            normal = values.normal,
            resources = values.resources,
            ttl = values.ttl,
            error = values.error,
            $message
        );
    }};
}

impl Line {
    /// Keeps who the call is about. The object is shared with the request, not copied.
    pub(super) fn of(req: &RunFunctionRequest) -> Self {
        let composite = req.observed.as_ref().and_then(|it| it.composite.as_ref());
        Self {
            composite: composite.and_then(|composite| composite.resource.clone()),
        }
    }

    /// Writes the line. What went wrong is above the level of what went well, so that a level can keep the
    /// one without the other.
    pub(super) fn write(&self, outcome: Outcome, rsp: &RunFunctionResponse, took: Duration) {
        match outcome {
            Outcome::Ok => {
                if tracing::enabled!(target: TARGET, Level::INFO) {
                    write!(INFO, "composed", self.values(phase(rsp), rsp, took));
                }
            }
            Outcome::Panicked => {
                write!(ERROR, "panicked", self.values(outcome.name(), rsp, took));
            }
            Outcome::Refused | Outcome::Malformed => {
                write!(WARN, "refused", self.values(outcome.name(), rsp, took));
            }
        }
    }

    fn values(&self, phase: &str, rsp: &RunFunctionResponse, took: Duration) -> Values {
        let count = |severity| {
            rsp.results
                .iter()
                .filter(|it| it.severity() == severity)
                .count()
        };
        let meta = rsp.meta.as_ref();
        let fatal = rsp.results.iter().find(|it| is_fatal(it));
        Values {
            tag: meta.map(|meta| word(&meta.tag, TAG)),
            composite: self.composite.as_ref().and_then(identity),
            phase: Some(word(phase, LABEL)),
            duration_ms: milliseconds(took),
            fatal: count(Severity::Fatal),
            warning: count(Severity::Warning),
            normal: count(Severity::Normal),
            resources: rsp.desired.as_ref().map_or(0, |it| it.resources.len()),
            ttl: meta.and_then(|meta| Some(meta.ttl.as_ref()?.seconds)),
            error: fatal.map(|it| printable_within(&it.message, ERROR)),
        }
    }
}

/// Writes the line of a call whose request does not decode, so that there is nothing to tell of it.
pub(super) fn malformed(status: &Status, took: Duration) {
    let values = Values {
        phase: Some(Outcome::Malformed.name().to_owned()),
        duration_ms: milliseconds(took),
        error: Some(printable_within(status.message(), ERROR)),
        ..Values::default()
    };
    write!(WARN, "refused", values);
}

/// The composite's phase, as the answer has it.
fn phase(rsp: &RunFunctionResponse) -> &str {
    let composite = rsp.desired.as_ref().and_then(|it| it.composite.as_ref());
    let object = composite.and_then(|composite| composite.resource.as_ref());
    object
        .and_then(|object| object.str_at("status.phase"))
        .unwrap_or_default()
}

/// `XCluster prod-us-x7k2p`, or `Cluster ml-platform/prod-us`; nothing without a name.
fn identity(object: &Struct) -> Option<String> {
    let part = |path, most| object.str_at(path).map(|text| word(text, most));
    let name = part("metadata.name", NAME)?;
    let kind = part("kind", LABEL).unwrap_or_default();
    Some(match part("metadata.namespace", LABEL) {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    })
}

/// The start of a name. No name that Kubernetes takes has other characters, and none of those left can end a
/// line, a value or a part of it.
fn word(text: &str, most: usize) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let shown = text.chars().map(|c| if plain(c) { c } else { '?' });
    shown.take(most).collect()
}

/// To a thousandth, since most calls take less than one.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests;
