//! The zones of node pools.

use super::network::zones_of;
use crate::{
    api::{asked::Asked, draft::Field, provider::Provider, spec::NodePoolDraft},
    cloud::{offers, pools::PoolZones},
    plan::{key::CLUSTER, observed::Observed},
    wire::structpb::Struct,
};

/// Where the nodes of a pool would be. A subnetwork is in all zones of its region, so a pool can be in any. Where the cluster names
/// none, GKE chooses among all of them, and says which when it has made the cluster.
pub(super) fn of_draft(
    asked: &Asked<'_>,
    observed: Observed<'_>,
    pool: &NodePoolDraft,
) -> Field<PoolZones> {
    let (region, network) = (asked.region()?, &asked.spec.network);
    let zones = offers::zones(Provider::GCP, region);
    let choice: Vec<_> = zones.map(|zone| format!("{region}-{zone}")).collect();
    let own: Vec<_> = pool.zones.all()?.into_iter().cloned().collect();
    let named = network.zone_names.all()?.into_iter().cloned().collect();
    let made = observed.get(&CLUSTER).map(|it| of_object(observed, it));
    let nodes = if !own.is_empty() {
        own
    } else if let Some(made) = made.filter(|zones| !zones.is_empty()) {
        made
    } else {
        zones_of(region, named, network.zones?).unwrap_or_else(|| choice.clone())
    };
    Ok(PoolZones { nodes, choice })
}

/// The zones of an existing node pool, or of a cluster.
pub(super) fn of_object(_: Observed<'_>, object: &Struct) -> Vec<String> {
    let zones = object.at("spec.forProvider.nodeLocations");
    let zones = zones.into_iter().flat_map(|zones| zones.items());
    zones
        .filter_map(|zone| Some(zone.as_str()?.to_owned()))
        .collect()
}
