//! What GKE reports about the cluster.

use super::{
    endpoint::{Reach, ranges, reach},
    keys::SUBNET,
    network,
};
use crate::{
    cloud::facts::Facts,
    plan::{
        context::Cx,
        key::{CLUSTER, NETWORK},
    },
};

/// Where GKE reports the version it runs.
pub(super) const RUNNING: &str = "status.atProvider.masterVersion";
/// What `status.network` has.
pub(super) const NETWORK_FACTS: &[&str] = &["network", "subnetwork"];

/// Reads the facts.
pub(super) fn facts(cx: &Cx<'_>) -> Facts {
    let reported = cx.observed.reported(&CLUSTER);
    let cluster = |path: &str| reported?.str_at(path).map(str::to_owned);
    // The DNS endpoint has a certificate that every client trusts; the cluster's own authority did
    // not sign it.
    let by_name = is_reached_by_name(cx);
    let host = if by_name {
        cluster("controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint")
    } else {
        cluster("endpoint")
    };
    let network = [
        ("network", &NETWORK, "status.atProvider.selfLink"),
        ("subnetwork", &SUBNET, "status.atProvider.selfLink"),
    ];
    Facts {
        endpoint: host.map(|host| format!("https://{host}")),
        certificate_authority: (!by_name)
            .then(|| cluster("masterAuth.clusterCaCertificate"))
            .flatten(),
        publicly_trusted: by_name,
        id: cluster("id"),
        version: cluster("masterVersion"),
        oidc_issuer: None,
        workload_pool: cx.account.map(|project| format!("{project}.svc.id.goog")),
        network_name: Some(network::name(cx)),
        network: network
            .into_iter()
            .filter_map(|(name, key, path)| Some((name, cx.observed.str_at(key, path)?.to_owned())))
            .collect(),
    }
}

/// Whether the cluster is reached by its DNS name, as GKE last reported it. What the spec asks for takes minutes: until then its
/// address and its authority belong together as they are. `endpoint` is an address only while there are addresses
/// (Terraform 7.39, resource_container_cluster.go, `control_plane_endpoints_config`).
fn is_reached_by_name(cx: &Cx<'_>) -> bool {
    let reported = cx.observed.reported(&CLUSTER);
    let addresses = reported.and_then(|cluster| {
        let enabled = cluster.at("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled")?;
        enabled.as_bool()
    });
    addresses.map_or_else(
        || reach(cx, &ranges(cx)) == Reach::Dns,
        |addresses| !addresses,
    )
}
