//! Where a cluster is: region, zones and project.

use crate::{
    api::{
        asked::{Asked, Checked},
        draft::{Field, Items},
    },
    cloud::gcp::identifiers::is_project,
};

pub(super) fn region(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    if !is_region(region) {
        let fix = "use one such as europe-west1";
        asked.refuse("spec.region", region, "is not a GCP region", fix);
    }
    Ok(())
}

fn is_region(text: &str) -> bool {
    let Some((area, rest)) = text.split_once('-') else {
        return false;
    };
    let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[letters.len()..];
    !area.is_empty()
        && area
            .bytes()
            .chain(letters.bytes())
            .all(|b| b.is_ascii_lowercase())
        && !letters.is_empty()
        && (1..=2).contains(&digits.len())
}

pub(super) fn zones(asked: &Asked<'_>) -> Checked {
    zones_at(
        asked,
        "spec.network.zoneNames",
        &asked.spec.network.zone_names,
    )
}

/// Checks the zones of a list. A subnetwork is in all zones of its region, so a pool can be in zones that the cluster is not in.
pub(super) fn zones_at(asked: &Asked<'_>, path: &str, zones: &Items<Field<String>>) -> Checked {
    let region = asked.region()?;
    for (n, zone) in zones.sound()? {
        let letter = zone
            .strip_prefix(region)
            .and_then(|rest| rest.strip_prefix('-'));
        if !letter.is_some_and(|l| l.len() == 1 && l.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            let fix = format!("use one such as {region}-b");
            asked.refuse(
                format!("{path}[{n}]"),
                zone,
                "is not a zone of the region",
                fix,
            );
        }
    }
    Ok(())
}

pub(super) fn account(asked: &Asked<'_>) -> Checked {
    match asked.account()? {
        None => {
            let config = asked.spec.provider_config_ref.name.as_ref()?;
            let fix = format!(
                "set it to the project id, or have the platform set accounts.{config}.gcp in the function's Input"
            );
            asked.refuse("spec.account", "", "is missing on GCP", fix);
        }
        Some(project) if !is_project(project) => {
            let fix = "use one such as acme-prod";
            asked.refuse("spec.account", project, "is not a GCP project id", fix);
        }
        Some(_) => {}
    }
    Ok(())
}
