//! Runs that go as they should.

use std::time::Duration;

use failover::{
    plan::{Mode, Plan},
    sample::Kind,
    step::{Ending, Step},
};
use xcluster::api::choice::TrafficState;

use crate::world::{Health, SOURCE, Sim, TARGET, failed, plan, steps};

#[tokio::test(start_paused = true)]
async fn nobody_notices_a_planned_failover() {
    let sim = Sim::new();
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::Moved, "{:#?}", report.steps);
    assert_eq!(
        steps(&report),
        [
            Step::Baseline,
            Step::Drain,
            Step::Observe,
            Step::Hold,
            Step::Evacuate
        ]
    );
    assert_eq!(failed(&report), 0);
    assert_eq!(report.longest_outage, None);
    assert_eq!(sim.state(SOURCE), TrafficState::Evacuated);
    assert_eq!(sim.state(TARGET), TrafficState::Active);
    // Every request has its place, and afterwards all of them have the target as theirs.
    let before = &report.phases["before"].all;
    assert!(before.source > 100 && before.target > 100, "{before:?}");
    let after = &report.phases["after"];
    assert_eq!(after.callers[&Kind::Fresh].source, 0);
    assert_eq!(after.callers[&Kind::Cached].source, 0);
    let recovery = report.recovery.unwrap();
    // Four seconds until it is in force, and a TTL until the last answer has expired.
    let all = recovery.all_seconds.unwrap();
    assert!((4.0..=35.0).contains(&all), "{all}");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_ignores_the_ttl_is_reported_and_stops_nothing() {
    let sim = Sim::new();
    let report = sim.run(plan(Mode::Planned)).await;
    let kept = &report.phases["after"].callers[&Kind::KeepAlive];
    let ignoring = report.ignoring_ttl;
    // The first answer of DNS decides to whom it is connected; here it is the source.
    let ignoring = ignoring.expect("it stayed with the source");
    assert!(ignoring.served_by_source > 1000, "{ignoring:?}");
    assert!(ignoring.last_seconds > 290.0, "{ignoring:?}");
    // Without Pods the connection breaks, and it asks DNS again.
    assert!(kept.target > 0 && kept.failed == 0, "{kept:?}");
    assert!(failover::report::markdown(&report).contains("callers that ignore the TTL"));
}

#[tokio::test(start_paused = true)]
async fn a_dead_source_is_left_within_the_ttl() {
    let sim = Sim::new();
    sim.change(SOURCE, |site| site.health = Health::Silent);
    let report = sim.run(plan(Mode::Unplanned)).await;
    assert_eq!(report.ending, Ending::Moved, "{:#?}", report.steps);
    assert_eq!(steps(&report), [Step::Drain, Step::Observe, Step::Hold]);
    assert!(failed(&report) > 0);
    let all = report.recovery.unwrap().all_seconds.unwrap();
    assert!(all <= 30.0 + 4.0 + 2.0, "{all}");
    assert_eq!(report.phases["after"].all.failed, 0);
    // It is not asked for Pods: when it comes back it is drained, and a person decides.
    assert_eq!(
        sim.writes(),
        [(SOURCE.to_owned(), Some(TrafficState::Drained))]
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_evacuated_gets_pods_before_it_gets_traffic() {
    let sim = Sim::new();
    let report = sim
        .run(Plan {
            failback: true,
            ..plan(Mode::Planned)
        })
        .await;
    assert_eq!(report.ending, Ending::Returned, "{:#?}", report.steps);
    assert_eq!(steps(&report)[5..], [Step::WarmUp, Step::Return]);
    let states: Vec<_> = sim.writes().into_iter().map(|(_, state)| state).collect();
    // The spec said nothing before, and says nothing now.
    assert_eq!(
        states,
        [
            Some(TrafficState::Drained),
            Some(TrafficState::Evacuated),
            Some(TrafficState::Drained),
            None
        ]
    );
    assert_eq!(failed(&report), 0);
    let warm_up = &report.steps[5];
    assert!(warm_up.took >= 40.0, "Pods take 40 s: {warm_up:?}");
    // That it serves again afterwards is no late answer of the failover.
    assert!(report.recovery.unwrap().all_seconds.unwrap() < 40.0);
}

#[tokio::test(start_paused = true)]
async fn failback_alone_returns_what_is_drained() {
    let sim = Sim::new();
    for state in [TrafficState::Drained, TrafficState::Evacuated] {
        sim.change(TARGET, |site| {
            site.cluster.wanted = Some(state);
            site.cluster.in_force.as_mut().unwrap().state = state;
        });
        let report = sim.run(plan(Mode::Failback)).await;
        assert_eq!(report.ending, Ending::Returned, "{:#?}", report.steps);
        assert_eq!(failed(&report), 0);
        assert_eq!(sim.state(TARGET), TrafficState::Active);
    }
}

#[tokio::test(start_paused = true)]
async fn the_target_must_hold_before_pods_go() {
    let sim = Sim::new();
    let report = sim
        .run(Plan {
            hold: Duration::from_mins(10),
            ..plan(Mode::Planned)
        })
        .await;
    let hold = report
        .steps
        .iter()
        .find(|record| record.step == Step::Hold)
        .unwrap();
    assert!((600.0..602.0).contains(&hold.took), "{hold:?}");
}
