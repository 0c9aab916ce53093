//! Rules that span fields, or that the platform sets. What depends on a cloud is in its folder.

mod argocd;
mod budget;
mod maintenance;
mod network;
mod node_pools;
mod platform;
mod version;

use super::asked::{Asked, Check};

/// Those on whose fields others depend come first.
const CHECKS: [Check; 18] = [
    platform::provider_config,
    platform::region,
    platform::account,
    platform::machine_types,
    network::zone_names,
    network::zones,
    node_pools::none_in_auto,
    node_pools::system_pods,
    node_pools::names,
    node_pools::pools,
    argocd::namespace,
    argocd::auth,
    argocd::workload,
    budget::pods,
    version::no_downgrade,
    version::known,
    maintenance::window,
    maintenance::exclusions,
];

/// Checks what is asked for against itself, the platform, and what the observed composite remembers.
pub fn check(asked: &Asked<'_>) {
    asked.check(&CHECKS);
}
