//! Where a cluster is: region, zones and account.

use crate::api::asked::{Asked, Checked};

pub(super) fn region(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    if !is_region(region) {
        let fix = "use one such as us-east-1";
        asked.refuse("spec.region", region, "is not an AWS region", fix);
    }
    Ok(())
}

fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let area = parts.next().unwrap_or_default();
    let number = parts.next_back().unwrap_or_default();
    let middle: Vec<_> = parts.collect();
    area.len() == 2
        && !middle.is_empty()
        && middle
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
        && number.len() == 1
        && number.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn zones(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    for (n, zone) in asked.spec.network.zone_names.sound()? {
        if !is_zone(region, zone) {
            let path = format!("spec.network.zoneNames[{n}]");
            let fix = format!("use one such as {region}a");
            asked.refuse(path, zone, "is not a zone of the region", fix);
        }
    }
    Ok(())
}

/// Whether a zone is one of a region, and no local one.
pub(super) fn is_zone(region: &str, zone: &str) -> bool {
    let letter = zone.strip_prefix(region);
    letter.is_some_and(|it| it.len() == 1 && it.starts_with(|c: char| c.is_ascii_lowercase()))
}

pub(super) fn account(asked: &Asked<'_>) -> Checked {
    let is_id = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    if let Some(account) = asked.account()?.filter(|id| !is_id(id)) {
        let fix = "use the 12 digits in quotes";
        asked.refuse("spec.account", account, "is not an AWS account id", fix);
    }
    Ok(())
}
