//! Runs that are refused, rolled back or stopped.

use std::time::Duration;

use failover::{
    gates::{Gate, Verdict},
    plan::{Mode, Plan},
    report::{Report, summary},
    step::{Ending, Outcome, Step},
};
use tokio::sync::watch;
use xcluster::api::choice::TrafficState;

use crate::world::{Health, SOURCE, Sim, TARGET, plan, steps};

fn blocking(report: &Report) -> Vec<&'static str> {
    let fails = |gate: &&Gate| gate.blocks && gate.verdict == Verdict::Failed;
    report
        .gates
        .iter()
        .filter(fails)
        .map(|gate| gate.name)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_target_that_does_not_answer_gets_nothing() {
    for health in [Health::Silent, Health::Status(503)] {
        for mode in [Mode::Planned, Mode::Unplanned] {
            let sim = Sim::new();
            sim.change(TARGET, |site| site.health = health);
            let report = sim.run(plan(mode)).await;
            assert_eq!(report.ending, Ending::Refused);
            assert_eq!(blocking(&report), ["target-answers"]);
            assert_eq!(sim.writes(), []);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn another_model_on_the_target_is_caught() {
    let sim = Sim::new();
    sim.change(TARGET, |site| site.model = "another");
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::Refused);
    assert_eq!(blocking(&report), ["same-answer", "same-revision"]);
    assert_eq!(sim.writes(), []);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_fails_under_load_gives_it_back() {
    let sim = Sim::new();
    // Gates take half a second, the baseline 15 s, drain and observe about 40 s: it holds then.
    sim.later(Duration::from_mins(2), TARGET, Health::Status(503));
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::RolledBack, "{:#?}", report.steps);
    assert_eq!(steps(&report)[3..], [Step::Hold, Step::RollBack]);
    assert!(
        report.steps[3].found.contains("status 503"),
        "{:?}",
        report.steps[3]
    );
    assert_eq!(
        sim.writes(),
        [
            (SOURCE.to_owned(), Some(TrafficState::Drained)),
            (SOURCE.to_owned(), None)
        ]
    );
    assert_eq!(sim.state(SOURCE), TrafficState::Active);
}

#[tokio::test(start_paused = true)]
async fn who_undoes_the_drain_is_noticed() {
    let sim = Sim::new();
    let other_tool = sim.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_mins(2)).await;
        other_tool.change(SOURCE, |site| {
            site.cluster.in_force.as_mut().unwrap().state = TrafficState::Active;
        });
    });
    let report = sim.run(plan(Mode::Planned)).await;
    let hold = &report.steps[3];
    assert!(
        hold.found
            .contains("prod-us answered a caller that keeps to the TTL"),
        "{hold:?}"
    );
    assert_eq!(report.ending, Ending::RolledBack);
}

#[tokio::test(start_paused = true)]
async fn traffic_is_not_given_back_to_a_source_that_died_meanwhile() {
    let sim = Sim::new();
    sim.later(Duration::from_secs(110), SOURCE, Health::Silent);
    sim.later(Duration::from_mins(2), TARGET, Health::Status(503));
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::LeftDrained, "{:#?}", report.steps);
    assert_eq!(sim.state(SOURCE), TrafficState::Drained);
}

