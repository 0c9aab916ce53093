//! Rules that span fields, or that the platform sets. What depends on the cloud is in
//! [`crate::provider::check`].

use std::collections::BTreeSet;

use super::{Mode, NodePool, Spec, Version};
use crate::{
    input::Input,
    pools, provider,
    reader::{Choice, Violations},
    structpb::Struct,
    violation::{Violation, printable},
};

/// Checks a spec against itself, the platform, and what the observed composite remembers.
pub fn validate(spec: &Spec, input: &Input, observed: &Struct, violations: &Violations) {
    network(spec, violations);
    provider_config(spec, input, violations);
    node_pools(spec, violations);
    platform(spec, input, violations);
    argocd(spec, input, violations);
    budget(spec, violations);
    provider::check(spec, account(spec, input), violations);
    no_downgrade(spec, observed, violations);
}

/// The account or project: the spec's, else the platform's for the provider configuration.
pub fn account<'a>(spec: &'a Spec, input: &'a Input) -> Option<&'a str> {
    spec.account
        .as_deref()
        .or_else(|| known_account(spec, input))
}

fn known_account<'a>(spec: &Spec, input: &'a Input) -> Option<&'a str> {
    let known = input.accounts.get(&spec.provider_config_ref.name)?;
    known.on(spec.provider)
}

/// A provider configuration is a way into an account. Once the platform lists its accounts, no other
/// one is meant for clusters: the one of the DNS zone's account, for instance.
fn provider_config(spec: &Spec, input: &Input, violations: &Violations) {
    if input.accounts.is_empty() || known_account(spec, input).is_some() {
        return;
    }
    let cloud = spec.provider;
    let usable = input
        .accounts
        .iter()
        .filter(|(_, it)| it.on(cloud).is_some());
    let usable: Vec<_> = usable.map(|(name, _)| name.clone()).collect();
    let fix = if usable.is_empty() {
        format!("ask the platform for an account on {}", cloud.name())
    } else {
        format!("use {}", one_of(&usable))
    };
    let problem = format!("has no account on {} in input.accounts", cloud.name());
    let name = &spec.provider_config_ref.name;
    refuse(
        violations,
        "spec.providerConfigRef.name",
        name,
        &problem,
        fix,
    );
}

fn refuse(violations: &Violations, path: &str, value: &str, problem: &str, fix: impl Into<String>) {
    violations.add(Violation::quoting(path, value, problem, fix));
}

fn network(spec: &Spec, violations: &Violations) {
    let named = spec.network.zone_names.len();
    if named == 1 {
        let fix = "name two or three: EKS and a node pool that survives a zone need them";
        refuse(
            violations,
            "spec.network.zoneNames",
            "",
            "names a single zone",
            fix,
        );
    }
    if named > 1
        && named != spec.network.zones as usize
        && spec.network.zones != super::defaults::ZONES
    {
        let fix = format!("leave zones out or set it to {named}");
        refuse(
            violations,
            "spec.network.zones",
            "",
            "does not match zoneNames",
            fix,
        );
    }
}

fn node_pools(spec: &Spec, violations: &Violations) {
    match spec.mode {
        Mode::Auto if !spec.node_pools.is_empty() => {
            refuse(
                violations,
                "spec.nodePools",
                "",
                "has pools in mode auto, where the cloud makes nodes as Pods need them",
                "remove nodePools, or use mode: standard; ask for GPUs and spot nodes in the Pods",
            );
            return;
        }
        Mode::Auto => return,
        Mode::Standard => {}
    }
    let hosts_system = pools::for_system_pods(&spec.node_pools).any(|pool| pool.min > 0);
    if !hosts_system {
        refuse(
            violations,
            "spec.nodePools",
            "",
            "has no pool for system Pods",
            "add a pool without GPU and taints whose min is at least 1, such as {name: general, size: medium, min: 2, max: 10}",
        );
    }
    let mut names = BTreeSet::new();
    for (n, pool) in spec.node_pools.iter().enumerate() {
        let path = format!("spec.nodePools[{n}]");
        if !names.insert(&pool.name) {
            let path = format!("{path}.name");
            refuse(
                violations,
                &path,
                &pool.name,
                "is the name of another pool",
                "rename one",
            );
        }
        node_pool(&path, pool, violations);
    }
}

