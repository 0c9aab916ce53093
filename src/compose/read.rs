//! The spec and the Input, with all that is wrong with either.

use super::{overrides, unknown_region};
use crate::{
    api::{
        account::account,
        check::check,
        input::{self, Input},
        spec::{self, Spec},
        violation::{Violation, Violations},
    },
    cloud::{interface::Cloud, registry::Clouds},
    plan::observed::Observed,
    wire::structpb::Struct,
};

/// A cluster as its author and its platform want it.
pub(super) struct Cluster {
    /// What the author asks for.
    pub spec: Spec,
    /// What the platform knows.
    pub input: Input,
    /// The cloud that it is on.
    pub cloud: &'static dyn Cloud,
}

/// Reads both, and reports all that is wrong with either.
pub(super) fn read(
    clouds: Clouds,
    composite: &Struct,
    input: Option<&Struct>,
    observed: Observed<'_>,
) -> Result<Cluster, Vec<Violation>> {
    let violations = Violations::default();
    let known = clouds.known();
    let input = input::parse(input, &known, &violations);
    let spec = read_spec(clouds, composite, &input, &violations);
    if let Some((spec, cloud)) = &spec {
        overrides::check(spec, &input, composite, observed, &violations);
        if violations.is_empty() {
            unknown_region::check(spec, *cloud, &input, observed, &violations);
        }
    }
    violations.into_result()?;
    // Without violations there is a spec.
    let (spec, cloud) = spec.ok_or_else(Vec::new)?;
    Ok(Cluster { spec, input, cloud })
}

/// Reads the spec of a composite, and checks it against itself, the platform, and its cloud.
pub fn read_spec(
    clouds: Clouds,
    composite: &Struct,
    input: &Input,
    violations: &Violations,
) -> Option<(Spec, &'static dyn Cloud)> {
    let known = clouds.known();
    let spec = spec::parse(composite.get("spec"), &known, violations)?;
    let cloud = clouds.of(spec.provider)?;
    check(&spec, input, &known, composite, violations);
    cloud.check(&spec, account(&spec, input), violations);
    Some((spec, cloud))
}
