//! Rules that span fields, or that the platform sets. What depends on a cloud is in its folder.

mod argocd;
mod budget;
mod network;
mod node_pools;
mod platform;
mod version;

use super::{input::Input, provider::Clouds, spec::Spec, violation::Violations};
use crate::wire::structpb::Struct;

/// Checks a spec against itself, the platform, and what the observed composite remembers.
pub fn check(
    spec: &Spec,
    input: &Input,
    clouds: Clouds<'_>,
    observed: &Struct,
    violations: &Violations,
) {
    network::network(spec, violations);
    platform::provider_config(spec, input, violations);
    node_pools::node_pools(spec, violations);
    platform::platform(spec, input, violations);
    argocd::argocd(spec, input, clouds, violations);
    budget::budget(spec, violations);
    version::no_downgrade(spec, observed, violations);
}
