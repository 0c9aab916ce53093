//! What the callers saw, counted.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::{
    length::seconds,
    sample::{Kind, Sample, Server},
};

/// All requests of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    samples: Vec<Sample>,
}

/// Requests of one kind in one part of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// Those without a good answer.
    pub failed: usize,
    /// Answered by the source.
    pub source: usize,
    /// Answered by the target.
    pub target: usize,
    /// Answered by another cluster.
    pub other: usize,
    /// Milliseconds that half of the callers waited at most; none without an answer.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
}

/// One second of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Second {
    /// Seconds since the first request.
    pub second: u64,
    /// Answered by the source.
    pub source: usize,
    /// Answered by the target.
    pub target: usize,
    /// Answered by another cluster.
    pub other: usize,
    /// Without a good answer.
    pub failed: usize,
}

/// A time in which a caller got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outage {
    /// Whose.
    pub kind: Kind,
    /// Seconds from when the first of the failed requests was due until the next good answer.
    pub seconds: f64,
    /// Seconds since the first request of the run at which it began.
    pub began: f64,
}

/// How long it took from the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovery {
    /// Seconds until the target answered a request that was due after the decision.
    pub first_seconds: Option<f64>,
    /// Seconds until no caller that keeps to the TTL was served by the source, or failed, any more.
    pub all_seconds: Option<f64>,
}

impl Second {
    fn count(&mut self, sample: &Sample) {
        match sample.outcome {
            Ok(Server::Source) => self.source += 1,
            Ok(Server::Target) => self.target += 1,
            Ok(Server::Other) => self.other += 1,
            Err(_) => self.failed += 1,
        }
    }
}

/// Requests that were due since some moment, counted as they come: a watch may last for hours.
#[derive(Clone, Debug)]
pub struct Watch {
    from: Duration,
    seen: usize,
    /// All of them.
    pub total: usize,
    /// Those without a good answer.
    pub failed: usize,
    /// When the last request of a caller that keeps to the TTL was due that the source answered.
    pub last_from_source: Option<Duration>,
}

impl Watch {
    /// One of nothing yet.
    pub fn new(from: Duration) -> Watch {
        Watch {
            from,
            seen: 0,
            total: 0,
            failed: 0,
            last_from_source: None,
        }
    }

    /// Counts what has come since.
    pub fn look(&mut self, tally: &Tally) {
        for sample in &tally.samples[self.seen..] {
            if sample.due < self.from {
                continue;
            }
            self.total += 1;
            self.failed += usize::from(sample.outcome.is_err());
            if sample.kind.honors_ttl() && sample.outcome == Ok(Server::Source) {
                self.last_from_source = self.last_from_source.max(Some(sample.due));
            }
        }
        self.seen = tally.samples.len();
    }
}

fn moved(sample: &Sample) -> bool {
    matches!(sample.outcome, Ok(Server::Target | Server::Other))
}

