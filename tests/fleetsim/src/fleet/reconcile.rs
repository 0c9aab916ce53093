//! What core does with a composite: `Reconciler.Reconcile` and `FunctionComposer.Compose` of Crossplane
//! v2.3.4 and v2.4.0.

use std::{rc::Rc, time::Duration};

use super::{Event, Fleet};
use crate::{
    Error,
    backoff::{Backoff, CORE_MOST},
    book::Id,
    call::Answer,
    cluster::{Held, State},
    mask::Mask,
    queue::Priority,
    service,
};

/// By how much core jitters when it looks again (`jitter` in `composite/reconciler.go`).
const JITTER: f64 = 0.1;
/// `--poll-interval` of core, which counts without realtime compositions only.
const POLL: Duration = Duration::from_mins(1);
/// What core writes into a composite before it calls the first time: the finalizer, and the references to the
/// Composition and its revision.
const FIRST_WRITES: u32 = 3;
/// The tokens of a change: it is mapped with the old object and with the new one.
const CHANGE: u32 = 2;

impl Fleet<'_> {
    pub(super) fn created(&mut self, cluster: usize) {
        self.mapped(cluster, 1 + CHANGE * FIRST_WRITES, Priority::Normal);
    }

    /// Core has read all objects, and calls.
    pub(super) fn called(&mut self, cluster: usize, nth: u32) -> Result<(), Error> {
        if nth == 1 {
            let answer = self.ask(cluster)?;
            self.clusters[cluster].answer = Some(answer);
            self.clusters[cluster].life.reconciles += u64::from(self.is_new(cluster));
        }
        let Some(answer) = self.clusters[cluster].answer.clone() else {
            return Ok(());
        };
        self.clusters[cluster].life.calls += u64::from(self.is_new(cluster));
        let count = |number: usize| u32::try_from(number).map_or(0.0, f64::from);
        let objects = count(self.clusters[cluster].objects.len());
        let observed = objects / count(answer.desired.len()).max(1.0);
        let shape = &self.books[self.clusters[cluster].book].shape;
        let takes = service::time(shape, observed).mul_f64(self.settings.slowdown);
        let served = self.replicas.call(self.now, takes);
        self.record.called(self.now, takes, served.waited);
        if nth < answer.calls {
            self.at(served.end, Event::Called(cluster, nth + 1));
        } else {
            let applies = u32::try_from(answer.desired.len()).unwrap_or(u32::MAX);
            let applies = self.settings.times.apply * applies;
            self.at(served.end + applies, Event::Written(cluster));
        }
        Ok(())
    }

    /// Whether a cluster has never been Ready.
    fn is_new(&self, cluster: usize) -> bool {
        self.clusters[cluster].life.ready.is_none()
    }

    fn ask(&mut self, cluster: usize) -> Result<Rc<Answer>, Error> {
        let of = &mut self.clusters[cluster];
        let book = &mut self.books[of.book];
        let mut objects = Vec::with_capacity(of.objects.len());
        for held in &mut of.objects {
            let view = match held.seen {
                Some((content, mask, view)) if (content, mask) == (held.content, held.mask) => view,
                _ => book.view(held.content, held.mask)?,
            };
            held.seen = Some((held.content, held.mask, view));
            objects.push((held.key, view));
        }
        let responsive = !of.breaker.is_open();
        let remember = self.settings.remember;
        self.functions[of.book].ask(book, &of.composite, &objects, responsive, remember)
    }

    /// Core has written all that follows from an answer, and is done.
    pub(super) fn written(&mut self, cluster: usize) -> Result<(), Error> {
        let of = &mut self.clusters[cluster];
        let failed = of.luck.chance(self.settings.faults.reconcile);
        if let Some(answer) = of.answer.take() {
            let wait = if failed {
                of.backoff.fail(CORE_MOST)
            } else {
                self.follow(cluster, &answer)?;
                self.next_look(cluster, &answer)
            };
            let due = (wait > Duration::ZERO).then(|| self.now + wait);
            if let Some(due) = due.and_then(|due| self.queue.add_at(cluster, due)) {
                self.at(due, Event::Due(cluster));
            }
        }
        self.queue.done(cluster);
        Ok(())
    }

    /// How long core waits before it looks again by itself; not at all is zero.
    fn next_look(&mut self, cluster: usize, answer: &Answer) -> Duration {
        let of = &mut self.clusters[cluster];
        if !self.settings.realtime && !answer.all_ready {
            return of.backoff.fail(CORE_MOST);
        }
        of.backoff.forget();
        let wait = if self.settings.realtime {
            answer.ttl
        } else {
            POLL
        };
        of.luck.jitter(wait, JITTER)
    }

    fn follow(&mut self, cluster: usize, answer: &Answer) -> Result<(), Error> {
        let mut new = Vec::new();
        for desired in &answer.desired {
            new.extend(self.apply(cluster, *desired)?);
        }
        // What is there when a watch begins is handed out as created, as is what comes later.
        let seen = self.watch_new(cluster, &new);
        for key in new {
            self.appeared(cluster, key, seen.contains(&key));
        }
        let of = &mut self.clusters[cluster];
        of.composite = Rc::clone(&answer.composite);
        if of.life.ready.is_none() && answer.ready {
            of.life.ready = Some(self.now.saturating_sub(of.created));
            of.life.tokens = of.breaker.spent;
            of.life.needed = of.breaker.needed;
        }
        self.mapped(cluster, CHANGE * answer.writes, Priority::Normal);
        Ok(())
    }

    /// Server-side apply of one object. Its key, if it is new.
    fn apply(&mut self, cluster: usize, desired: Id) -> Result<Option<Id>, Error> {
        let of = &mut self.clusters[cluster];
        let book = &mut self.books[of.book];
        let key = book.key_of(desired);
        let Some(place) = of.find(key) else {
            let change = book.apply(None, desired)?;
            let name = book.name(key);
            let before = |held: &Held| book.name(held.key) < name;
            let place = of.objects.partition_point(before);
            let held = Held {
                key,
                content: change.content,
                mask: Mask::None,
                seen: None,
                state: State::New,
                backoff: Backoff::default(),
            };
            of.objects.insert(place, held);
            return Ok(Some(key));
        };
        let held = &mut of.objects[place];
        if !book.holds(held.content, desired) {
            let change = book.apply(Some(held.content), desired)?;
            held.content = change.content;
            self.changed(cluster, key, change.writes);
            self.look_soon(cluster, key);
        }
        Ok(None)
    }
}
