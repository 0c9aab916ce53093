//! What AWS cannot change, read off what exists.

use super::{
    cluster::CLUSTER,
    identity::KEY,
    network::{VPC, private_subnet, ranges, zones},
};
use crate::{
    fixed::{Fixed, Zones},
    plan::Cx,
    reader::Violations,
    xcluster::Mode,
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
    fixed.check_mode(cx.observed.get(CLUSTER).map(|cluster| {
        let auto = cluster.at("spec.forProvider.computeConfig.enabled");
        if auto.and_then(|auto| auto.as_bool()) == Some(true) {
            Mode::Auto
        } else {
            Mode::Standard
        }
    }));
    fixed.check_provider_config(CLUSTER);
    fixed.check_zones(&Zones {
        now: &zones(spec),
        prefix: &private_subnet(""),
    });
    // Ranges follow the order of the zones.
    for (index, zone) in zones(spec).iter().enumerate() {
        let (private, _) = ranges(&spec.network, index);
        let path = "spec.forProvider.cidrBlock";
        fixed.check(
            "spec.network.zoneNames",
            &private,
            &private_subnet(zone),
            path,
        );
    }
    fixed.check_key(
        CLUSTER,
        "spec.forProvider.encryptionConfig.provider.keyArn",
        KEY,
    );
}
