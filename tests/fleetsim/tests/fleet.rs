//! Small fleets, simulated from their creation on: what must hold for any fleet, and no figures of a machine.

use std::{path::Path, time::Duration};

use fleetsim::{Core, Faults, Limits, Record, Settings, simulate, tables};

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);
/// So many different lives take seconds, however many clusters live them.
const LIVES: usize = 4;

fn run(settings: &Settings) -> Record {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    simulate(&examples, settings).unwrap_or_else(|error| panic!("{error}"))
}

/// A fleet of this size in which everything works, and which then lives this long.
fn sound(clusters: usize, steady: Duration) -> Settings {
    let mut settings = Settings {
        clusters,
        lives: LIVES,
        faults: Faults::NONE,
        ..Settings::default()
    };
    settings.times.ramp = 10 * MINUTE;
    settings.times.steady = steady;
    settings.times.outage = Duration::ZERO;
    settings.times.recovery = Duration::ZERO;
    settings
}

/// All faults, and an outage.
fn faulty(clusters: usize) -> Settings {
    let mut settings = Settings {
        clusters,
        ..Settings::default()
    };
    settings.times.ramp = 10 * MINUTE;
    settings.times.steady = 30 * MINUTE;
    settings.times.outage = 12 * MINUTE;
    settings.times.recovery = 10 * MINUTE;
    settings.faults.flapping = 0.5;
    settings.faults.broken = 0.2;
    settings
}

fn text(record: Record) -> String {
    let tables = tables(&[record]);
    tables.iter().map(figures::Table::text).collect()
}

/// The largest figure of any cluster, on either cloud.
fn most(record: &Record, figures: fn(&fleetsim::Lives) -> &Vec<f64>) -> f64 {
    let all = record.lives.iter().flat_map(|(_, lives)| figures(lives));
    all.copied().fold(0.0, f64::max)
}

/// The `--circuit-breaker-burst` that the README asks for.
fn readme_burst() -> f64 {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(readme).unwrap_or_default();
    let rest = text.split("--circuit-breaker-burst=").nth(1);
    let digits = rest.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    let burst = digits.and_then(|digits| digits.parse().ok());
    burst.unwrap_or_else(|| panic!("README.md asks for no burst"))
}

#[test]
fn the_burst_is_the_one_that_the_readme_asks_for() {
    let burst = Settings::default().limits.burst;
    assert_eq!(burst.to_string(), readme_burst().to_string());
}

#[test]
fn a_sound_fleet_becomes_ready_and_then_rests_for_days() {
    let record = run(&sound(50, 2 * DAY));
    for (cloud, lives) in &record.lives {
        assert!(lives.count > 5, "{cloud}: {}", lives.count);
        assert_eq!(lives.ready, lives.count, "{cloud}");
        assert!(lives.opened.is_empty(), "{cloud}: {:?}", lives.opened);
    }
    let calls = most(&record, |lives| &lives.calls);
    assert!((50.0..300.0).contains(&calls), "{calls} calls to Ready");
    let minutes = most(&record, |lives| &lives.seconds) / 60.0;
    assert!((10.0..30.0).contains(&minutes), "{minutes} minutes");
    let (needed, burst) = (most(&record, |lives| &lives.needed_ever), readme_burst());
    assert!(needed <= burst * 2.0 / 3.0, "{needed} of {burst} tokens");
    assert_eq!(record.handlers, 1, "core watches a kind more than once");
    // Six calls an hour for the ttl of ten minutes; and one for each of up to some 25 kinds that core's cache
    // hands out again, after which the ttl begins anew.
    let steady = record.phases.iter().find(|phase| phase.name == "steady");
    let hourly = steady.unwrap().rate() * 3600.0 / 50.0;
    assert!((6.0..35.0).contains(&hourly), "{hourly} calls an hour");
}

/// Core 2.4 does not see the creation of an object whose kind it watches for other clusters already, and everything else
/// costs what it did.
#[test]
fn core_2_4_saves_a_token_for_most_objects_and_no_more() {
    let before = sound(50, MINUTE);
    let after = Settings {
        core: Core::V24,
        ..before.clone()
    };
    let [before, after] = [before, after].map(|settings| run(&settings));
    assert_eq!(after.handlers, 1, "core watches a kind more than once");
    let figures: [fn(&fleetsim::Lives) -> &Vec<f64>; 2] =
        [|lives| &lives.tokens, |lives| &lives.needed];
    for figure in figures {
        let (before, after) = (most(&before, figure), most(&after, figure));
        assert!(after < before, "{after} of {before}");
        // The largest cluster is of some eighty objects.
        assert!(before - after < 80.0, "{after} of {before}");
    }
}

#[test]
fn without_resyncs_a_settled_cluster_is_looked_at_when_its_ttl_has_passed() {
    let mut settings = sound(10, DAY);
    settings.resync = 1000 * HOUR;
    let record = run(&settings);
    let steady = record.phases.iter().find(|phase| phase.name == "steady");
    let hourly = steady.unwrap().rate() * 3600.0 / 10.0;
    assert!((5.9..7.0).contains(&hourly), "{hourly} calls an hour");
}

#[test]
fn without_realtime_compositions_core_polls_every_minute() {
    let mut settings = sound(10, 6 * HOUR);
    settings.resync = 1000 * HOUR;
    settings.realtime = false;
    let record = run(&settings);
    let steady = record.phases.iter().find(|phase| phase.name == "steady");
    let hourly = steady.unwrap().rate() * 3600.0 / 10.0;
    assert!((57.0..66.0).contains(&hourly), "{hourly} calls an hour");
}

#[test]
fn whatever_fails_nothing_is_lost_and_what_can_be_made_is() {
    // Each call is checked; an object or a field that is lost ends the simulation.
    let record = run(&faulty(6));
    for (cloud, lives) in &record.lives {
        assert!(
            lives.ready + lives.broken == lives.count,
            "{cloud}: {lives:?}"
        );
        assert!(lives.ready > 0, "{cloud}");
    }
    let outage = record.phases.iter().find(|phase| phase.name == "outage");
    let steady = record.phases.iter().find(|phase| phase.name == "steady");
    assert!(outage.unwrap().rate() > steady.unwrap().rate());
}

#[test]
fn a_breaker_with_the_burst_of_core_opens_and_the_clusters_become_ready_all_the_same() {
    let mut settings = sound(10, MINUTE);
    settings.limits = Limits {
        burst: 100.0,
        ..settings.limits
    };
    let record = run(&settings);
    for (cloud, lives) in &record.lives {
        assert_eq!(lives.opened.len(), lives.count, "{cloud}");
        assert_eq!(lives.ready, lives.count, "{cloud}");
    }
}

#[test]
fn a_seed_gives_the_same_figures_and_another_seed_gives_others() {
    let settings = faulty(2);
    let other = Settings {
        seed: 2,
        ..settings.clone()
    };
    let once = text(run(&settings));
    assert_eq!(once, text(run(&settings)));
    assert_ne!(once, text(run(&other)));
}

#[test]
fn making_each_call_for_each_cluster_gives_the_same_figures() {
    let settings = faulty(2);
    let each = Settings {
        remember: false,
        ..settings.clone()
    };
    let (once, each) = (run(&settings), run(&each));
    assert!(once.calls.1 < each.calls.1, "nothing was remembered");
    assert_eq!(each.calls.0, each.calls.1);
    let mut once = once;
    once.calls = each.calls;
    assert_eq!(text(once), text(each));
}
