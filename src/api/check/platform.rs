//! What the platform allows.

use crate::api::{
    asked::{Asked, Checked},
    violation::printable,
};

/// A provider configuration is a way into an account. Once the platform lists its accounts, no other
/// one is meant for clusters: the one of the DNS zone's account, for instance.
pub(super) fn provider_config(asked: &Asked<'_>) -> Checked {
    let (cloud, accounts) = (asked.provider()?, asked.input.accounts.get()?);
    if accounts.is_empty() || asked.known_account()?.is_some() {
        return Ok(());
    }
    let mut usable = Vec::new();
    for (name, ids) in accounts {
        if ids.get()?.contains_key(&cloud) {
            usable.push(name);
        }
    }
    let fix = if usable.is_empty() {
        format!("ask the platform for an account on {}", cloud.name())
    } else {
        format!("use {}", one_of(&usable))
    };
    let problem = format!("has no account on {} in input.accounts", cloud.name());
    let name = asked.spec.provider_config_ref.name.as_ref()?;
    asked.refuse("spec.providerConfigRef.name", name, problem, fix);
    Ok(())
}

/// The first few of a list that may be long.
fn one_of(allowed: &[&String]) -> String {
    const SHOWN: usize = 8;
    let shown = allowed.iter().take(SHOWN).map(|text| printable(text));
    let names = shown.collect::<Vec<_>>().join(" or ");
    match allowed.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} or one of {more} more"),
    }
}

pub(super) fn region(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    let allowed = asked.input.regions_on(asked.provider()?)?;
    if !allowed.is_empty() && !allowed.iter().any(|it| *it == region) {
        let problem = "is not a region that the platform allows";
        let fix = format!("use {}", one_of(&allowed));
        asked.refuse("spec.region", region, problem, fix);
    }
    Ok(())
}

pub(super) fn account(asked: &Asked<'_>) -> Checked {
    let Some(own) = asked.spec.account.as_ref()? else {
        return Ok(());
    };
    if let Some(known) = asked.known_account()?
        && own != known
    {
        let known = printable(known);
        let fix = format!(
            "remove it, or use the providerConfigRef of that account; this one reaches {known}"
        );
        let problem = "is not the account of the providerConfigRef";
        asked.refuse("spec.account", own, problem, fix);
    }
    Ok(())
}

pub(super) fn machine_types(asked: &Asked<'_>) -> Checked {
    let cloud = asked.provider()?;
    let allowed = asked.input.machine_types_on(cloud)?;
    if allowed.is_empty() {
        return Ok(());
    }
    for (n, pool) in asked.spec.node_pools.get()?.iter().enumerate() {
        let named = pool.machines_on(cloud).into_iter().flatten().flatten();
        for name in named.filter(|name| !allowed.contains(name)) {
            let path = format!("spec.nodePools[{n}].machineTypes");
            let problem = "is not a machine type that the platform allows";
            let fix = format!("use size, or {}", one_of(&allowed));
            asked.refuse(path, name, problem, fix);
        }
    }
    Ok(())
}
