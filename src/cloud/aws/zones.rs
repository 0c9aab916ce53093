//! The zones of node groups.

use super::{keys::PRIVATE_SUBNET, network::zones_of};
use crate::{
    api::{asked::Asked, draft::Field, spec::NodePoolDraft},
    cloud::pools::PoolZones,
    plan::observed::Observed,
    wire::structpb::Struct,
};

/// Where the nodes of a pool would be. A group can be in the cluster's zones alone: subnets are there.
pub(super) fn of_draft(
    asked: &Asked<'_>,
    observed: Observed<'_>,
    pool: &NodePoolDraft,
) -> Field<PoolZones> {
    let network = &asked.spec.network;
    let named = network.zone_names.all()?.into_iter().cloned().collect();
    let known = zones_of(asked.region()?, named, network.zones?, observed);
    let own: Vec<_> = pool.zones.all()?.into_iter().cloned().collect();
    Ok(PoolZones {
        nodes: if own.is_empty() { known.clone() } else { own },
        choice: known,
    })
}

/// The zones of an existing node group.
pub(super) fn of_object(observed: Observed<'_>, group: &Struct) -> Vec<String> {
    let refs = group.at("spec.forProvider.subnetIdRefs");
    let names: Vec<_> = refs
        .into_iter()
        .flat_map(|refs| refs.items())
        .filter_map(|it| it.str_at("name"))
        .collect();
    let subnets = observed.keys(PRIVATE_SUBNET).filter(|key| {
        let subnet = observed.get(key);
        let name = subnet.and_then(|subnet| subnet.str_at("metadata.name"));
        name.is_some_and(|name| names.contains(&name))
    });
    subnets
        .filter_map(|key| Some(PRIVATE_SUBNET.name_in(&key)?.to_owned()))
        .collect()
}
