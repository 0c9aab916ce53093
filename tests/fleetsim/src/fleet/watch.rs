//! Core's watches of composed kinds, and what its cache hands out again every hour.

use std::{collections::BTreeMap, time::Duration};

use super::{Event, Fleet};
use crate::{book::Id, queue::Priority, settings::Core};

/// By how much each kind's interval differs from `--sync-interval` (`resyncPeriod` of controller-runtime).
const JITTER: f64 = 0.1;
/// The composite's own kind, which core watches from the start.
const COMPOSITE: usize = 0;

/// The kinds that core watches.
#[derive(Default)]
pub(super) struct Watches {
    kinds: Vec<Watch>,
    numbers: BTreeMap<String, usize>,
    /// By book and key, the kind's number.
    of: Vec<Vec<usize>>,
}

struct Watch {
    /// How many handlers each of its events has; none before core watches it.
    handlers: u32,
    interval: Duration,
}

impl Fleet<'_> {
    /// Watches the composites.
    pub(super) fn watch_composites(&mut self) {
        let kind = self.number("XCluster");
        self.watch(kind, 1);
    }

    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.watches.numbers.get(name) {
            return *number;
        }
        let interval = self.random.jitter(self.settings.resync, JITTER);
        let number = self.watches.kinds.len();
        self.watches.numbers.insert(name.to_owned(), number);
        self.watches.kinds.push(Watch {
            handlers: 0,
            interval,
        });
        number
    }

    /// The number of the kind behind a key.
    fn kind(&mut self, book: usize, key: Id) -> usize {
        loop {
            let known = self.watches.of.get(book).and_then(|of| of.get(key));
            if let Some(kind) = known {
                return *kind;
            }
            if self.watches.of.len() <= book {
                self.watches.of.resize(book + 1, Vec::new());
            }
            let next = self.watches.of[book].len();
            let name = self.books[book].group_kind(next);
            let kind = self.number(&name);
            self.watches.of[book].push(kind);
        }
    }

    /// How many handlers an event of an object has.
    pub(super) fn handlers(&mut self, cluster: usize, key: Id) -> u32 {
        let book = self.clusters[cluster].book;
        let kind = self.kind(book, key);
        self.watches.kinds[kind].handlers
    }

    /// The most that any kind has.
    pub(super) fn most_handlers(&self) -> u32 {
        let handlers = self.watches.kinds.iter().map(|watch| watch.handlers);
        handlers.max().unwrap_or(0)
    }

    /// Starts the watches that new objects need (`ControllerEngine.StartWatches`). A kind that nobody has composed
    /// before has no informer yet. Up to v2.3 each of its objects then starts a watch of its own; v2.4 watches kinds
    /// (`composite/reconciler.go`). The new objects whose creation costs a token.
    pub(super) fn watch_new(&mut self, cluster: usize, keys: &[Id]) -> Vec<Id> {
        let book = self.clusters[cluster].book;
        let mut unwatched: BTreeMap<usize, Vec<Id>> = BTreeMap::new();
        for key in keys {
            let kind = self.kind(book, *key);
            if self.watches.kinds[kind].handlers == 0 {
                unwatched.entry(kind).or_default().push(*key);
            }
        }
        for (kind, keys) in &unwatched {
            let each = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            let is_by_kind = self.settings.core == Core::V24;
            self.watch(*kind, if is_by_kind { 1 } else { each });
        }
        match self.settings.core {
            Core::V23 => keys.to_vec(),
            // Core learns whose an object is when all are applied (`tracker.Track`): who watches the kind already has
            // seen it come by then, and mapped it to nobody.
            Core::V24 => unwatched.into_values().flatten().collect(),
        }
    }

    fn watch(&mut self, kind: usize, handlers: u32) {
        let watch = &mut self.watches.kinds[kind];
        watch.handlers = handlers;
        let interval = watch.interval;
        self.after(interval, Event::Resynced(kind));
    }

    /// Every object of a kind is an event, although nothing has changed.
    pub(super) fn resynced(&mut self, kind: usize) {
        let Watch { handlers, interval } = self.watches.kinds[kind];
        for cluster in 0..self.clusters.len() {
            let count = self.count(cluster, kind);
            self.mapped(cluster, 2 * count * handlers, Priority::Low);
        }
        self.after(interval, Event::Resynced(kind));
    }

    /// How many objects of a kind a cluster has.
    fn count(&mut self, cluster: usize, kind: usize) -> u32 {
        if kind == COMPOSITE {
            return u32::from(self.clusters[cluster].created <= self.now);
        }
        let book = self.clusters[cluster].book;
        let mut count = 0;
        for place in 0..self.clusters[cluster].objects.len() {
            let key = self.clusters[cluster].objects[place].key;
            count += u32::from(self.kind(book, key) == kind);
        }
        count
    }
}