impl Tally {
    /// Takes another one.
    pub fn add(&mut self, sample: Sample) {
        self.samples.push(sample);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// When the last request of a caller that keeps to the TTL was due that the target did not answer; of those due from
    /// `from` on.
    pub fn last_not_moved(&self, from: Duration) -> Option<Duration> {
        self.honoring(from)
            .filter(|sample| !moved(sample))
            .map(|sample| sample.due)
            .max()
    }

    /// When the first request of a caller that keeps to the TTL was due after which none of theirs stayed behind.
    pub fn moved_for_good(&self, from: Duration) -> Option<Duration> {
        let last = self.last_not_moved(from);
        self.honoring(from)
            .filter(|sample| moved(sample) && last.is_none_or(|last| sample.due > last))
            .map(|sample| sample.due)
            .min()
    }

    /// How many requests of callers that keep to the TTL one cluster has answered since.
    pub fn answered_by(&self, server: Server, from: Duration) -> usize {
        self.honoring(from)
            .filter(|sample| sample.outcome == Ok(server))
            .count()
    }

    /// How many callers that keep to the TTL were answered since.
    pub fn moved_since(&self, from: Duration) -> usize {
        self.honoring(from).filter(|sample| moved(sample)).count()
    }

    fn honoring(&self, from: Duration) -> impl Iterator<Item = &Sample> {
        self.samples
            .iter()
            .filter(move |sample| sample.kind.honors_ttl() && sample.due >= from)
    }

    /// Failed and all requests of every kind that were due since.
    pub fn failed_since(&self, from: Duration) -> (usize, usize) {
        let since = || self.samples.iter().filter(|sample| sample.due >= from);
        (
            since().filter(|sample| sample.outcome.is_err()).count(),
            since().count(),
        )
    }

    /// What was answered by the source in `from..to`, to callers that do not keep to the TTL, and when the last was due.
    pub fn ignoring_ttl(&self, from: Duration, to: Duration) -> (usize, Option<Duration>) {
        let found = || {
            self.samples.iter().filter(move |sample| {
                let is_due = sample.due > from && sample.due < to;
                !sample.kind.honors_ttl() && is_due && sample.outcome == Ok(Server::Source)
            })
        };
        (found().count(), found().map(|sample| sample.due).max())
    }

    /// Requests that were due in `from..to`, of one kind or of all.
    pub fn counts(&self, kind: Option<Kind>, from: Duration, to: Duration) -> Counts {
        let mut counts = Counts::default();
        // From a microsecond to ten minutes, with three digits; these bounds are never refused.
        let mut waited = Histogram::<u64>::new_with_bounds(1, 600_000_000, 3).ok();
        for sample in &self.samples {
            if sample.due < from || sample.due >= to || kind.is_some_and(|kind| kind != sample.kind)
            {
                continue;
            }
            counts.total += 1;
            match &sample.outcome {
                Ok(server) => {
                    *slot(&mut counts, *server) += 1;
                    let micros = u64::try_from(sample.latency().as_micros());
                    if let Some(waited) = &mut waited {
                        waited.saturating_record(micros.unwrap_or(u64::MAX));
                    }
                }
                Err(_) => counts.failed += 1,
            }
        }
        if let Some(waited) = waited.filter(|waited| !waited.is_empty()) {
            let at = |quantile| Some(milliseconds(waited.value_at_quantile(quantile)));
            (counts.p50_ms, counts.p95_ms, counts.p99_ms) = (at(0.5), at(0.95), at(0.99));
        }
        counts
    }

    /// One second of the run.
    pub fn second(&self, second: u64) -> Second {
        let mut found = Second {
            second,
            ..Second::default()
        };
        // The last ones stand at the end.
        for sample in self.samples.iter().rev().take(10_000) {
            if sample.due.as_secs() == second {
                found.count(sample);
            }
        }
        found
    }

    /// The run, second by second, without gaps.
    pub fn timeline(&self) -> Vec<Second> {
        let last = self.samples.iter().map(|sample| sample.due.as_secs()).max();
        let Some(last) = last else {
            return Vec::new();
        };
        let mut seconds: Vec<_> = (0..=last)
            .map(|second| Second {
                second,
                ..Second::default()
            })
            .collect();
        for sample in &self.samples {
            let index = usize::try_from(sample.due.as_secs()).ok();
            if let Some(second) = index.and_then(|index| seconds.get_mut(index)) {
                second.count(sample);
            }
        }
        seconds
    }

    /// The longest outage of each kind of caller that had one.
    pub fn outages(&self) -> Vec<Outage> {
        Kind::ALL
            .into_iter()
            .filter_map(|kind| self.longest_outage(kind))
            .collect()
    }

    fn longest_outage(&self, kind: Kind) -> Option<Outage> {
        let mut samples: Vec<_> = self
            .samples
            .iter()
            .filter(|sample| sample.kind == kind)
            .collect();
        samples.sort_by_key(|sample| sample.due);
        let mut began = None;
        let mut longest: Option<(Duration, Duration)> = None;
        for sample in &samples {
            match (&sample.outcome, began) {
                (Err(_), None) => began = Some(sample.due),
                (Err(_), Some(_)) | (Ok(_), None) => {}
                (Ok(_), Some(from)) => {
                    longest = longest.max(Some((sample.done.saturating_sub(from), from)));
                    began = None;
                }
            }
        }
        // One that had not ended when the run did.
        if let (Some(from), Some(last)) = (began, samples.last()) {
            longest = longest.max(Some((last.done.saturating_sub(from), from)));
        }
        longest.map(|(lasted, from)| Outage {
            kind,
            seconds: seconds(lasted),
            began: seconds(from),
        })
    }

    /// How long it took from the decision until the target served.
    pub fn recovery(&self, decision: Duration, end: Duration) -> Recovery {
        let honoring = || {
            self.honoring(decision)
                .filter(move |sample| sample.due < end)
        };
        let first = honoring()
            .filter(|sample| sample.outcome == Ok(Server::Target))
            .map(|sample| sample.done)
            .min();
        let last_not_moved = honoring()
            .filter(|sample| !moved(sample))
            .map(|sample| sample.due)
            .max();
        let all = match last_not_moved {
            None => first,
            Some(last) => honoring()
                .filter(|sample| sample.due > last)
                .map(|sample| sample.done)
                .min(),
        };
        let since = |at: Option<Duration>| at.map(|at| seconds(at.saturating_sub(decision)));
        Recovery {
            first_seconds: since(first),
            all_seconds: since(all),
        }
    }

    /// Why requests failed, and how many for each reason.
    pub fn failures(&self) -> BTreeMap<String, usize> {
        let mut failures = BTreeMap::new();
        for sample in &self.samples {
            if let Err(failure) = &sample.outcome {
                *failures.entry(failure.to_string()).or_default() += 1;
            }
        }
        failures
    }
}

fn slot(counts: &mut Counts, server: Server) -> &mut usize {
    match server {
        Server::Source => &mut counts.source,
        Server::Target => &mut counts.target,
        Server::Other => &mut counts.other,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "microseconds of minutes fit a float"
)]
fn milliseconds(micros: u64) -> f64 {
    (micros as f64 / 100.0).round() / 10.0
}
