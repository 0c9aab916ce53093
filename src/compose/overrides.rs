//! Names of an author's own choice.
//!
//! Under a name that an author chose, a provider could adopt what is somebody else's, and Argo CD's Secret
//! could take another cluster's place. So the platform decides whether authors may choose.

use crate::{
    api::{
        asked::{Asked, Checked},
        names::{IN_CLUSTER, Names},
    },
    plan::{key::CLUSTER, object::external_name, observed::Observed},
    registration::registered_as,
};

/// Refuses names of an author's own choice where the platform does not allow them. One that a cluster has
/// stays: it was accepted before, and the cluster would not be managed any more.
///
/// The composite's status says that an earlier call accepted the name, and the resources that the cluster
/// has it. Neither is enough: Crossplane's own role for authors may write the status
/// (`internal/controller/rbac/definition/roles.go`), and resources do not tell who chose.
pub(super) fn check(asked: &Asked<'_>, observed: Observed<'_>) {
    cloud_name(asked, observed).ok();
    argocd_name(asked, observed).ok();
}

/// Refuses the name of Argo CD's own cluster, which no author can take.
pub(super) fn own_cluster(asked: &Asked<'_>, names: &Names) -> Checked {
    let chosen = asked.spec.argocd.name.as_ref()?;
    if names.argocd != IN_CLUSTER {
        return Ok(());
    }
    let (path, fix) = match chosen {
        Some(_) => ("spec.argocd.name", "remove it"),
        None => ("metadata.name", "give the cluster another name"),
    };
    let problem = "is Argo CD's name for the cluster that it runs on";
    asked.refuse(path, IN_CLUSTER, problem, fix);
    Ok(())
}

fn cloud_name(asked: &Asked<'_>, observed: Observed<'_>) -> Checked {
    if let Some(name) = asked.spec.cloud_name.as_ref()? {
        let has = observed.get(&CLUSTER).and_then(external_name);
        let accepted = asked.composite.str_at("status.clusterName");
        refuse(asked, "spec.cloudName", name, [accepted, has])?;
    }
    Ok(())
}

fn argocd_name(asked: &Asked<'_>, observed: Observed<'_>) -> Checked {
    if let Some(name) = asked.spec.argocd.name.as_ref()? {
        let has = registered_as(observed);
        let accepted = asked.composite.str_at("status.argocd.name");
        refuse(asked, "spec.argocd.name", name, [accepted, has.as_deref()])?;
    }
    Ok(())
}

fn refuse(asked: &Asked<'_>, path: &str, name: &str, known: [Option<&str>; 2]) -> Checked {
    if asked.input.allow_name_overrides? || known == [Some(name); 2] {
        return Ok(());
    }
    let problem = "is a name of your own choice, which the platform does not allow";
    let fix = "remove it, or ask the platform to set allowNameOverrides in the function's Input";
    asked.refuse(path, name, problem, fix);
    Ok(())
}
