//! What a run was, for people and programs. Nothing in it is a secret: neither the token nor a body is ever here.

mod files;
mod markdown;
mod picture;

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

pub use files::write;
pub use markdown::{markdown, summary};
pub use picture::{Theme, picture};

use crate::{
    cluster::Cluster,
    events::Record,
    gates::Gate,
    length::seconds,
    plan::Mode,
    sample::Kind,
    step::Ending,
    tally::{Counts, Outage, Recovery, Second, Tally},
};

/// The report's format. Fields are added to it, and never renamed or removed.
pub const SCHEMA: &str = "xcluster.dev/failover-report/v1";

/// What a report is made from, beside the requests.
pub struct Facts {
    /// What kind of move it was.
    pub mode: Mode,
    /// The cluster that served before.
    pub source: Cluster,
    /// The one that serves afterwards.
    pub target: Cluster,
    /// The service's name.
    pub host: String,
    /// Requests a second.
    pub rate: u32,
    /// How long callers may keep an answer.
    pub ttl: Duration,
    /// What had to hold.
    pub gates: Vec<Gate>,
    /// What was done.
    pub steps: Vec<Record>,
    /// How it ended.
    pub ending: Ending,
    /// When the change was asked for.
    pub decision: Option<Duration>,
    /// When it had reached all callers that keep to the TTL.
    pub settled: Option<Duration>,
    /// When it was over.
    pub end: Duration,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// When the run began, in RFC 3339; the caller's clock says it.
    pub started: Option<String>,
    /// `planned`, `unplanned` or `failback`.
    pub mode: &'static str,
    /// How it ended.
    pub ending: Ending,
    /// Whether it did what it was asked for.
    pub ok: bool,
    /// The cluster that served before.
    pub source: Place,
    /// The one that serves afterwards.
    pub target: Place,
    /// The service's name.
    pub host: String,
    /// Seconds that callers may keep an answer.
    pub ttl_seconds: f64,
    /// Requests a second.
    pub rate_per_second: u32,
    /// How long it took, in seconds.
    pub took: f64,
    /// When the change was asked for, in seconds since the first request.
    pub decision: Option<f64>,
    /// When it had reached all callers that keep to the TTL.
    pub settled: Option<f64>,
    /// How long it took from the decision.
    pub recovery: Option<Recovery>,
    /// The longest time in which one kind of caller got no answer.
    pub longest_outage: Option<Outage>,
    /// The longest one of each kind that had one.
    pub outages: Vec<Outage>,
    /// Callers that keep their connection, and so do not notice DNS.
    pub ignoring_ttl: Option<IgnoringTtl>,
    /// Before the decision, until it was settled, and afterwards.
    pub phases: BTreeMap<&'static str, Phase>,
    /// Why requests failed, and how many for each reason.
    pub failures: BTreeMap<String, usize>,
    /// What had to hold.
    pub gates: Vec<Gate>,
    /// What was done.
    pub steps: Vec<Record>,
    /// The run, second by second.
    pub timeline: Vec<Second>,
}

/// Which cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its cloud.
    pub provider: String,
    /// The cloud's region.
    pub region: String,
}

/// A part of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Phase {
    /// All requests.
    pub all: Counts,
    /// Those of each kind of caller.
    pub callers: BTreeMap<Kind, Counts>,
}

/// Callers that do not keep to the TTL.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IgnoringTtl {
    /// Their requests that the source answered when all others had left it.
    pub served_by_source: usize,
    /// Seconds from the decision until the last of these.
    pub last_seconds: f64,
}

impl Report {
    /// Counts what there is to count.
    pub fn new(facts: Facts, tally: &Tally) -> Report {
        let Facts {
            mode,
            source,
            target,
            host,
            rate,
            ttl,
            gates,
            steps,
            ending,
            decision,
            settled,
            end,
        } = facts;
        let outages = tally.outages();
        let longest = |one: Outage, other: Outage| {
            if other.seconds > one.seconds {
                other
            } else {
                one
            }
        };
        let settled_at = settled.or(decision.map(|_| end));
        Report {
            schema: SCHEMA,
            started: None,
            mode: mode.word(),
            ending,
            ok: ending.is_good(),
            source: Place::of(source),
            target: Place::of(target),
            host,
            ttl_seconds: seconds(ttl),
            rate_per_second: rate,
            took: seconds(end),
            decision: decision.map(seconds),
            settled: settled.map(seconds),
            recovery: decision.map(|decision| tally.recovery(decision, end_of_move(&steps, end))),
            longest_outage: outages.iter().copied().reduce(longest),
            ignoring_ttl: ignoring_ttl(tally, decision, settled, end_of_move(&steps, end)),
            outages,
            phases: phases(tally, decision, settled_at),
            failures: tally.failures(),
            gates,
            steps,
            timeline: tally.timeline(),
        }
    }
}

impl Place {
    fn of(cluster: Cluster) -> Place {
        let Cluster {
            name,
            namespace,
            provider,
            region,
            ..
        } = cluster;
        Place {
            name,
            namespace,
            provider,
            region,
        }
    }
}

/// When traffic is given back, the source serves again, and that is no failure of the move.
fn end_of_move(steps: &[Record], end: Duration) -> Duration {
    use crate::step::Step;
    let is_back = |record: &&Record| {
        let evacuated = steps.iter().any(|record| record.step == Step::Evacuate);
        record.step == Step::RollBack || (record.step == Step::Return && evacuated)
    };
    let back = steps.iter().find(is_back);
    back.map_or(end + Duration::from_secs(1), |record| {
        Duration::from_secs_f64(record.began)
    })
}

fn ignoring_ttl(
    tally: &Tally,
    decision: Option<Duration>,
    settled: Option<Duration>,
    end: Duration,
) -> Option<IgnoringTtl> {
    let (decision, settled) = (decision?, settled?);
    let (served_by_source, last) = tally.ignoring_ttl(settled, end);
    Some(IgnoringTtl {
        served_by_source,
        last_seconds: seconds(last?.saturating_sub(decision)),
    })
}

fn phases(
    tally: &Tally,
    decision: Option<Duration>,
    settled: Option<Duration>,
) -> BTreeMap<&'static str, Phase> {
    let decision = decision.unwrap_or(Duration::MAX);
    let settled = settled.unwrap_or(Duration::MAX);
    let part = |from, to| Phase {
        all: tally.counts(None, from, to),
        callers: Kind::ALL
            .into_iter()
            .map(|kind| (kind, tally.counts(Some(kind), from, to)))
            .collect(),
    };
    BTreeMap::from([
        ("before", part(Duration::ZERO, decision)),
        ("during", part(decision, settled)),
        ("after", part(settled, Duration::MAX)),
    ])
}
