//! What AWS cannot change, read off what exists.

use super::{
    cluster::CLUSTER,
    identity::KEY,
    network::{VPC, private_subnet, zones},
};
use crate::{
    fixed::{Fixed, Zones},
    plan::Cx,
    reader::Violations,
};

/// Checks that what AWS cannot change has stayed as it is.
pub(super) fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    let spec = cx.spec;
    let cidr = spec.network.cidr.to_string();
    let fixed = Fixed { cx, violations };
    fixed.check("spec.region", &spec.region, VPC, "spec.forProvider.region");
    fixed.check(
        "spec.region",
        &spec.region,
        CLUSTER,
        "spec.forProvider.region",
    );
    fixed.check(
        "spec.network.cidr",
        &cidr,
        VPC,
        "spec.forProvider.cidrBlock",
    );
    fixed.check_external_name("spec.cloudName", &cx.names.cloud, CLUSTER);
    fixed.check_mode(CLUSTER, "spec.forProvider.computeConfig.enabled");
    fixed.check_provider_config(CLUSTER);
    let (now, was) = (zones(spec), zones_of(cx));
    if was.is_empty() {
        fixed.check_zones(&Zones {
            now: &now,
            prefix: &private_subnet(""),
        });
    } else {
        // A later zone would not be used either: node groups keep their subnets.
        let (now, was) = (now.join(","), was.join(","));
        fixed.check_value("spec.network.zoneNames", &now, Some(&was));
    }
    fixed.check_key(
        CLUSTER,
        "spec.forProvider.encryptionConfig.provider.keyArn",
        KEY,
    );
}

/// The zones that an existing cluster was made in, sorted.
fn zones_of<'a>(cx: &Cx<'a>) -> Vec<&'a str> {
    let cluster = cx.observed.get(CLUSTER);
    let subnets = cluster.and_then(|cluster| cluster.at("spec.forProvider.vpcConfig.subnetIdRefs"));
    let mut zones: Vec<_> = subnets
        .into_iter()
        .flat_map(|subnets| subnets.items())
        .filter_map(|subnet| subnet.at("name")?.as_str())
        .filter_map(|name| Some(name.rsplit_once(&private_subnet(""))?.1))
        .collect();
    zones.sort_unstable();
    zones
}
