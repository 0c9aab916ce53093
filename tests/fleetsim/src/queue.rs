//! Core's work queue for composites, and its workers.
//!
//! `pkg/controller/priorityqueue` of controller-runtime v0.23, which Crossplane v2.3.4 and v2.4.0 run: a composite
//! stands in the queue once; an event makes it due at once; of two delays the shorter counts; nobody
//! works on a composite twice at a time; and what a resync of core's cache adds comes last.

use std::{collections::VecDeque, time::Duration};

/// How a composite stands in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Entry {
    #[default]
    None,
    /// Due at this time.
    Waiting(Duration),
    /// Due now.
    Ready(Priority),
}

/// Who comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    /// controller-runtime's `LowPriority`: an update that changed nothing.
    Low,
    Normal,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    entry: Entry,
    /// Since when it is due.
    since: Duration,
    locked: bool,
}

/// The queue. Composites are numbers from 0.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    slots: Vec<Slot>,
    normal: VecDeque<usize>,
    low: VecDeque<usize>,
    /// Workers without work.
    idle: usize,
}

impl Queue {
    /// An empty queue: `--max-concurrent-reconciles` is the number of workers, 100 unless set.
    pub(crate) fn new(composites: usize, workers: usize) -> Self {
        Self {
            slots: vec![Slot::default(); composites],
            normal: VecDeque::new(),
            low: VecDeque::new(),
            idle: workers,
        }
    }

    /// Adds a composite that is due now.
    pub(crate) fn add(&mut self, composite: usize, priority: Priority, now: Duration) {
        let slot = &mut self.slots[composite];
        match slot.entry {
            Entry::Ready(had) if had >= priority => return,
            Entry::Ready(_) => {}
            Entry::None | Entry::Waiting(_) => slot.since = now,
        }
        slot.entry = Entry::Ready(priority);
        if !slot.locked {
            self.line_up(composite, priority);
        }
    }

    /// Adds a composite that is due later. When to [wake](Self::wake) it, unless it is due before.
    pub(crate) fn add_at(&mut self, composite: usize, due: Duration) -> Option<Duration> {
        let slot = &mut self.slots[composite];
        match slot.entry {
            Entry::Ready(_) => return None,
            Entry::Waiting(had) if had <= due => return None,
            Entry::None | Entry::Waiting(_) => slot.entry = Entry::Waiting(due),
        }
        Some(due)
    }

    /// The time that a composite was to wait for has come, if it still waits for it.
    pub(crate) fn wake(&mut self, composite: usize, now: Duration) {
        if self.slots[composite].entry == Entry::Waiting(now) {
            self.add(composite, Priority::Normal, now);
        }
    }

    /// The next composite for a worker without work, and since when it was due.
    pub(crate) fn take(&mut self) -> Option<(usize, Duration)> {
        if self.idle == 0 {
            return None;
        }
        let composite = loop {
            let lines = [
                (&mut self.normal, Priority::Normal),
                (&mut self.low, Priority::Low),
            ];
            let mut first = lines
                .into_iter()
                .filter_map(|(line, priority)| Some((line.pop_front()?, priority)));
            let (composite, priority) = first.next()?;
            let slot = self.slots[composite];
            // One that was moved to another line is still in the line that it left.
            if slot.entry == Entry::Ready(priority) && !slot.locked {
                break composite;
            }
        };
        self.idle -= 1;
        let slot = &mut self.slots[composite];
        slot.entry = Entry::None;
        slot.locked = true;
        Some((composite, slot.since))
    }

    /// A worker is done with a composite.
    pub(crate) fn done(&mut self, composite: usize) {
        self.idle += 1;
        let slot = &mut self.slots[composite];
        slot.locked = false;
        if let Entry::Ready(priority) = slot.entry {
            self.line_up(composite, priority);
        }
    }

    fn line_up(&mut self, composite: usize, priority: Priority) {
        match priority {
            Priority::Normal => self.normal.push_back(composite),
            Priority::Low => self.low.push_back(composite),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1);
    const SOON: Duration = Duration::from_mins(1);
    const LATE: Duration = Duration::from_mins(10);

    fn taken(queue: &mut Queue) -> Option<usize> {
        queue.take().map(|(composite, _)| composite)
    }

    #[test]
    fn events_of_one_composite_are_one_piece_of_work() {
        let mut queue = Queue::new(2, 8);
        queue.add(0, Priority::Normal, NOW);
        queue.add(0, Priority::Normal, NOW);
        assert_eq!(queue.take(), Some((0, NOW)));
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn an_event_during_the_work_waits_for_its_end() {
        let mut queue = Queue::new(1, 8);
        queue.add(0, Priority::Normal, NOW);
        queue.take();
        queue.add(0, Priority::Normal, NOW);
        assert_eq!(queue.take(), None);
        queue.done(0);
        assert_eq!(taken(&mut queue), Some(0));
    }

    #[test]
    fn there_is_no_more_work_than_workers() {
        let mut queue = Queue::new(3, 2);
        for composite in 0..3 {
            queue.add(composite, Priority::Normal, NOW);
        }
        let taken = [0, 1, 2].map(|_| taken(&mut queue));
        assert_eq!(taken, [Some(0), Some(1), None]);
    }

    #[test]
    fn a_shorter_ttl_brings_the_next_look_forward_and_a_longer_one_does_not_put_it_off() {
        let mut queue = Queue::new(1, 8);
        assert_eq!(queue.add_at(0, LATE), Some(LATE));
        assert_eq!(queue.add_at(0, SOON), Some(SOON));
        assert_eq!(queue.add_at(0, LATE), None);
        queue.wake(0, SOON);
        assert_eq!(queue.take(), Some((0, SOON)));
        queue.done(0);
        queue.wake(0, LATE);
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn an_event_ends_the_wait_and_the_next_ttl_counts_from_then() {
        let mut queue = Queue::new(1, 8);
        queue.add_at(0, SOON);
        queue.add(0, Priority::Normal, NOW);
        assert_eq!(taken(&mut queue), Some(0));
        queue.add_at(0, LATE);
        queue.done(0);
        queue.wake(0, SOON);
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn a_resync_comes_after_what_has_changed() {
        let mut queue = Queue::new(3, 8);
        queue.add(0, Priority::Low, NOW);
        queue.add(1, Priority::Low, NOW);
        queue.add(2, Priority::Normal, NOW);
        queue.add(1, Priority::Normal, NOW);
        let taken = [0, 1, 2, 3].map(|_| taken(&mut queue));
        assert_eq!(taken, [Some(2), Some(1), Some(0), None]);
    }
}
