//! Fields that are set and have no equivalent on GCP.

use super::network;
use crate::{
    api::{
        choice::{Mode, Nat},
        defaults,
        spec::Spec,
    },
    cloud::facts::Parity,
};

/// The fields, each with what happens instead.
pub(super) fn parity(spec: &Spec) -> Vec<Parity> {
    let mut found = Vec::new();
    let mut note = |field: String, note: &str| {
        found.push(Parity {
            field,
            note: note.to_owned(),
        });
    };
    match spec.network.nat {
        Nat::PerZone | Nat::Single => note(
            "spec.network.nat".into(),
            "Cloud NAT is regional and survives the loss of a zone: perZone and single are the same",
        ),
        Nat::None => {}
    }
    if spec.traffic.weight != defaults::TRAFFIC_WEIGHT {
        note(
            "spec.traffic.weight".into(),
            "Cloud DNS keeps the weights of all clusters in one record set, which no cluster can own alone: the records of GKE clusters are in Route 53, too",
        );
    }
    if spec.endpoint.public && spec.endpoint.allowed_cidrs.is_empty() {
        note(
            "spec.endpoint.public".into(),
            "without a list of ranges, here or in the platform's Input, IAM guards GKE's DNS endpoint",
        );
    }
    if spec.upgrade.paused {
        note(
            "spec.upgrade.paused".into(),
            "GKE still upgrades the control plane and the nodes by itself, as its release channel does",
        );
    }
    if spec.upgrade.force {
        note(
            "spec.upgrade.force".into(),
            "GKE waits an hour for budgets of Pods, then it replaces the nodes anyway",
        );
    }
    let addons = &spec.addons;
    let pinned = [
        ("networking", &addons.networking.version),
        ("kubeProxy", &addons.kube_proxy.version),
        ("podIdentity", &addons.pod_identity.version),
        ("dns", &addons.dns.version),
        ("blockStorage", &addons.block_storage.version),
        ("metricsServer", &addons.metrics_server.version),
    ];
    for (name, _) in pinned.iter().filter(|(_, version)| version.is_some()) {
        note(
            format!("spec.addons.{name}.version"),
            "GKE chooses its add-ons' versions with the cluster's",
        );
    }
    if !addons.metrics_server.enabled {
        note(
            "spec.addons.metricsServer.enabled".into(),
            "GKE always runs the metrics server",
        );
    }
    if spec.mode == Mode::Auto && !addons.block_storage.enabled {
        note(
            "spec.addons.blockStorage.enabled".into(),
            "Autopilot always has block storage",
        );
    }
    if let Some(what) = network::beyond_addresses(spec) {
        note("spec.network.cidr".into(), &what);
    }
    let chosen = [
        ("zones", spec.network.zones != defaults::ZONES),
        ("zoneNames", !spec.network.zone_names.is_empty()),
    ];
    for (name, is_set) in chosen {
        if is_set && spec.mode == Mode::Auto {
            note(
                format!("spec.network.{name}"),
                "Autopilot chooses the zones",
            );
        }
    }
    found
}
