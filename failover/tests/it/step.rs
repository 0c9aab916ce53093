//! The table of steps: it always ends, and never where traffic has no place to go.

use std::collections::BTreeSet;

use failover::{
    plan::Mode,
    step::{Change, Ending, Next, Outcome, Route, Step, first, next},
};

const OUTCOMES: [Outcome; 3] = [Outcome::Passed, Outcome::Failed, Outcome::Interrupted];

fn routes() -> impl Iterator<Item = Route> {
    [Mode::Planned, Mode::Unplanned, Mode::Failback]
        .into_iter()
        .flat_map(|mode| {
            let changes = [Change::Unwritten, Change::Written, Change::Drained];
            changes.into_iter().flat_map(move |change| {
                (0..4).map(move |bits| Route {
                    mode,
                    failback: bits & 1 != 0,
                    source_answers: bits & 2 != 0,
                    change,
                })
            })
        })
}

/// Every way through, as steps with their outcomes.
fn ways(route: Route) -> Vec<(Vec<(Step, Outcome)>, Ending)> {
    let mut open = vec![(Vec::new(), first(route.mode))];
    let mut done = Vec::new();
    while let Some((way, step)) = open.pop() {
        assert!(way.len() < 12, "it never ends: {way:?}");
        for outcome in OUTCOMES {
            let mut way = way.clone();
            way.push((step, outcome));
            match next(route, step, outcome) {
                Next::Do(step) => open.push((way, step)),
                Next::End(ending) => done.push((way, ending)),
            }
        }
    }
    done
}

#[test]
fn every_way_ends_and_a_good_end_needs_every_step_to_pass() {
    for route in routes() {
        let ways = ways(route);
        assert!(ways.len() > 3);
        for (way, ending) in ways {
            let all_passed = way.iter().all(|(_, outcome)| *outcome == Outcome::Passed);
            assert_eq!(ending.is_good(), all_passed, "{route:?} {way:?} {ending:?}");
        }
    }
}

#[test]
fn pods_go_only_after_the_target_has_held() {
    for route in routes() {
        for (way, _) in ways(route) {
            let evacuated = way.iter().position(|(step, _)| *step == Step::Evacuate);
            if let Some(at) = evacuated {
                assert_eq!(way[at - 1], (Step::Hold, Outcome::Passed));
                assert_ne!(route.mode, Mode::Unplanned);
            }
        }
    }
}

#[test]
fn traffic_returns_only_to_a_cluster_that_answers() {
    for route in routes().filter(|route| route.mode != Mode::Failback) {
        for (way, _) in ways(route) {
            let returns = way.iter().position(|(step, _)| *step == Step::Return);
            if let Some(at) = returns {
                assert_eq!(way[at - 1], (Step::WarmUp, Outcome::Passed));
            }
            if way.iter().any(|(step, _)| *step == Step::RollBack) {
                assert!(
                    route.source_answers && route.mode == Mode::Planned,
                    "{route:?} {way:?}"
                );
            }
        }
    }
}

#[test]
fn a_drain_is_said_only_where_it_is_in_force_or_was_made_so() {
    for route in routes() {
        for (way, ending) in ways(route) {
            let (last, outcome) = *way.last().unwrap();
            let made_so = last == Step::StayDrained && outcome == Outcome::Passed;
            if ending == Ending::LeftDrained {
                assert!(
                    route.change == Change::Drained || made_so,
                    "{route:?} {way:?}"
                );
            }
            let wrote = way
                .iter()
                .any(|(step, outcome)| *outcome == Outcome::Passed && *step != Step::Baseline);
            if ending == Ending::Unchanged {
                assert!(!wrote, "{route:?} {way:?}");
            }
            let first_write = matches!(last, Step::Drain | Step::WarmUp) && !wrote;
            if first_write && route.change == Change::Unwritten {
                assert_eq!(ending, Ending::Unchanged, "{route:?} {way:?}");
            }
        }
    }
}

#[test]
fn every_ending_but_the_gates_is_reached() {
    let reached: BTreeSet<String> = routes()
        .flat_map(ways)
        .map(|(_, ending)| format!("{ending:?}"))
        .collect();
    let all = [
        "LeftDrained",
        "Moved",
        "NotDrained",
        "NotRolledBack",
        "Refused",
        "Returned",
        "RolledBack",
        "Unchanged",
    ];
    assert_eq!(reached, all.map(str::to_owned).into());
}
