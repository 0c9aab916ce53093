//! Rules of `nodePools`.

use std::collections::BTreeSet;

use crate::api::{
    choice::{Choice as _, Mode},
    spec::{NodePool, Spec},
    violation::{Violation, Violations},
};

pub(super) fn node_pools(spec: &Spec, violations: &Violations) {
    match spec.mode {
        Mode::Auto if !spec.node_pools.is_empty() => {
            violations.refuse(
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
    let hosts_system = spec.pools_for_system_pods().any(|pool| pool.min > 0);
    if !hosts_system {
        violations.refuse(
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
            violations.refuse(
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
        violations.refuse(
            &path,
            "",
            "stands beside machineTypes",
            "remove one of them",
        );
    }
    if pool.max_surge + pool.max_unavailable == 0 {
        let path = format!("{path}.maxSurge");
        violations.refuse(
            &path,
            "",
            "and maxUnavailable are both 0, so no upgrade could begin",
            "set one to 1",
        );
    }
    if pool.max_surge + pool.max_unavailable > 20 {
        let path = format!("{path}.maxSurge");
        violations.refuse(
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
            violations.refuse(
                &path,
                &taint.key,
                "is there twice with the same effect",
                "remove one",
            );
        }
    }
}
