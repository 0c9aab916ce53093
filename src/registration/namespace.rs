//! The namespace that a cluster is registered in.

use super::existing::registered_in;
use crate::{
    api::{
        asked::{Asked, Checked},
        choice::Choice as _,
        defaults,
        violation::printable,
    },
    plan::{context::Cx, key::REGISTRATION_OBJECT, observed::Observed},
};

/// Checks that the registration is where it was: other credentials of provider-kubernetes reach another cluster, and
/// what is in Argo CD now would not be maintained any more.
fn provider_config(asked: &Asked<'_>, observed: Observed<'_>) -> Checked {
    let now = &asked.input.argocd.provider_config_ref;
    let rows = [
        ("name", now.name.as_ref()?.as_str()),
        ("kind", now.kind?.name()),
    ];
    for (field, now) in rows {
        let path = format!("spec.providerConfigRef.{field}");
        let was = observed.str_at(&REGISTRATION_OBJECT, &path);
        if let Some(was) = was.filter(|was| *was != now) {
            let was = printable(was);
            let problem =
                format!("is not what the cluster was registered with, {was}, which cannot change");
            let field = format!("input.argocd.providerConfigRef.{field}");
            asked.refuse(field, now, problem, format!("set it back to {was}"));
        }
    }
    Ok(())
}

/// Argo CD's namespace.
pub(super) fn namespace<'a>(cx: &'a Cx<'_>) -> &'a str {
    let platform = cx.input.argocd.namespace.as_deref();
    chosen(platform, cx.spec.argocd.namespace.as_deref(), cx.observed)
}

/// The platform's word, else the author's. While neither says one, a cluster stays where it is registered.
fn chosen<'a>(
    platform: Option<&'a str>,
    author: Option<&'a str>,
    observed: Observed<'a>,
) -> &'a str {
    platform
        .or(author)
        .or_else(|| registered_in(observed))
        .unwrap_or(defaults::ARGOCD_NAMESPACE)
}

/// Checks that a registered cluster stays where it is: Crossplane would delete the Secret there, and
/// with it every Application that an ApplicationSet made for the cluster.
///
/// # Errors
/// [`Unsound`](crate::api::draft::Unsound) when the check is left out.
pub fn unchanged(asked: &Asked<'_>, observed: Observed<'_>) -> Checked {
    provider_config(asked, observed).ok();
    let argocd = &asked.spec.argocd;
    let platform = asked.input.argocd.namespace.as_ref()?.as_deref();
    let author = match platform {
        Some(_) => None,
        None => argocd.namespace.as_ref()?.as_deref(),
    };
    let now = chosen(platform, author, observed);
    let registers = argocd.register?;
    let was = registered_in(observed).filter(|was| registers && *was != now);
    let field = match platform {
        Some(_) => "input.argocd.namespace",
        None => "spec.argocd.namespace",
    };
    if let Some(was) = was {
        let was = printable(was);
        let problem = format!(
            "is not the namespace that the cluster is registered in, {was}, which cannot change"
        );
        asked.refuse(field, now, problem, format!("set it back to {was}"));
    }
    Ok(())
}