#[tokio::test(start_paused = true)]
async fn what_fails_before_is_not_moved() {
    let sim = Sim::new();
    sim.later(Duration::from_secs(3), TARGET, Health::Status(503));
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::Refused);
    assert_eq!(steps(&report), [Step::Baseline]);
    assert_eq!(sim.writes(), []);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_never_comes_into_force_is_taken_back() {
    let sim = Sim::new();
    sim.with(|inside| inside.stuck = true);
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(
        steps(&report),
        [Step::Baseline, Step::Drain, Step::RollBack]
    );
    assert!(
        report.steps[1].found.contains("not drained after 120"),
        "{:?}",
        report.steps[1]
    );
    assert_eq!(report.ending, Ending::RolledBack);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_function_is_told_in_its_words() {
    let sim = Sim::new();
    sim.with(|inside| inside.stuck = true);
    let told = sim.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(18)).await;
        told.change(SOURCE, |site| {
            site.cluster.synced.holds = false;
            site.cluster.synced.why = "ReconcileError: it is the last one".to_owned();
        });
    });
    let report = sim.run(plan(Mode::Planned)).await;
    let drain = &report.steps[1];
    assert!(
        drain.found.contains("it is the last one") && drain.took < 20.0,
        "{drain:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_write_is_tried_again() {
    let sim = Sim::new();
    sim.with(|inside| inside.failing_writes = 2);
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::Moved);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_refused_changes_nothing_and_the_report_says_so() {
    for (mode, ran) in [
        (Mode::Planned, vec![Step::Baseline, Step::Drain]),
        (Mode::Unplanned, vec![Step::Drain]),
        (Mode::Failback, vec![Step::WarmUp]),
    ] {
        let sim = Sim::new();
        if mode == Mode::Failback {
            sim.change(TARGET, |site| {
                site.cluster.wanted = Some(TrafficState::Evacuated);
                site.cluster.in_force.as_mut().unwrap().state = TrafficState::Evacuated;
            });
        }
        if mode == Mode::Unplanned {
            sim.change(SOURCE, |site| site.health = Health::Silent);
        }
        sim.with(|inside| inside.failing_writes = 100);
        let report = sim.run(plan(mode)).await;
        assert_eq!(report.ending, Ending::Unchanged, "{:#?}", report.steps);
        assert!(!report.ok);
        assert_eq!(steps(&report), ran);
        assert_eq!(sim.writes(), []);
        let told = summary(&report);
        assert!(told.contains("Nothing was changed."), "{told}");
        assert!(told.contains("cannot write spec.traffic of"), "{told}");
        assert!(!told.contains("stays drained"), "{told}");
        assert_eq!(report.recovery, None, "nothing was decided");
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_is_not_in_force_is_not_called_one() {
    for away in [false, true] {
        let sim = Sim::new();
        sim.change(SOURCE, |site| site.health = Health::Silent);
        // Either the function does not follow, or the management cluster is gone when the write is due.
        sim.with(|inside| inside.stuck = true);
        let later = sim.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            later.with(|inside| inside.away = away);
        });
        let report = sim.run(plan(Mode::Unplanned)).await;
        assert_eq!(report.ending, Ending::NotDrained, "{:#?}", report.steps);
        let told = summary(&report);
        assert!(
            told.contains("The drain of prod-us is not in force"),
            "{told}"
        );
        assert!(!told.contains("stays drained"), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_cannot_put_it_back_says_what_to_write() {
    let sim = Sim::new();
    sim.later(Duration::from_mins(2), TARGET, Health::Status(503));
    let away = sim.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(119)).await;
        away.with(|inside| inside.failing_writes = 100);
    });
    let report = sim.run(plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::NotRolledBack);
    let last = report.steps.last().unwrap();
    assert!(
        last.found
            .contains("write spec.traffic.state of prod-us yourself: active"),
        "{last:?}"
    );
}

async fn stopped_after(after: u64, plan: Plan) -> (Sim, Report) {
    let sim = Sim::new();
    let (stop, interrupted) = watch::channel(false);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(after)).await;
        stop.send_replace(true);
        // The command keeps listening.
        std::future::pending::<()>().await;
    });
    let report = sim.run_until(plan, interrupted).await.unwrap();
    (sim, report)
}

