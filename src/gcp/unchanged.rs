//! What GCP cannot change, read off what exists.

use super::{
    cluster::CLUSTER,
    identity::KEY,
    network::{SUBNET, zones},
};
use crate::{fixed::Fixed, plan::Cx, reader::Violations, xcluster::Mode};

/// Checks that what GCP cannot change has stayed as it is.
pub(super) fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    let spec = cx.spec;
    let fixed = Fixed { cx, violations };
    fixed.check(
        "spec.account",
        &super::project(cx),
        CLUSTER,
        "spec.forProvider.project",
    );
    fixed.check(
        "spec.region",
        &spec.region,
        SUBNET,
        "spec.forProvider.region",
    );
    fixed.check(
        "spec.region",
        &spec.region,
        CLUSTER,
        "spec.forProvider.location",
    );
    let ranges = super::network::node_range(spec);
    fixed.check(
        "spec.network.cidr",
        &ranges,
        SUBNET,
        "spec.forProvider.ipCidrRange",
    );
    fixed.check_external_name("spec.cloudName", &cx.names.cloud, CLUSTER);
    fixed.check_mode(CLUSTER, "spec.forProvider.enableAutopilot");
    fixed.check_provider_config(CLUSTER);
    if spec.mode == Mode::Standard {
        let now = zones(spec).unwrap_or_default().join(",");
        let was = cx.observed.get(CLUSTER).map(|cluster| {
            let zones = cluster.at("spec.forProvider.nodeLocations");
            let mut names: Vec<_> = zones
                .into_iter()
                .flat_map(|z| z.items())
                .filter_map(|z| z.as_str())
                .collect();
            names.sort_unstable();
            names.join(",")
        });
        fixed.check_value("spec.network.zoneNames", &now, was.as_deref());
    }
    fixed.check_key(CLUSTER, "spec.forProvider.databaseEncryption.keyName", KEY);
}
