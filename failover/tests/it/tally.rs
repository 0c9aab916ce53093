//! Counting: what the figures of a report are made of.

use std::time::Duration;

use failover::{
    sample::{Failure, Kind, Sample, Server},
    tally::{Recovery, Tally},
};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Requests as (due, took, outcome), in milliseconds.
fn tally(kind: Kind, requests: &[(u64, u64, Result<Server, Failure>)]) -> Tally {
    let mut tally = Tally::default();
    for (due, took, outcome) in requests {
        tally.add(Sample {
            kind,
            due: ms(*due),
            done: ms(due + took),
            outcome: outcome.clone(),
        });
    }
    tally
}

#[test]
fn latency_counts_from_when_a_request_was_due() {
    // The third one waited for the second.
    let tally = tally(
        Kind::Fresh,
        &[
            (0, 10, Ok(Server::Source)),
            (100, 1_000, Ok(Server::Source)),
            (200, 910, Ok(Server::Source)),
        ],
    );
    let counts = tally.counts(None, Duration::ZERO, Duration::MAX);
    assert!((counts.p50_ms.unwrap() - 910.0).abs() < 2.0, "{counts:?}");
    assert!((counts.p99_ms.unwrap() - 1_000.0).abs() < 2.0, "{counts:?}");
}

#[test]
fn an_outage_lasts_until_the_next_good_answer() {
    let lost = || Err(Failure::Timeout);
    let tally = tally(
        Kind::Cached,
        &[
            (0, 10, Ok(Server::Source)),
            (1_000, 2_000, lost()),
            (2_000, 2_000, lost()),
            (3_000, 500, Ok(Server::Target)),
            (4_000, 10, lost()),
            (5_000, 10, Ok(Server::Target)),
        ],
    );
    let [outage] = tally.outages()[..] else {
        panic!("{:?}", tally.outages())
    };
    assert_eq!(
        (outage.kind, outage.seconds, outage.began),
        (Kind::Cached, 2.5, 1.0)
    );
}

#[test]
fn an_outage_that_has_not_ended_counts() {
    let tally = tally(
        Kind::Fresh,
        &[
            (0, 10, Ok(Server::Source)),
            (1_000, 2_000, Err(Failure::Timeout)),
        ],
    );
    let [outage] = tally.outages()[..] else {
        panic!("{:?}", tally.outages())
    };
    assert_eq!((outage.kind, outage.seconds), (Kind::Fresh, 2.0));
}

#[test]
fn recovery_is_over_when_the_last_caller_that_keeps_to_the_ttl_has_moved() {
    let rows = [
        (500, 20, Ok(Server::Source)),
        (1_000, 20, Ok(Server::Target)),
        (2_000, 20, Ok(Server::Source)),
        (3_000, 20, Ok(Server::Target)),
    ];
    let fresh = tally(Kind::Fresh, &rows);
    let recovery = fresh.recovery(ms(500), Duration::MAX);
    assert_eq!(
        recovery,
        Recovery {
            first_seconds: Some(0.5),
            all_seconds: Some(2.5)
        }
    );
    // Who keeps a connection says nothing about DNS.
    let kept = tally(Kind::KeepAlive, &rows);
    assert_eq!(kept.recovery(ms(500), Duration::MAX), Recovery::default());
    // Nor does what comes after the traffic went back.
    let recovery = fresh.recovery(ms(500), ms(1_500));
    assert_eq!(recovery.all_seconds, Some(0.5));
}

#[test]
fn what_never_recovers_has_no_time() {
    let tally = tally(
        Kind::Fresh,
        &[
            (0, 10, Ok(Server::Target)),
            (1_000, 10, Err(Failure::Connect)),
        ],
    );
    assert_eq!(
        tally.recovery(Duration::ZERO, Duration::MAX).all_seconds,
        None
    );
}

#[test]
fn the_timeline_has_no_gaps() {
    let tally = tally(
        Kind::Fresh,
        &[
            (0, 10, Ok(Server::Source)),
            (3_100, 10, Ok(Server::Other)),
            (3_200, 10, Err(Failure::Dns)),
        ],
    );
    let seconds: Vec<_> = tally
        .timeline()
        .iter()
        .map(|second| (second.second, second.source, second.other, second.failed))
        .collect();
    assert_eq!(
        seconds,
        [(0, 1, 0, 0), (1, 0, 0, 0), (2, 0, 0, 0), (3, 0, 1, 1)]
    );
    assert_eq!(tally.second(3), tally.timeline()[3]);
}
