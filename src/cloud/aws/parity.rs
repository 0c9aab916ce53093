//! Fields that are set and have no equivalent on AWS.

use super::{endpoint::is_public, nodes::adds_nodes};
use crate::{
    api::{
        choice::{Mode, Nat},
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
    if spec.endpoint.public {
        note(
            "spec.endpoint.public".into(),
            "EKS guards its public endpoint by address alone: it is on only with a list of ranges, here or in the platform's Input",
        );
    }
    if !spec.endpoint.allowed_cidrs.iter().all(is_public) {
        note(
            "spec.endpoint.allowedCidrs".into(),
            "EKS' public endpoint takes public ranges alone: who is in a private one reaches the private endpoint, from the VPC or a network that is connected to it",
        );
    }
    if spec.network.nat == Nat::None {
        note(
            "spec.network.nat".into(),
            "without NAT, EKS nodes reach AWS only through VPC endpoints, which the VPC's owner has to add: so the first nodes wait until nat is perZone or single",
        );
    }
    let maintenance = &spec.maintenance;
    if maintenance.window.is_some() || !maintenance.exclusions.is_empty() {
        note(
            "spec.maintenance".into(),
            "EKS has no windows, and upgrades the control plane alone by itself, at the end of its support: nodes get another image when the platform raises nodeImages of the Input, so the time is that of the commit",
        );
    }
    if spec.mode == Mode::Auto {
        note(
            "spec.addons".into(),
            "EKS Auto Mode brings its add-ons and keeps them current",
        );
        if spec.addons.metrics_server.enabled {
            note(
                "spec.addons.metricsServer".into(),
                "EKS Auto Mode has no metrics server and the function makes none there: Argo CD installs the platform's on a cluster that is registered",
            );
        }
    }
    for (n, pool) in spec.node_pools.iter().enumerate() {
        if pool.max > pool.min && !adds_nodes(spec) {
            let field = format!("spec.nodePools[{n}].max");
            if pool.min == 0 {
                note(
                    field,
                    "nothing adds nodes to EKS node groups yet, so this pool stays empty: raise min, or install the cluster autoscaler or Karpenter",
                );
            } else {
                note(
                    field,
                    "nothing adds nodes to EKS node groups yet: raise min where the pool needs more, or install the cluster autoscaler or Karpenter",
                );
            }
        }
        if pool.max_unavailable > 0 {
            note(
                format!("spec.nodePools[{n}].maxUnavailable"),
                "EKS adds the replacements first: maxSurge and maxUnavailable add up to the nodes replaced at a time",
            );
        }
    }
    found
}
