//! Rules of `maintenance`.

use crate::api::{
    asked::{Asked, Checked},
    choice::{Choice as _, Day},
};

/// GKE wants 48 hours within 32 days, in which every day of the week comes at least four times (GKE documentation,
/// "Maintenance windows and exclusions"; `google_container_cluster`, `maintenance_policy`).
const HOURS_IN_32_DAYS: u32 = 48;
const WEEKS_IN_32_DAYS: u32 = 4;

/// A window is long enough.
pub(super) fn window(asked: &Asked<'_>) -> Checked {
    let Some(window) = asked.spec.maintenance.window.get()? else {
        return Ok(());
    };
    let (days, hours) = (window.days.all()?.len(), window.hours?);
    let days = match days {
        0 => Day::ALL.len(),
        days => days,
    };
    let weekly = hours.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX));
    if weekly.saturating_mul(WEEKS_IN_32_DAYS) < HOURS_IN_32_DAYS {
        let needed = HOURS_IN_32_DAYS / WEEKS_IN_32_DAYS;
        asked.refuse(
            "spec.maintenance.window",
            "",
            format!("has {weekly} hours a week, and clouds need {needed} to upgrade in time"),
            "add days, or hours",
        );
    }
    Ok(())
}

/// Exclusions end after they begin, and none is there twice.
pub(super) fn exclusions(asked: &Asked<'_>) -> Checked {
    let exclusions = asked.spec.maintenance.exclusions.get()?;
    for (n, exclusion) in exclusions.iter().enumerate() {
        let path = |field: &str| format!("spec.maintenance.exclusions[{n}].{field}");
        if let (Ok(start), Ok(end)) = (&exclusion.start_time, &exclusion.end_time)
            && end <= start
        {
            let fix = format!("set it to a time after {start}");
            asked.refuse(path("endTime"), end, "is not after its startTime", fix);
        }
        if let Ok(name) = &exclusion.name {
            let mut before = exclusions[..n].iter();
            if before.any(|other| other.name.as_ref() == Ok(name)) {
                asked.refuse(path("name"), name, "is there twice", "use another name");
            }
        }
    }
    Ok(())
}
