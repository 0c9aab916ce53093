//! What GCP cannot change, read off what exists.

use super::{
    keys::SUBNET,
    network::{node_range, zones},
};
use crate::{
    api::{choice::Mode, violation::Violations},
    cloud::unchanged::Unchanged,
    plan::{
        context::Cx,
        key::{CLUSTER, ENCRYPTION_KEY},
    },
};

/// Checks that what GCP cannot change has stayed as it is.
pub(super) fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    let spec = cx.spec;
    let unchanged = Unchanged { cx, violations };
    if let Some(project) = cx.account {
        unchanged.check(
            "spec.account",
            project,
            &CLUSTER,
            "spec.forProvider.project",
        );
    }
    unchanged.check(
        "spec.region",
        &spec.region,
        &SUBNET,
        "spec.forProvider.region",
    );
    unchanged.check(
        "spec.region",
        &spec.region,
        &CLUSTER,
        "spec.forProvider.location",
    );
    let ranges = node_range(spec);
    unchanged.check(
        "spec.network.cidr",
        &ranges,
        &SUBNET,
        "spec.forProvider.ipCidrRange",
    );
    unchanged.check_external_name("spec.cloudName", &cx.names.cloud, &CLUSTER);
    unchanged.check_mode(&CLUSTER, "spec.forProvider.enableAutopilot");
    unchanged.check_provider_config(&CLUSTER);
    if spec.mode == Mode::Standard {
        let now = zones(spec).unwrap_or_default().join(",");
        let was = cx.observed.get(&CLUSTER).map(|cluster| {
            let zones = cluster.at("spec.forProvider.nodeLocations");
            let mut names: Vec<_> = zones
                .into_iter()
                .flat_map(|z| z.items())
                .filter_map(|z| z.as_str())
                .collect();
            names.sort_unstable();
            names.join(",")
        });
        unchanged.check_value("spec.network.zoneNames", &now, was.as_deref());
    }
    unchanged.check_key(
        &CLUSTER,
        "spec.forProvider.databaseEncryption.keyName",
        &ENCRYPTION_KEY,
    );
}