#[tokio::test(start_paused = true)]
async fn who_stops_it_finds_the_state_before() {
    for (after, step) in [(17, Step::Drain), (30, Step::Observe), (200, Step::Hold)] {
        let (sim, report) = stopped_after(after, plan(Mode::Planned)).await;
        let stopped = report
            .steps
            .iter()
            .find(|record| record.outcome == Outcome::Interrupted)
            .unwrap();
        assert_eq!(stopped.step, step);
        assert_eq!(report.ending, Ending::RolledBack, "{:#?}", report.steps);
        assert_eq!(sim.state(SOURCE), TrafficState::Active);
        assert!(
            report
                .steps
                .last()
                .unwrap()
                .found
                .contains("prod-us is active again")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn who_stops_it_before_a_change_changes_nothing() {
    let (sim, report) = stopped_after(5, plan(Mode::Planned)).await;
    assert_eq!(report.ending, Ending::Unchanged);
    assert_eq!(sim.writes(), []);
}

#[tokio::test(start_paused = true)]
async fn who_stops_it_when_pods_are_gone_finds_it_drained() {
    let plan = Plan {
        failback: true,
        ..plan(Mode::Planned)
    };
    // Baseline, drain, observe and hold take some 360 s, and the evacuation 35.
    let (sim, report) = stopped_after(400, plan).await;
    let stopped = report
        .steps
        .iter()
        .find(|record| record.outcome == Outcome::Interrupted)
        .unwrap();
    assert!(
        matches!(stopped.step, Step::Evacuate | Step::WarmUp),
        "{stopped:?}"
    );
    assert_eq!(report.ending, Ending::LeftDrained, "{:#?}", report.steps);
    assert_eq!(sim.state(SOURCE), TrafficState::Drained);
}

#[tokio::test(start_paused = true)]
async fn a_dead_source_gets_nothing_back_when_somebody_stops_it() {
    let sim = Sim::new();
    sim.change(SOURCE, |site| site.health = Health::Silent);
    let (stop, interrupted) = watch::channel(false);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        stop.send_replace(true);
    });
    let report = sim
        .run_until(plan(Mode::Unplanned), interrupted)
        .await
        .unwrap();
    assert_eq!(report.ending, Ending::LeftDrained);
    assert!(summary(&report).contains("prod-us stays drained"));
    assert_eq!(sim.state(SOURCE), TrafficState::Drained);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_is_wrong_after_its_return_is_as_before() {
    let sim = Sim::new();
    sim.change(TARGET, |site| {
        site.cluster.wanted = Some(TrafficState::Evacuated);
        site.cluster.in_force.as_mut().unwrap().state = TrafficState::Evacuated;
        site.model = "another";
    });
    let report = sim.run(plan(Mode::Failback)).await;
    assert_eq!(report.ending, Ending::RolledBack, "{:#?}", report.steps);
    assert!(
        report.steps[0].found.contains("another"),
        "{:?}",
        report.steps[0]
    );
    assert_eq!(sim.state(TARGET), TrafficState::Evacuated);
}

#[tokio::test(start_paused = true)]
async fn what_makes_no_sense_is_bad_input() {
    let (_stop, interrupted) = watch::channel(false);
    let same = Plan {
        to: SOURCE.to_owned(),
        ..plan(Mode::Planned)
    };
    let unknown = Plan {
        to: "prod-mars".to_owned(),
        ..plan(Mode::Planned)
    };
    for (plan, says) in [
        (same, "name two clusters"),
        (
            unknown,
            "there is no cluster 'prod-mars'; there are: prod-us, prod-eu",
        ),
        (plan(Mode::Failback), "prod-eu takes traffic already"),
    ] {
        let error = Sim::new()
            .run_until(plan, interrupted.clone())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    let sim = Sim::new();
    sim.change(SOURCE, |site| {
        site.cluster.wanted = Some(TrafficState::Drained);
    });
    let error = sim
        .run_until(plan(Mode::Planned), interrupted)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("drained already"), "{error}");
}

#[tokio::test]
async fn a_state_of_another_release_is_never_written_over() {
    let sim = Sim::new();
    let why = "prod-eu: spec.traffic.state is \"asleep\"";
    sim.change(TARGET, |site| site.cluster.unclear = Some(why.to_owned()));
    let (_stop, interrupted) = watch::channel(false);
    let error = sim.run_until(plan(Mode::Unplanned), interrupted).await;
    let error = error.err().unwrap().to_string();
    assert!(
        error.starts_with(why) && error.contains("release"),
        "{error}"
    );
    assert_eq!(sim.writes(), []);
}
