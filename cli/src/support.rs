//! A warning about a version of Kubernetes that its cloud soon no longer supports.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use xcluster::api::{choice::Choice as _, input::InputDraft, minors, spec::Spec};

/// How many days before the end a person hears of it: as long as both clouds announce it ahead.
const DAYS_AHEAD: i32 = 60;

/// Today, in UTC: the clouds' days are in UTC, too.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// What there is to say of the version that a cluster asks for, on a day.
pub(super) fn warning(name: &str, spec: &Spec, input: &InputDraft, today: Date) -> Option<String> {
    let own = input.minors().unwrap_or_default();
    let (provider, minor) = (spec.provider, spec.kubernetes_version);
    let support = spec.upgrade.support_type;
    let day = minors::support_ends(&own, provider, minor, support)?;
    let left = (day.parse::<Date>().ok()? - today).get_days();
    if left > DAYS_AHEAD {
        return None;
    }
    let ends = match left {
        ..0 => format!("ended on {day}"),
        0 => "ends today".to_owned(),
        1 => format!("ends on {day}, tomorrow"),
        _ => format!("ends on {day}, in {left} days"),
    };
    let newest = minors::known(&own, provider).pop_last();
    let newer = newest.filter(|newest| *newest > minor);
    let fix = newer.map_or(String::new(), |newer| {
        format!("; set spec.kubernetesVersion to \"{newer}\"")
    });
    Some(format!(
        "{name}: {} support of Kubernetes {minor} on {} {ends}{fix}",
        support.name(),
        provider.name()
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use xcluster::{
        api::{input, violation::Violations},
        cloud::registry::Clouds,
        compose::read_spec,
    };

    use super::*;

    fn warned(version: &str, today: Date) -> Option<String> {
        let text = include_str!("../../clusters/prod-us.yaml").replace("1.36", version);
        let violations = Violations::default();
        let input = input::parse(None, &Clouds::ALL.known(), &violations);
        let path = std::path::Path::new("prod-us.yaml");
        let document = manifests::parse(&text, path).ok()?.pop()?;
        let composite = manifests::composite_of(&document, None, path).ok()?;
        let (spec, _) = read_spec(Clouds::ALL, &composite, &input).ok()?;
        warning("prod-us", &spec, &input, today)
    }

    #[test]
    fn a_version_is_warned_of_sixty_days_before_its_support_ends() {
        let begins = "prod-us: standard support of Kubernetes 1.36 on aws ";
        for (today, says) in [
            (date(2027, 6, 2), None),
            (date(2027, 6, 3), Some("ends on 2027-08-02, in 60 days")),
            (date(2027, 8, 1), Some("ends on 2027-08-02, tomorrow")),
            (date(2027, 8, 2), Some("ends today")),
            (date(2027, 9, 1), Some("ended on 2027-08-02")),
        ] {
            let says = says.map(|says| format!("{begins}{says}"));
            assert_eq!(warned("1.36", today), says, "{today}");
        }
        let older = warned("1.34", date(2026, 11, 28)).unwrap_or_default();
        let fix = "; set spec.kubernetesVersion to \"1.36\"";
        assert!(older.ends_with(fix), "{older}");
    }
}
