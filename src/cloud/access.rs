//! Access: what both clouds have in common about who may use a cluster.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    api::spec::Access,
    plan::{
        build::as_observed,
        composed::{Plan, Stage},
        context::Cx,
        key::{ACCESS, Key},
        object::Label,
        ready::ReadyWhen,
    },
    wire::structpb::{Struct, Value},
};

/// The label that tells who asked for a grant.
const GRANTED_FOR: &str = "xcluster.dev/granted-for";
const ARGOCD: &str = "argocd";
const SPEC: &str = "spec";

/// What Argo CD needs of a cluster's access.
#[derive(Clone, Copy, Debug)]
pub enum ArgoCdAccess<'a> {
    /// None: the author does not want the cluster to be registered.
    None,
    /// The platform does not say who Argo CD is. What it has, it keeps.
    Unknown,
    /// Full control for this principal.
    For(&'a str),
}

impl<'a> ArgoCdAccess<'a> {
    /// The principal, where it is known.
    pub fn principal(self) -> Option<&'a str> {
        match self {
            Self::For(principal) => Some(principal),
            Self::None | Self::Unknown => None,
        }
    }

    /// How far each principal may use the cluster: viewers as `viewer`, admins and Argo CD as `admin`. One that
    /// is named twice gets the stronger.
    pub fn grants(
        self,
        access: &'a Access,
        viewer: &'static str,
        admin: &'static str,
    ) -> BTreeMap<&'a str, &'static str> {
        let viewers = access.viewers.iter().map(|it| (it.as_str(), viewer));
        let admins = access.admins.iter().map(|it| (it.as_str(), admin));
        let argocd = self.principal().map(|it| (it, admin));
        viewers.chain(admins).chain(argocd).collect()
    }

    /// The label of the object of a key, which grants a principal access. While Argo CD is unknown, what it
    /// was granted stays its own, even if the spec names the same principal.
    pub fn label(self, cx: &Cx<'_>, key: &Key, principal: &str) -> Label {
        let is_argocd = match self {
            Self::None => false,
            Self::Unknown => cx.observed.get(key).and_then(granted_for) == Some(ARGOCD),
            Self::For(argocd) => argocd == principal,
        };
        let granted_for = if is_argocd { ARGOCD } else { SPEC };
        (Cow::Borrowed(GRANTED_FOR), Cow::Borrowed(granted_for))
    }

    /// Whether a principal is Argo CD. What people asked for does not hold back the cluster: one wrong name among many would
    /// take it out of the service.
    pub fn is_for(self, principal: &str) -> bool {
        self.principal() == Some(principal)
    }

    /// Keeps the grants that Argo CD has and that the plan does not: all of them while its principal is
    /// unknown, and the old ones until the new one, at `key`, is ready. Grants of the spec are revoked at
    /// once; one without a label counts as Argo CD's.
    pub fn keep(self, cx: &Cx<'_>, plan: &mut Plan, key: impl Fn(&str) -> Key) {
        let keeps = match self {
            Self::None => false,
            Self::Unknown => true,
            Self::For(principal) => {
                let new = cx.observed.get(&key(principal));
                !new.is_some_and(|object| ReadyWhen::Condition.holds(object))
            }
        };
        if !keeps {
            return;
        }
        for key in cx.observed.keys(ACCESS) {
            let object = cx.observed.get(&key);
            let granted_for = object.and_then(granted_for);
            if granted_for != Some(SPEC) && !plan.has(&key) {
                plan.add(as_observed(Stage::Access, key).optional());
            }
        }
    }
}

fn granted_for(object: &Struct) -> Option<&str> {
    let labels = object.at("metadata.labels")?.as_struct()?;
    labels.get(GRANTED_FOR).and_then(Value::as_str)
}
