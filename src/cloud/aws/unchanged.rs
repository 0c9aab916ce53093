//! What AWS cannot change, read off what exists.

use super::{keys::PRIVATE_SUBNET, network::zones_of};
use crate::{
    api::asked::Checked,
    cloud::unchanged::{Check, Unchanged},
    plan::{
        key::{CLUSTER, ENCRYPTION_KEY, NETWORK},
        observed::Observed,
    },
};

/// What is on in mode auto.
const MODE: &str = "spec.forProvider.computeConfig.enabled";
/// The encryption key.
const KEY: &str = "spec.forProvider.encryptionConfig.provider.keyArn";

/// Those on whose fields others depend come first.
const CHECKS: [Check; 7] = [
    region,
    range,
    |it| it.check_cloud_name(),
    |it| it.check_mode(MODE),
    |it| it.check_provider_config(),
    zones,
    |it| it.check_key(KEY, &ENCRYPTION_KEY),
];

/// Checks that what AWS cannot change has stayed as it is.
pub(super) fn unchanged(unchanged: &Unchanged<'_>) {
    unchanged.check_all(&CHECKS);
}

fn region(unchanged: &Unchanged<'_>) -> Checked {
    let now = unchanged.asked.spec.region.as_ref()?;
    for key in [NETWORK, CLUSTER] {
        unchanged.check("spec.region", now, &key, "spec.forProvider.region");
    }
    Ok(())
}

fn range(unchanged: &Unchanged<'_>) -> Checked {
    let now = unchanged.asked.spec.network.cidr?.to_string();
    let path = "spec.forProvider.cidrBlock";
    unchanged.check("spec.network.cidr", &now, &NETWORK, path);
    Ok(())
}

fn zones(unchanged: &Unchanged<'_>) -> Checked {
    let (asked, network) = (&unchanged.asked, &unchanged.asked.spec.network);
    let named = network.zone_names.all()?.into_iter().cloned().collect();
    let now = zones_of(asked.region()?, named, network.zones?, unchanged.observed);
    if unchanged.may_have_cluster() {
        // A later zone would not be used either: node groups keep their subnets.
        let (now, was) = (now.join(","), zones_in(unchanged.observed).join(","));
        unchanged.check_value("spec.network.zoneNames", &now, Some(&was));
    }
    Ok(())
}

/// The zones that an existing cluster was made in, sorted.
fn zones_in(observed: Observed<'_>) -> Vec<&str> {
    let cluster = observed.get(&CLUSTER);
    let subnets = cluster.and_then(|cluster| cluster.at("spec.forProvider.vpcConfig.subnetIdRefs"));
    let mut zones: Vec<_> = subnets
        .into_iter()
        .flat_map(|subnets| subnets.items())
        .filter_map(|subnet| subnet.at("name")?.as_str())
        .filter_map(|name| Some(name.rsplit_once(PRIVATE_SUBNET.prefix())?.1))
        .collect();
    zones.sort_unstable();
    zones
}
