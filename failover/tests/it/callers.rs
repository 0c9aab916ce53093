//! Three kinds of callers, and a rate that does not give way.

use std::{sync::Arc, time::Duration};

use failover::{
    callers::Callers,
    load::{Names, Rate, send},
    sample::{Failure, Kind, Sample, Server},
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use xcluster::api::choice::TrafficState;

use crate::world::{HOST, Health, SOURCE, Sim, TARGET};

fn callers(sim: &Sim) -> Callers {
    Callers::new(Arc::new(sim.clone()), Arc::new(sim.clone()), HOST)
}

/// Source and target take turns, and then only the target is left.
async fn answers(callers: &Callers, kind: Kind, count: usize) -> Vec<String> {
    let mut answers = Vec::new();
    for _ in 0..count {
        answers.push(
            callers
                .ask(kind)
                .await
                .unwrap()
                .cluster
                .replace("ml-platform.", ""),
        );
    }
    answers
}

fn drain(sim: &Sim) {
    sim.change(SOURCE, |site| {
        site.cluster.in_force.as_mut().unwrap().state = TrafficState::Drained;
    });
}

async fn until_it_has_the_source(callers: &Callers, kind: Kind, wait: Duration) {
    for _ in 0..5 {
        if answers(callers, kind, 1).await == [SOURCE] {
            return;
        }
        tokio::time::sleep(wait).await;
    }
    panic!("it never has the source");
}

#[tokio::test(start_paused = true)]
async fn one_follows_at_once_one_within_the_ttl_and_one_not_at_all() {
    let sim = Sim::new();
    let callers = callers(&sim);
    until_it_has_the_source(&callers, Kind::Fresh, Duration::ZERO).await;
    until_it_has_the_source(&callers, Kind::Cached, Duration::from_secs(30)).await;
    let kept = answers(&callers, Kind::KeepAlive, 1).await;
    drain(&sim);
    assert_eq!(answers(&callers, Kind::Fresh, 4).await, [TARGET; 4]);
    assert_eq!(answers(&callers, Kind::Cached, 4).await, [SOURCE; 4]);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(answers(&callers, Kind::Cached, 4).await, [TARGET; 4]);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(
        answers(&callers, Kind::KeepAlive, 2).await,
        [kept[0].clone(), kept[0].clone()]
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_makes_its_caller_ask_dns_again() {
    let sim = Sim::new();
    let callers = callers(&sim);
    sim.with(|inside| inside.sites.reverse());
    let first = answers(&callers, Kind::KeepAlive, 1).await;
    sim.change(&first[0], |site| {
        site.cluster.in_force.as_mut().unwrap().state = TrafficState::Evacuated;
    });
    // It was closed while nothing was under way, so no request is lost.
    assert_ne!(answers(&callers, Kind::KeepAlive, 1).await, first);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_costs_the_one_who_keeps_a_connection_one_request() {
    let sim = Sim::new();
    let callers = callers(&sim);
    let first = answers(&callers, Kind::KeepAlive, 1).await;
    sim.change(&first[0], |site| {
        site.health = Health::Silent;
        site.cluster.in_force.as_mut().unwrap().state = TrafficState::Drained;
    });
    assert_eq!(callers.ask(Kind::KeepAlive).await, Err(Failure::Timeout));
    assert_ne!(answers(&callers, Kind::KeepAlive, 1).await, first);
}

async fn load(sim: &Sim, rate: Rate, seconds: u64) -> Vec<Sample> {
    let (stop, stopped) = watch::channel(false);
    let (samples, mut received) = mpsc::unbounded_channel();
    let names = Names {
        source: format!("ml-platform.{SOURCE}"),
        target: format!("ml-platform.{TARGET}"),
    };
    let sending = tokio::spawn(send(
        Arc::new(callers(sim)),
        names,
        rate,
        Instant::now(),
        samples,
        stopped,
    ));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.send_replace(true);
    sending.await.unwrap();
    let mut all = Vec::new();
    while let Ok(sample) = received.try_recv() {
        all.push(sample);
    }
    all
}

#[tokio::test(start_paused = true)]
async fn the_rate_stays_when_the_service_is_slow() {
    const RATE: Rate = Rate {
        per_second: 30,
        in_flight: 1000,
    };
    let sim = Sim::new();
    let good = load(&sim, RATE, 10).await;
    sim.change(SOURCE, |site| site.health = Health::Silent);
    sim.change(TARGET, |site| site.health = Health::Silent);
    let silent = load(&sim, RATE, 10).await;
    for samples in [&good, &silent] {
        assert!((300..=302).contains(&samples.len()), "{}", samples.len());
        for kind in Kind::ALL {
            let count = samples.iter().filter(|sample| sample.kind == kind).count();
            assert!((100..=101).contains(&count), "{kind:?}: {count}");
        }
    }
    assert!(
        good.iter()
            .all(|sample| matches!(sample.outcome, Ok(Server::Source | Server::Target)))
    );
    assert!(
        silent
            .iter()
            .all(|sample| sample.outcome == Err(Failure::Timeout))
    );
    assert!(
        silent
            .iter()
            .all(|sample| sample.latency() >= Duration::from_secs(2))
    );
}

#[tokio::test(start_paused = true)]
async fn what_would_be_too_much_at_once_counts_as_failed() {
    let sim = Sim::new();
    sim.change(SOURCE, |site| site.health = Health::Silent);
    sim.change(TARGET, |site| site.health = Health::Silent);
    let samples = load(
        &sim,
        Rate {
            per_second: 100,
            in_flight: 10,
        },
        4,
    )
    .await;
    assert!((400..=402).contains(&samples.len()), "{}", samples.len());
    let not_sent = samples
        .iter()
        .filter(|sample| sample.outcome == Err(Failure::NotSent))
        .count();
    // Two batches of ten within four seconds, of two seconds each.
    assert!((370..=385).contains(&not_sent), "{not_sent}");
}
