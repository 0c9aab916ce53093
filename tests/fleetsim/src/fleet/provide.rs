//! What providers do with objects: crossplane-runtime's managed reconciler, and controllers of Usages.

use std::time::Duration;

use super::{Event, Fleet, everyday::FRAGILE};
use crate::{
    backoff::PROVIDER_MOST,
    book::Id,
    cluster::State,
    latency::{self, WRITE},
    mask::Mask,
    queue::Priority,
};

/// What crossplane-runtime writes before it asks a cloud: the finalizer, and that a creation is pending.
const BEFORE: u32 = 2;
/// What the controller of Usages writes: the finalizer, labels, the owner and conditions.
const USAGE: u32 = 4;
/// Between two looks at an object whose update goes on.
const LOOK: Duration = Duration::from_secs(10);

impl Fleet<'_> {
    /// Core has created an object, and has `seen` that it came.
    pub(super) fn appeared(&mut self, cluster: usize, key: Id, seen: bool) {
        let handlers = if seen { self.handlers(cluster, key) } else { 0 };
        let of = &mut self.clusters[cluster];
        let book = &self.books[of.book];
        let notice = latency::notice(&mut of.random);
        let usage = book.kind(key).ends_with("Usage");
        let managed = book.is_managed(key);
        // A creation is mapped once.
        self.mapped(cluster, handlers, Priority::Normal);
        let writes = match (managed, usage) {
            (true, _) => BEFORE,
            (false, true) => USAGE,
            (false, false) => 0,
        };
        for write in 0..writes {
            self.after(notice + WRITE * write, Event::Noted(cluster, key));
        }
        let next = if managed {
            Event::Tried(cluster, key)
        } else {
            Event::Looked(cluster, key)
        };
        self.after(notice + WRITE * writes, next);
    }

    /// A provider asks its cloud to create an object.
    pub(super) fn tried(&mut self, cluster: usize, key: Id) {
        let faults = self.settings.faults;
        let end = self.outage_of(self.clusters[cluster].cloud);
        let of = &mut self.clusters[cluster];
        let book = &mut self.books[of.book];
        let Some(place) = of.find(key) else { return };
        let held = &mut of.objects[place];
        let broken = of.life.broken && book.kind(key) == FRAGILE;
        let refused = of.random.chance(faults.attempt) || broken || end.is_some();
        if refused {
            held.mask = Mask::Refused(held.mask == Mask::Refused(false));
            let wait = held.backoff.fail(PROVIDER_MOST);
            self.after(wait, Event::Tried(cluster, key));
            self.changed(cluster, key, 1);
            return;
        }
        held.backoff.forget();
        held.mask = Mask::None;
        held.state = State::Making;
        let change = book.look(held.content, false);
        held.content = change.content;
        let wait = latency::create(&mut of.random, of.cloud, book.kind(key));
        // It has written that the creation succeeded, too.
        self.changed(cluster, key, change.writes + 1);
        self.after(wait, Event::Made(cluster, key));
    }

    /// A cloud is done with an object, and its provider looks at it.
    pub(super) fn made(&mut self, cluster: usize, key: Id) {
        if let Some(end) = self.outage_of(self.clusters[cluster].cloud) {
            let of = &mut self.clusters[cluster];
            let wait = of.random.between(Duration::ZERO, PROVIDER_MOST);
            self.at(end + wait, Event::Made(cluster, key));
            return;
        }
        let of = &mut self.clusters[cluster];
        let Some(place) = of.find(key) else { return };
        of.objects[place].state = State::Made;
        self.look(cluster, place);
    }

    /// An object's `spec` has changed.
    pub(super) fn look_soon(&mut self, cluster: usize, key: Id) {
        let notice = latency::notice(&mut self.clusters[cluster].random);
        self.after(notice, Event::Looked(cluster, key));
    }

    /// A provider looks at an object, and again while something goes on.
    pub(super) fn looked(&mut self, cluster: usize, key: Id) {
        let of = &self.clusters[cluster];
        let book = &self.books[of.book];
        let Some(place) = of.find(key) else { return };
        // What the cloud still makes is looked at when it is made.
        let ready = of.objects[place].state == State::Made || !book.is_managed(key);
        if ready && self.look(cluster, place) {
            self.after(LOOK, Event::Looked(cluster, key));
        }
    }

    /// Whether it changed anything.
    fn look(&mut self, cluster: usize, place: usize) -> bool {
        let of = &mut self.clusters[cluster];
        let book = &mut self.books[of.book];
        let held = &mut of.objects[place];
        let change = book.look(held.content, true);
        held.content = change.content;
        let key = held.key;
        self.changed(cluster, key, change.writes);
        change.writes > 0
    }
}
