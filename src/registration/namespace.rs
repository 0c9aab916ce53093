//! The namespace that a cluster is registered in.

use super::existing::registered_in;
use crate::{
    api::{
        asked::{Asked, Checked},
        defaults,
        violation::printable,
    },
    plan::{context::Cx, observed::Observed},
};

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
