//! One cluster of the fleet.

use std::rc::Rc;

use crate::{
    backoff::Backoff, book::Id, breaker::Breaker, call::Answer, composite::Composite, mask::Mask,
    random::Random, record::Life, shape::Cloud,
};

/// A cluster: its composite, its objects, and what core and chance have in store for it.
pub(crate) struct Cluster {
    /// Where its shape is.
    pub(crate) book: usize,
    pub(crate) cloud: Cloud,
    /// Which life it lives, and the chance of that: what providers and clouds do.
    pub(crate) life_number: u64,
    pub(crate) random: Random,
    /// Its own chance: what core and bad luck do, whenever it happens to be.
    pub(crate) luck: Random,
    pub(crate) composite: Rc<Composite>,
    /// In the order of keys.
    pub(crate) objects: Vec<Held>,
    pub(crate) breaker: Breaker,
    pub(crate) backoff: Backoff,
    /// The answer that a worker of core is busy with.
    pub(crate) answer: Option<Rc<Answer>>,
    /// When the composite was created.
    pub(crate) created: std::time::Duration,
    pub(crate) life: Life,
}

/// One of its objects.
pub(crate) struct Held {
    pub(crate) key: Id,
    pub(crate) content: Id,
    pub(crate) mask: Mask,
    /// What was seen of it last: the content and the mask, and the number of the view.
    pub(crate) seen: Option<(Id, Mask, Id)>,
    pub(crate) state: State,
    /// Of its provider.
    pub(crate) backoff: Backoff,
}

/// What its provider is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not in the cloud yet.
    New,
    /// The cloud makes it.
    Making,
    /// The cloud has it.
    Made,
}

impl Cluster {
    /// Where an object of a key is, if it is there.
    pub(crate) fn find(&self, key: Id) -> Option<usize> {
        self.objects.iter().position(|held| held.key == key)
    }
}
