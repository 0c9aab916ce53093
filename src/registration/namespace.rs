//! The namespace that a cluster is registered in.

use super::existing::registered_in;
use crate::{
    api::{
        defaults,
        violation::{Violation, Violations, printable},
    },
    plan::context::Cx,
};

/// Argo CD's namespace: the platform's word, else the author's. While neither says one, a cluster stays
/// where it is registered.
pub(super) fn namespace<'a>(cx: &'a Cx<'_>) -> &'a str {
    let platform = cx.input.argocd.namespace.as_deref();
    platform
        .or(cx.spec.argocd.namespace.as_deref())
        .or_else(|| registered_in(cx.observed))
        .unwrap_or(defaults::ARGOCD_NAMESPACE)
}

/// Checks that a registered cluster stays where it is: Crossplane would delete the Secret there, and
/// with it every Application that an ApplicationSet made for the cluster.
pub fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    let now = namespace(cx);
    let was = registered_in(cx.observed).filter(|was| cx.spec.argocd.register && *was != now);
    let field = if cx.input.argocd.namespace.is_some() {
        "input.argocd.namespace"
    } else {
        "spec.argocd.namespace"
    };
    if let Some(was) = was {
        violations.add(Violation::quoting(
            field,
            now,
            format!(
                "is not the namespace that the cluster is registered in, {}, which cannot change",
                printable(was)
            ),
            format!("set it back to {}", printable(was)),
        ));
    }
}
