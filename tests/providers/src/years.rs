//! The year of a cluster with the providers' own code.

mod amazon;
mod google;

use std::collections::BTreeMap;

use cloudsim::world::World;
use serde_json::Value;
use year::pool_name;

use crate::Driven;

/// The objects of node pools by what the cloud calls them, each with its key.
fn objects<C>(world: &World<Driven<C>>) -> BTreeMap<String, (String, Value)>
where
    Driven<C>: cloudsim::Providers,
{
    let pools = world.observed().into_iter();
    let pools = pools.filter(|(key, _)| pool_name(key).is_some());
    let named = pools.filter_map(|(key, object)| {
        let annotations = &object["metadata"]["annotations"];
        let name = annotations["crossplane.io/external-name"].as_str()?;
        Some((name.to_owned(), (key, object)))
    });
    named.collect()
}

/// What the cloud calls the node pool of a key.
fn name_of<C>(world: &World<Driven<C>>, key: &str) -> Option<String>
where
    Driven<C>: cloudsim::Providers,
{
    let mut objects = objects(world).into_iter();
    let found = objects.find(|(_, (of, _))| of == key);
    found.map(|(name, _)| name)
}

/// Whether an object is being deleted.
fn is_going(object: &Value) -> bool {
    !object["metadata"]["deletionTimestamp"].is_null()
}
