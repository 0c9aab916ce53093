//! What the platform allows.

use crate::api::{
    account::known_account,
    input::Input,
    spec::Spec,
    violation::{Violations, printable},
};

/// A provider configuration is a way into an account. Once the platform lists its accounts, no other
/// one is meant for clusters: the one of the DNS zone's account, for instance.
pub(super) fn provider_config(spec: &Spec, input: &Input, violations: &Violations) {
    if input.accounts.is_empty() || known_account(spec, input).is_some() {
        return;
    }
    let cloud = spec.provider;
    let usable = input
        .accounts
        .iter()
        .filter(|(_, it)| it.contains_key(&cloud));
    let usable: Vec<_> = usable.map(|(name, _)| name.clone()).collect();
    let fix = if usable.is_empty() {
        format!("ask the platform for an account on {}", cloud.name())
    } else {
        format!("use {}", one_of(&usable))
    };
    let problem = format!("has no account on {} in input.accounts", cloud.name());
    let name = &spec.provider_config_ref.name;
    violations.refuse("spec.providerConfigRef.name", name, &problem, fix);
}

/// The first few of a list that may be long.
fn one_of(allowed: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = allowed.iter().take(SHOWN).map(|text| printable(text));
    let names = shown.collect::<Vec<_>>().join(" or ");
    match allowed.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} or one of {more} more"),
    }
}

/// What the platform allows.
pub(super) fn platform(spec: &Spec, input: &Input, violations: &Violations) {
    let provider = spec.provider;
    let regions = input.regions_on(provider);
    if !regions.is_empty() && !regions.contains(&spec.region) {
        let fix = format!("use {}", one_of(regions));
        violations.refuse(
            "spec.region",
            &spec.region,
            "is not a region that the platform allows",
            fix,
        );
    }
    if let (Some(own), Some(known)) = (&spec.account, known_account(spec, input))
        && own != known
    {
        let fix = format!(
            "remove it, or use the providerConfigRef of that account; this one reaches {}",
            printable(known)
        );
        violations.refuse(
            "spec.account",
            own,
            "is not the account of the providerConfigRef",
            fix,
        );
    }
    let types = input.machine_types_on(provider);
    for (n, pool) in spec
        .node_pools
        .iter()
        .enumerate()
        .filter(|_| !types.is_empty())
    {
        let named = pool.machines_on(provider);
        for name in named.iter().filter(|name| !types.contains(name)) {
            let path = format!("spec.nodePools[{n}].machineTypes");
            let fix = format!("use size, or {}", one_of(types));
            violations.refuse(
                &path,
                name,
                "is not a machine type that the platform allows",
                fix,
            );
        }
    }
}
