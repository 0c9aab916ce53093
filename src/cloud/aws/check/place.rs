//! Where a cluster is: region, zones and account.

use crate::{
    api::asked::{Asked, Checked},
    cloud::aws::regions::is_zone_id,
};

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
    (area.len() == 2 || area == "eusc")
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
            let fix = format!("use one such as {region}a, or its id");
            asked.refuse(path, zone, "is not a zone of the region", fix);
        }
    }
    Ok(())
}

/// Whether a zone is one of a region, by letter or by id, and no local one.
pub(super) fn is_zone(region: &str, zone: &str) -> bool {
    if is_zone_id(zone) {
        let short = zone.rsplit_once("-az").map(|(short, _)| short);
        return short == Some(short_of(region).as_str());
    }
    let letter = zone.strip_prefix(region).unwrap_or_default();
    letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_lowercase())
}

/// What the ids of a region's zones begin with: use1 in us-east-1, apne1 in ap-northeast-1, usgw1 in
/// us-gov-west-1.
fn short_of(region: &str) -> String {
    let mut parts = region.split('-');
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letters = match part {
            "northeast" => "ne",
            "northwest" => "nw",
            "southeast" => "se",
            "southwest" => "sw",
            _ => part.get(..1).unwrap_or_default(),
        };
        short.push_str(letters);
    }
    short
}

pub(super) fn account(asked: &Asked<'_>) -> Checked {
    let is_id = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    if let Some(account) = asked.account()?.filter(|id| !is_id(id)) {
        let fix = "use the 12 digits in quotes";
        asked.refuse("spec.account", account, "is not an AWS account id", fix);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AWS-5.
    #[test]
    fn a_zone_is_told_by_its_letter_or_its_id() {
        for (zone, region, is_one, reason) in [
            ("us-east-1f", "us-east-1", true, "a letter"),
            ("use1-az6", "us-east-1", true, "an id"),
            ("apse1-az2", "ap-southeast-1", true, "two letters"),
            ("cnnw1-az1", "cn-northwest-1", true, "two letters"),
            ("usgw1-az3", "us-gov-west-1", true, "three words"),
            ("usw1-az1", "us-east-1", false, "another region"),
            ("use1-az", "us-east-1", false, "no number"),
            ("us-east-1-bos-1a", "us-east-1", false, "a local zone"),
            ("use1-bos1-az1", "us-east-1", false, "a local zone"),
        ] {
            assert_eq!(is_zone(region, zone), is_one, "{zone}: {reason}");
        }
    }
}
