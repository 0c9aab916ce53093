//! Rules of `argocd`.

use crate::api::{
    asked::{Asked, Checked},
    choice::Choice as _,
    provider::wrong_cloud,
    spec::WORKLOAD,
};

/// A workload that the platform does not give to the cluster, while it is not registered. One that is keeps running
/// what it has, and is told otherwise by its label.
pub(super) fn workload(asked: &Asked<'_>) -> Checked {
    let workloads = asked.input.workloads.get()?;
    let Some(Ok(name)) = asked.spec.argocd.labels.get()?.get(WORKLOAD) else {
        return Ok(());
    };
    if workloads.is_empty() || asked.composite.str_at("status.argocd.name").is_some() {
        return Ok(());
    }
    let path = format!("spec.argocd.labels[{WORKLOAD}]");
    let Some(members) = workloads.get(name) else {
        let known: Vec<_> = workloads.keys().map(String::as_str).collect();
        let fix = format!("use {}, or remove it", known.join(" or "));
        asked.refuse(path, name, "is not a workload of the platform", fix);
        return Ok(());
    };
    let environment = asked.spec.environment.as_ref()?;
    let namespace = asked.namespace();
    if !members.admit(namespace, environment)? {
        let problem = format!("is not for {} in {environment}", place(namespace));
        let fix = format!(
            "remove it, or ask the platform to add them to workloads[{name}] of the function's Input"
        );
        asked.refuse(path, name, problem, fix);
    }
    Ok(())
}

fn place(namespace: &str) -> String {
    if namespace.is_empty() {
        return "clusters".to_owned();
    }
    format!("clusters of the namespace {namespace}")
}

pub(super) fn namespace(asked: &Asked<'_>) -> Checked {
    let own = asked.spec.argocd.namespace.as_ref()?;
    let platform = asked.input.argocd.namespace.as_ref()?;
    if let (Some(own), Some(platform)) = (own, platform)
        && own != platform
    {
        let fix = format!("remove it: the platform registers clusters in {platform}");
        let problem = "is not the platform's Argo CD";
        asked.refuse("spec.argocd.namespace", own, problem, fix);
    }
    Ok(())
}

pub(super) fn auth(asked: &Asked<'_>) -> Checked {
    if let Some(mode) = asked.spec.argocd.auth.mode?
        && let Some((problem, fix)) = wrong_cloud(mode, asked.provider()?, asked.clouds)
    {
        asked.refuse("spec.argocd.auth.mode", mode.name(), problem, fix);
    }
    Ok(())
}
