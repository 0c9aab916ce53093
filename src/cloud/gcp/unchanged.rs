//! What GCP cannot change, read off what exists.

use super::{
    keys::SUBNET,
    network::{node_range, zones_of},
};
use crate::{
    api::{asked::Checked, choice::Mode},
    cloud::unchanged::{Check, Unchanged},
    plan::key::{CLUSTER, ENCRYPTION_KEY},
};

/// What is on in mode auto.
const MODE: &str = "spec.forProvider.enableAutopilot";
/// The encryption key.
const KEY: &str = "spec.forProvider.databaseEncryption.keyName";

/// Those on whose fields others depend come first.
const CHECKS: [Check; 8] = [
    account,
    region,
    range,
    |it| it.check_cloud_name(),
    |it| it.check_mode(MODE),
    |it| it.check_provider_config(),
    zones,
    |it| it.check_key(KEY, &ENCRYPTION_KEY),
];

/// Checks that what GCP cannot change has stayed as it is.
pub(super) fn unchanged(unchanged: &Unchanged<'_>) {
    unchanged.check_all(&CHECKS);
}

fn account(unchanged: &Unchanged<'_>) -> Checked {
    if let Some(now) = unchanged.asked.account()? {
        let path = "spec.forProvider.project";
        unchanged.check("spec.account", now, &CLUSTER, path);
    }
    Ok(())
}

fn region(unchanged: &Unchanged<'_>) -> Checked {
    let now = unchanged.asked.spec.region.as_ref()?;
    unchanged.check("spec.region", now, &SUBNET, "spec.forProvider.region");
    unchanged.check("spec.region", now, &CLUSTER, "spec.forProvider.location");
    Ok(())
}

fn range(unchanged: &Unchanged<'_>) -> Checked {
    let now = node_range(unchanged.asked.spec.network.cidr?);
    let path = "spec.forProvider.ipCidrRange";
    unchanged.check("spec.network.cidr", &now, &SUBNET, path);
    Ok(())
}

fn zones(unchanged: &Unchanged<'_>) -> Checked {
    let (asked, network) = (&unchanged.asked, &unchanged.asked.spec.network);
    if asked.mode()? == Mode::Auto {
        return Ok(());
    }
    let named = network.zone_names.all()?.into_iter().cloned().collect();
    let now = zones_of(asked.region()?, named, network.zones?);
    let was = unchanged.observed.get(&CLUSTER).map(|cluster| {
        let zones = cluster.at("spec.forProvider.nodeLocations");
        let mut zones: Vec<_> = zones
            .into_iter()
            .flat_map(|z| z.items())
            .filter_map(|z| z.as_str())
            .collect();
        zones.sort_unstable();
        zones.join(",")
    });
    let now = now.unwrap_or_default().join(",");
    unchanged.check_value("spec.network.zoneNames", &now, was.as_deref());
    Ok(())
}
