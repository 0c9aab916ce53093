//! What AWS cannot change, read off what exists.

use super::{keys::PRIVATE_SUBNET, network::zones};
use crate::{
    api::violation::Violations,
    cloud::unchanged::{Unchanged, Zones},
    plan::{
        context::Cx,
        key::{CLUSTER, ENCRYPTION_KEY, NETWORK},
    },
};

/// Checks that what AWS cannot change has stayed as it is.
pub(super) fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    let spec = cx.spec;
    let cidr = spec.network.cidr.to_string();
    let unchanged = Unchanged { cx, violations };
    unchanged.check(
        "spec.region",
        &spec.region,
        &NETWORK,
        "spec.forProvider.region",
    );
    unchanged.check(
        "spec.region",
        &spec.region,
        &CLUSTER,
        "spec.forProvider.region",
    );
    unchanged.check(
        "spec.network.cidr",
        &cidr,
        &NETWORK,
        "spec.forProvider.cidrBlock",
    );
    unchanged.check_external_name("spec.cloudName", &cx.names.cloud, &CLUSTER);
    unchanged.check_mode(&CLUSTER, "spec.forProvider.computeConfig.enabled");
    unchanged.check_provider_config(&CLUSTER);
    let (now, was) = (zones(spec), zones_of(cx));
    if was.is_empty() {
        unchanged.check_zones(&Zones {
            now: &now,
            subnets: PRIVATE_SUBNET,
        });
    } else {
        // A later zone would not be used either: node groups keep their subnets.
        let (now, was) = (now.join(","), was.join(","));
        unchanged.check_value("spec.network.zoneNames", &now, Some(&was));
    }
    unchanged.check_key(
        &CLUSTER,
        "spec.forProvider.encryptionConfig.provider.keyArn",
        &ENCRYPTION_KEY,
    );
}

/// The zones that an existing cluster was made in, sorted.
fn zones_of<'a>(cx: &Cx<'a>) -> Vec<&'a str> {
    let cluster = cx.observed.get(&CLUSTER);
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
