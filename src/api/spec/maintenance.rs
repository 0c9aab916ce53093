//! When a cloud may upgrade by itself.

use serde::Serialize;

use crate::api::{
    choice::{Choice as _, Day, Exclusion},
    defaults,
    draft::{Field, Items, Maybe, Unsound, drafted},
    reader::{Object, Optional as _},
    rules,
};

/// Most exclusions of a cluster (GKE documentation, "Maintenance windows and exclusions": 20 of them).
const MOST_EXCLUSIONS: usize = 20;
/// The shortest window (the same page: four hours), and a whole day.
const HOURS: std::ops::RangeInclusive<u32> = 4..=24;

drafted! {
    /// When the cloud may upgrade by itself.
    #[derive(Clone, Debug, Serialize)]
    pub struct Maintenance, MaintenanceDraft {
        /// The time for it; any time without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub window: Option<Window> = Maybe<WindowDraft>,
        /// Times without it.
        pub exclusions: Vec<Excluded> = Items<ExcludedDraft>,
    }

    /// A time of the week, in UTC.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Window, WindowDraft {
        /// The days on which it begins.
        pub days: Vec<Day> = Items<Field<Day>>,
        /// When it begins.
        pub start_time: TimeOfDay,
        /// How long it lasts, in hours.
        pub hours: u32,
    }

    /// A time at which something must not happen.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Excluded, ExcludedDraft {
        /// Its name.
        pub name: String,
        /// When it begins, such as `2026-11-20T00:00:00Z`.
        pub start_time: String,
        /// When it ends.
        pub end_time: String,
        /// What must not happen.
        pub scope: Exclusion,
    }
}

/// A time of day in UTC, such as `02:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay {
    /// The hour, 0 to 23.
    pub hour: u32,
    /// The minute, 0 to 59.
    pub minute: u32,
}

impl TimeOfDay {
    /// Reads a time that keeps to [`rules::TIME_OF_DAY`].
    fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        Some(Self {
            hour: hour.parse().ok()?,
            minute: minute.parse().ok()?,
        })
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

pub(super) fn maintenance(mut object: Object<'_, '_>) -> MaintenanceDraft {
    let draft = MaintenanceDraft {
        window: object.optional_object("window", window),
        exclusions: object.items("exclusions", MOST_EXCLUSIONS, |object, path, item| {
            excluded(object.child(path, item))
        }),
    };
    object.finish();
    draft
}

fn window(mut object: Object<'_, '_>) -> WindowDraft {
    let draft = WindowDraft {
        days: days(object.strings_that("days", Day::ALL.len(), &rules::DAY_OF_WEEK)),
        start_time: object
            .need(
                "startTime",
                "set it to a quoted time in UTC such as \"02:00\"",
            )
            .string_that(&rules::TIME_OF_DAY)
            .and_then(|text| TimeOfDay::parse(&text).ok_or(Unsound)),
        hours: object
            .integer("hours", &HOURS)
            .default_to(defaults::MAINTENANCE_HOURS),
    };
    object.finish();
    draft
}

fn days(names: Items<Field<String>>) -> Items<Field<Day>> {
    let day = |name: String| {
        let mut days = Day::ALL.iter();
        let found = days.find(|(known, _)| *known == name);
        found.map(|(_, day)| *day).ok_or(Unsound)
    };
    Items(names.0.map(|names| {
        let names = names.into_iter();
        names.map(|name| name.and_then(day)).collect()
    }))
}

fn excluded(mut object: Object<'_, '_>) -> ExcludedDraft {
    let a_time = |what| format!("say when it {what}, such as \"2026-11-20T00:00:00Z\"");
    let draft = ExcludedDraft {
        name: object
            .need("name", "give it a name such as black-friday")
            .string_that(&rules::EXCLUSION),
        start_time: object
            .need("startTime", a_time("begins"))
            .string_that(&rules::TIME),
        end_time: object
            .need("endTime", a_time("ends"))
            .string_that(&rules::TIME),
        scope: object.choice("scope").default_to(defaults::EXCLUSION_SCOPE),
    };
    object.finish();
    draft
}
