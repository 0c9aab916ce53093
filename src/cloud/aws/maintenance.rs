//! Images of the nodes: EKS replaces nodes for a new one when it is asked to, and never by itself.
//!
//! The function has no clock, so the platform says which release pools are brought to, and when: by a commit that raises
//! `nodeImages` of the Input. Pools follow one after the other, in the order of the spec.

use crate::{
    api::{input, spec::Version},
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
    if cx.input.node_images.is_empty() {
        return None;
    }
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

/// The image to ask a group for, if it is its turn. While nothing is reported, or upgrades are paused, what was sent is repeated.
pub(super) fn release(cx: &Cx<'_>, key: &Key, turn: Option<&Key>, version: &str) -> Option<String> {
    let group = cx.observed.get(key)?;
    if cx.spec.upgrade.paused || group.str_at(RELEASE).is_none() {
        let sent = group.str_at(SENT);
        let fits = sent.filter(|sent| Version::parse(sent) == Version::parse(version));
        return fits.map(str::to_owned);
    }
    turn.filter(|turn| *turn == key)?;
    behind(cx, key).map(|behind| behind.needs)
}

/// The group whose turn it is: one that was asked already, else the first that is behind.
pub(super) fn turn<'k>(cx: &Cx<'_>, groups: impl Iterator<Item = &'k Key>) -> Option<Key> {
    if cx.input.node_images.is_empty() {
        return None;
    }
    let behind: Vec<_> = groups.filter(|key| behind(cx, key).is_some()).collect();
    let asked = |key: &&&Key| cx.observed.str_at(key, SENT).is_some();
    let turn = behind.iter().find(asked).or(behind.first());
    turn.map(|key| (*key).clone())
}
