//! Labels and annotations of the cluster Secret: what ApplicationSets know of a cluster.

use std::collections::BTreeMap;

use crate::{
    api::{
        choice::Choice as _,
        spec::{Version, WORKLOAD},
    },
    cloud::interface::Cloud,
    plan::context::Cx,
    wire::structpb::Fields,
};

/// Prefix of our labels and annotations.
const DOMAIN: &str = "xcluster.dev";
/// The annotation that names the account.
const ACCOUNT: &str = "xcluster.dev/account";
/// The annotation that names the network.
const NETWORK: &str = "xcluster.dev/network";
/// The label that says whether the cluster serves.
pub(super) const TRAFFIC: &str = "xcluster.dev/traffic";

/// The label that says what the platform runs there, by which ApplicationSets select. No author can set it.
pub(super) const PLATFORM_WORKLOAD: &str = "xcluster.dev/workload";

/// What the platform runs on the cluster: what its author asks for, if the platform gives it to such clusters. What a cluster
/// has stays while the platform says nothing of it.
fn workload<'a>(cx: &'a Cx<'_>, has: Option<&'a str>) -> &'a str {
    const NONE: &str = "none";
    let asked = cx.spec.argocd.labels.get(WORKLOAD);
    let Some(asked) = asked else {
        return NONE;
    };
    let is_given = match cx.input.workloads.get(asked) {
        Some(members) => members.admit(cx.composite.known_namespace(), &cx.spec.environment),
        None => has == Some(asked),
    };
    if is_given { asked } else { NONE }
}

/// What ApplicationSets select and template by. Every cluster has every label: a template that
/// dereferences a missing one stops the whole ApplicationSet.
///
/// The version is the one that runs, as far as anybody knows: what is deployed by it must work there.
pub(super) fn labels(
    cloud: &dyn Cloud,
    cx: &Cx<'_>,
    running: Option<&str>,
    has: Option<&str>,
) -> BTreeMap<String, String> {
    let spec = cx.spec;
    let has_gpu = spec.node_pools.iter().any(|pool| pool.gpu.is_some());
    // Two of them on one cluster would undo each other's changes without end.
    let metrics_server = if cloud.brings_metrics_server(spec) {
        "cloud"
    } else {
        "chart"
    };
    let last = || {
        cx.observed_composite
            .str_at("status.kubernetesVersion.controlPlane")
    };
    let running = running.or_else(last).and_then(Version::parse);
    let version = running.unwrap_or(spec.kubernetes_version).to_string();
    let mut labels = spec.argocd.labels.clone();
    for (name, value) in [
        ("provider", spec.provider.name()),
        ("region", &spec.region),
        ("environment", &spec.environment),
        ("mode", spec.mode.name()),
        ("name", cx.composite.known_name()),
        ("namespace", cx.composite.known_namespace()),
        ("cluster", &cx.names.identity),
        ("kubernetes-version", &version),
        ("gpu", if has_gpu { "true" } else { "false" }),
        ("metrics-server", metrics_server),
    ] {
        labels.insert(format!("{DOMAIN}/{name}"), value.to_owned());
    }
    labels.insert(PLATFORM_WORKLOAD.to_owned(), workload(cx, has).to_owned());
    labels.insert(TRAFFIC.to_owned(), cx.traffic.state.name().to_owned());
    labels.insert(
        "argocd.argoproj.io/secret-type".to_owned(),
        "cluster".to_owned(),
    );
    labels
}

/// What templates need and labels cannot hold. The network is what the cloud calls it; the account is none where
/// nobody names it.
pub(super) fn annotations(
    cloud: &dyn Cloud,
    cx: &Cx<'_>,
    network: String,
    account: Option<String>,
) -> BTreeMap<String, String> {
    let mut annotations = cx.spec.argocd.annotations.clone();
    for (name, value) in [
        ("cloud-name", cx.names.cloud.as_str()),
        ("network-cidr", &cx.spec.network.cidr.to_string()),
    ] {
        annotations.insert(format!("{DOMAIN}/{name}"), value.to_owned());
    }
    if let Some(account) = account {
        annotations.insert(ACCOUNT.to_owned(), account);
    }
    annotations.insert(NETWORK.to_owned(), network);
    if let Some(name) = cloud.ingress_address(cx) {
        annotations.insert(format!("{DOMAIN}/ingress-address-name"), name);
    }
    if cx.spec.argocd.skip_reconcile {
        annotations.insert(
            "argocd.argoproj.io/skip-reconcile".to_owned(),
            "true".to_owned(),
        );
    }
    annotations
}

/// The network that the annotations of an existing Secret name.
pub(super) fn network(annotations: Fields<'_>) -> Option<String> {
    named(annotations, NETWORK)
}

/// The account that the annotations of an existing Secret name.
pub(super) fn account(annotations: Fields<'_>) -> Option<String> {
    named(annotations, ACCOUNT)
}

fn named(annotations: Fields<'_>, annotation: &str) -> Option<String> {
    let name = annotations.get(annotation)?.as_str()?;
    Some(name.to_owned()).filter(|name| !name.is_empty())
}
