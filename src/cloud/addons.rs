//! Versions of add-ons: the author's, else at least the one that goes with the Kubernetes that runs.
//!
//! A cloud that leaves add-ons to its customers makes one at its own default for the cluster's version, and never updates it. So
//! it is asked for a newer one while it is older than the table has it ([`minors`]), and left alone afterwards: who updates it
//! further is not fought.

use super::{
    facts::{AddonFacts, Behind},
    order::is_older,
};
use crate::{
    api::{minors, spec::Version},
    plan::{context::Cx, key::Key},
};

/// An add-on in the spec.
pub struct Asked<'a> {
    /// Its field in `spec.addons`.
    pub field: &'static str,
    /// The key of its resource.
    pub key: Key,
    /// The version that its author chose.
    pub pinned: Option<&'a str>,
}

/// What is known of an add-on. `reported` is the path of its version.
pub fn facts(
    cx: &Cx<'_>,
    asked: Asked<'_>,
    running: Option<Version>,
    reported: &str,
) -> AddonFacts {
    let Asked { field, key, pinned } = asked;
    let version = cx.observed.str_at(&key, reported);
    let least = || {
        let own = &cx.input.kubernetes_versions;
        minors::addon(own, cx.spec.provider, running?, field)
    };
    let behind = version.filter(|_| pinned.is_none()).and_then(|has| {
        let needs = least().filter(|least| is_older(has, least))?;
        Some(Behind {
            has: has.to_owned(),
            needs: needs.to_owned(),
        })
    });
    AddonFacts {
        field,
        version: version.map(str::to_owned),
        exists: cx.observed.exists(&key),
        pinned: pinned.map(str::to_owned),
        behind,
        key,
    }
}

/// The version to ask for; `sent` is the path of the one that was asked for. While nothing is reported, or upgrades are paused,
/// that one is repeated.
pub fn version(cx: &Cx<'_>, addon: &AddonFacts, sent: &str) -> Option<String> {
    if addon.pinned.is_some() {
        return addon.pinned.clone();
    }
    if addon.version.is_none() || cx.spec.upgrade.paused {
        return cx.observed.str_at(&addon.key, sent).map(str::to_owned);
    }
    addon.behind.as_ref().map(|behind| behind.needs.clone())
}
