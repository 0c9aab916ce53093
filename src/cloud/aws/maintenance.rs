//! Images of the nodes: EKS replaces nodes for a new one when it is asked to, and never by itself.
//!
//! The function has no clock, so the platform says which release pools are brought to, and when: by a commit that raises
//! `nodeImages` of the Input. Pools follow one after the other, in the order of the spec.

use super::keys::node_group;
use crate::{
    api::{
        input,
        spec::{NodePool, Version},
    },
    cloud::{facts::Behind, order::is_older, pools::was_made},
    plan::{context::Cx, key::Key},
};

/// Where EKS reports a group's image.
pub(super) const RELEASE: &str = "status.atProvider.releaseVersion";
/// The image that a group was asked for.
const SENT: &str = "spec.forProvider.releaseVersion";

/// Where the image of a group is older than the platform wants it. A group on its way to another minor version gets the newest
/// image of that one.
pub(super) fn behind(cx: &Cx<'_>, key: &Key) -> Option<Behind> {
    let group = cx.observed.get(key).filter(|group| was_made(group))?;
    let has = group.str_at(RELEASE)?;
    let version = |path| group.str_at(path).and_then(Version::parse);
    let (runs, asked) = (
        version("status.atProvider.version"),
        version("spec.forProvider.version"),
    );
    let minor = Version::parse(has).filter(|minor| Some(*minor) == runs && runs == asked)?;
    let needs = input::release(&cx.input.node_images, &cx.spec.environment, minor)?;
    is_older(has, needs).then(|| Behind {
        has: has.to_owned(),
        needs: needs.to_owned(),
    })
}

/// The image to ask a group for. While nothing is reported, or upgrades are paused, what was sent is repeated.
pub(super) fn release(cx: &Cx<'_>, pool: &NodePool, version: &str) -> Option<String> {
    let key = node_group(cx.observed, pool);
    let group = cx.observed.get(&key)?;
    let sent = group.str_at(SENT);
    if cx.spec.upgrade.paused || group.str_at(RELEASE).is_none() {
        let fits = sent.filter(|sent| Version::parse(sent) == Version::parse(version));
        return fits.map(str::to_owned);
    }
    let next = next(cx).filter(|next| *next == key)?;
    behind(cx, &next).map(|behind| behind.needs)
}

/// The group whose turn it is: one that was asked already, else the first that is behind.
fn next(cx: &Cx<'_>) -> Option<Key> {
    let pools = cx.spec.node_pools.iter();
    let groups = pools.map(|pool| node_group(cx.observed, pool));
    let mut behind: Vec<_> = groups.filter(|key| behind(cx, key).is_some()).collect();
    let asked = behind
        .iter()
        .position(|key| cx.observed.str_at(key, SENT).is_some());
    let first = asked.unwrap_or(0);
    (first < behind.len()).then(|| behind.swap_remove(first))
}
