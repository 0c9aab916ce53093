//! When GKE may upgrade by itself.

use super::api::{ExclusionOptions, MaintenanceExclusion, MaintenancePolicy, RecurringWindow};
use crate::api::{
    choice::{Day, Exclusion},
    spec::{Excluded, Maintenance, TimeOfDay, Window},
};

/// The first Monday that all windows begin after: any day in the past would do, and another one would be a difference.
const FIRST_DAY: &str = "2026-01-05";
const DAY_AFTER: &str = "2026-01-06";

/// GKE's policy; none where its author says nothing.
pub(super) fn policy(maintenance: &Maintenance) -> Option<MaintenancePolicy> {
    let Maintenance { window, exclusions } = maintenance;
    if window.is_none() && exclusions.is_empty() {
        return None;
    }
    Some(MaintenancePolicy {
        recurring_window: window.as_ref().map(recurring),
        maintenance_exclusion: (!exclusions.is_empty())
            .then(|| exclusions.iter().map(exclusion).collect()),
    })
}

/// A window by RFC 5545, as GKE takes it.
fn recurring(window: &Window) -> RecurringWindow {
    let start = window.start_time;
    let end = TimeOfDay {
        hour: (start.hour + window.hours) % 24,
        ..start
    };
    let last_day = if start.hour + window.hours < 24 {
        FIRST_DAY
    } else {
        DAY_AFTER
    };
    RecurringWindow {
        start_time: format!("{FIRST_DAY}T{start}:00Z"),
        end_time: format!("{last_day}T{end}:00Z"),
        recurrence: recurrence(&window.days),
    }
}

fn recurrence(days: &[Day]) -> String {
    if days.is_empty() {
        return "FREQ=DAILY".to_owned();
    }
    let mut days = days.to_vec();
    days.sort_unstable();
    let names: Vec<_> = days.into_iter().map(name).collect();
    format!("FREQ=WEEKLY;BYDAY={}", names.join(","))
}

fn name(day: Day) -> &'static str {
    match day {
        Day::Monday => "MO",
        Day::Tuesday => "TU",
        Day::Wednesday => "WE",
        Day::Thursday => "TH",
        Day::Friday => "FR",
        Day::Saturday => "SA",
        Day::Sunday => "SU",
    }
}

fn exclusion(excluded: &Excluded) -> MaintenanceExclusion {
    MaintenanceExclusion {
        exclusion_name: excluded.name.clone(),
        start_time: excluded.start_time.clone(),
        end_time: excluded.end_time.clone(),
        exclusion_options: ExclusionOptions {
            scope: match excluded.scope {
                Exclusion::Upgrades => "NO_UPGRADES",
                Exclusion::MinorAndNodeUpgrades => "NO_MINOR_OR_NODE_UPGRADES",
                Exclusion::MinorUpgrades => "NO_MINOR_UPGRADES",
            },
        },
    }
}