fn node_pool(path: &str, pool: &NodePool, violations: &Violations) {
    if pool.min > pool.max {
        let value = pool.min.to_string();
        violations.add(Violation::new(
            format!("{path}.min"),
            value,
            format!("is more than max, {}", pool.max),
            "lower min or raise max",
        ));
    }
    if pool.size.is_some() && !pool.machine_types.is_empty() {
        let path = format!("{path}.size");
        refuse(
            violations,
            &path,
            "",
            "stands beside machineTypes",
            "remove one of them",
        );
    }
    if pool.max_surge + pool.max_unavailable == 0 {
        let path = format!("{path}.maxSurge");
        refuse(
            violations,
            &path,
            "",
            "and maxUnavailable are both 0, so no upgrade could begin",
            "set one to 1",
        );
    }
    if pool.max_surge + pool.max_unavailable > 20 {
        let path = format!("{path}.maxSurge");
        refuse(
            violations,
            &path,
            "",
            "and maxUnavailable are more than 20 together",
            "lower them",
        );
    }
    let mut seen = BTreeSet::new();
    for (n, taint) in pool.taints.iter().enumerate() {
        if !seen.insert((&taint.key, taint.effect.name())) {
            let path = format!("{path}.taints[{n}]");
            refuse(
                violations,
                &path,
                &taint.key,
                "is there twice with the same effect",
                "remove one",
            );
        }
    }
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
fn platform(spec: &Spec, input: &Input, violations: &Violations) {
    let provider = spec.provider;
    let regions = input.allowed_regions.of(provider);
    if !regions.is_empty() && !regions.contains(&spec.region) {
        let fix = format!("use {}", one_of(regions));
        refuse(
            violations,
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
        refuse(
            violations,
            "spec.account",
            own,
            "is not the account of the providerConfigRef",
            fix,
        );
    }
    let types = input.allowed_machine_types.of(provider);
    for (n, pool) in spec
        .node_pools
        .iter()
        .enumerate()
        .filter(|_| !types.is_empty())
    {
        let named: Vec<_> = match provider {
            super::Provider::Aws => pool.machine_types.aws.iter().collect(),
            super::Provider::Gcp => pool.machine_types.gcp.iter().collect(),
        };
        for name in named.into_iter().filter(|name| !types.contains(name)) {
            let path = format!("spec.nodePools[{n}].machineTypes");
            let fix = format!("use size, or {}", one_of(types));
            refuse(
                violations,
                &path,
                name,
                "is not a machine type that the platform allows",
                fix,
            );
        }
    }
}

fn argocd(spec: &Spec, input: &Input, violations: &Violations) {
    if let (Some(own), Some(platform)) = (&spec.argocd.namespace, &input.argocd.namespace)
        && own != platform
    {
        let fix = format!("remove it: the platform registers clusters in {platform}");
        refuse(
            violations,
            "spec.argocd.namespace",
            own,
            "is not the platform's Argo CD",
            fix,
        );
    }
    if let Some(mode) = spec.argocd.auth.mode
        && mode.provider() != spec.provider
    {
        let problem = format!("does not reach clusters on {}", spec.provider.name());
        let fix = format!("use {}", super::AuthMode::names_on(spec.provider));
        refuse(
            violations,
            "spec.argocd.auth.mode",
            mode.name(),
            &problem,
            fix,
        );
    }
}

fn budget(spec: &Spec, violations: &Violations) {
    if spec.mode == Mode::Standard && spec.budget.pods.is_some() {
        refuse(
            violations,
            "spec.budget.pods",
            "",
            "is there in mode standard, where nodePools say what is paid for",
            "remove it; it is for mode auto",
        );
    }
}

/// A control plane cannot go back, and nodes newer than it are not supported. The version that an
/// earlier call accepted is in the status, beside the one that runs: going below both is a
/// downgrade; taking back a version that was never reached is not; and a cloud that ran ahead of
/// the spec by itself is no mistake of the author's.
fn no_downgrade(spec: &Spec, observed: &Struct, violations: &Violations) {
    let status = |field: &str| {
        let text = observed.str_at(&format!("status.kubernetesVersion.{field}"))?;
        Version::parse(text)
    };
    let now = spec.kubernetes_version;
    if let (Some(accepted), Some(running)) = (status("desired"), status("controlPlane"))
        && now < accepted
        && now < running
    {
        refuse(
            violations,
            "spec.kubernetesVersion",
            &now.to_string(),
            &format!("is older than the control plane, which runs {running} and cannot go back"),
            format!("set it to \"{}\" or newer", accepted.min(running)),
        );
    }
}
