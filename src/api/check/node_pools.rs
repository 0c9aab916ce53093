//! Rules of `nodePools`.

use std::collections::BTreeSet;

use crate::api::{
    asked::{Asked, Checked},
    choice::{Choice as _, Mode},
    draft::{Field, Unsound},
    spec::NodePoolDraft,
    violation::Violation,
};

pub(super) fn none_in_auto(asked: &Asked<'_>) -> Checked {
    if asked.mode()? == Mode::Auto && !asked.spec.node_pools.get()?.is_empty() {
        asked.refuse(
            "spec.nodePools",
            "",
            "has pools in mode auto, where the cloud makes nodes as Pods need them",
            "remove nodePools, or use mode: standard; ask for GPUs and spot nodes in the Pods",
        );
    }
    Ok(())
}

/// The pools, where they count.
fn counted<'a>(asked: &Asked<'a>) -> Field<&'a [NodePoolDraft]> {
    match asked.mode()? {
        Mode::Standard => asked.spec.node_pools.get(),
        Mode::Auto => Ok(&[]),
    }
}

pub(super) fn system_pods(asked: &Asked<'_>) -> Checked {
    if asked.mode()? == Mode::Auto {
        return Ok(());
    }
    let pools = asked.spec.node_pools.get()?.iter();
    let hosts: Vec<_> = pools.map(NodePoolDraft::hosts_system_pods).collect();
    if hosts.contains(&Ok(true)) {
        return Ok(());
    }
    if hosts.contains(&Err(Unsound)) {
        return Err(Unsound);
    }
    asked.refuse(
        "spec.nodePools",
        "",
        "has no pool for system Pods",
        "add a pool without GPU and taints whose min is at least 1, such as {name: general, size: medium, min: 2, max: 10}",
    );
    Ok(())
}

pub(super) fn names(asked: &Asked<'_>) -> Checked {
    let mut names = BTreeSet::new();
    for (n, pool) in counted(asked)?.iter().enumerate() {
        if let Ok(name) = &pool.name
            && !names.insert(name)
        {
            let path = format!("spec.nodePools[{n}].name");
            asked.refuse(path, name, "is the name of another pool", "rename one");
        }
    }
    Ok(())
}

pub(super) fn pools(asked: &Asked<'_>) -> Checked {
    let checks = [bounds, hardware, replacement, taints];
    asked.check_pools(counted(asked)?, &checks);
    Ok(())
}

fn bounds(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    let (min, max) = (pool.min?, pool.max?);
    if min > max {
        asked.violations.add(Violation::new(
            format!("{path}.min"),
            min,
            format!("is more than max, {max}"),
            "lower min or raise max",
        ));
    }
    Ok(())
}

fn hardware(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    if pool.size?.is_some() && !pool.machine_types.get()?.is_empty() {
        let path = format!("{path}.size");
        asked.refuse(path, "", "stands beside machineTypes", "remove one of them");
    }
    Ok(())
}

fn replacement(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    let (problem, fix) = match pool.max_surge? + pool.max_unavailable? {
        0 => (
            "and maxUnavailable are both 0, so no upgrade could begin",
            "set one to 1",
        ),
        1..=20 => return Ok(()),
        _ => ("and maxUnavailable are more than 20 together", "lower them"),
    };
    asked.refuse(format!("{path}.maxSurge"), "", problem, fix);
    Ok(())
}

fn taints(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    let mut seen = BTreeSet::new();
    for (n, taint) in pool.taints.sound()? {
        if !seen.insert((&taint.key, taint.effect.name())) {
            let path = format!("{path}.taints[{n}]");
            let problem = "is there twice with the same effect";
            asked.refuse(path, &taint.key, problem, "remove one");
        }
    }
    Ok(())
}
