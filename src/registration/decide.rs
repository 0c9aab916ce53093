//! Whether and how a cluster is registered.

use super::existing::registered_config;
use crate::{
    cloud::{access::ArgoCdAccess, interface::Cloud, login::Login},
    plan::context::Cx,
};

/// How a cluster is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// The author does not want it.
    Unwanted,
    /// A fact is missing that the platform has to give.
    Lacking(&'static str),
    /// Argo CD logs in like this.
    Wanted(Login),
}

impl Registration {
    /// The access that Argo CD needs for it.
    pub fn access(&self) -> ArgoCdAccess<'_> {
        match self {
            Self::Unwanted => ArgoCdAccess::None,
            Self::Lacking(_) => ArgoCdAccess::Unknown,
            Self::Wanted(login) => ArgoCdAccess::For(&login.principal),
        }
    }
}

/// Decides from the spec and the platform's facts.
pub fn registration(cloud: &dyn Cloud, cx: &Cx<'_>) -> Registration {
    if !cx.spec.argocd.register {
        return Registration::Unwanted;
    }
    let before = || cloud.login_mode(&registered_config(cx.observed)?);
    match cloud.login(cx, &before) {
        Ok(login) => Registration::Wanted(login),
        Err(fact) => Registration::Lacking(fact),
    }
}
