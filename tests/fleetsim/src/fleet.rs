//! The simulation: all clusters, and what happens next.

mod everyday;
mod outage;
mod provide;
mod reconcile;
mod watch;

use std::{cmp::Reverse, collections::BinaryHeap, path::Path, rc::Rc, time::Duration};

use crate::{
    Error,
    backoff::Backoff,
    book::{Book, Id},
    breaker::{Breaker, Verdict},
    call::Function,
    cluster::Cluster,
    composite::Composite,
    queue::{Priority, Queue},
    random::{Random, Stream},
    record::{Life, Record},
    replicas::Replicas,
    settings::Settings,
    shape::Shape,
};

/// Something that happens, to a cluster by its number and to an object by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// Its author creates a composite.
    Created(usize),
    /// A composite is due again.
    Due(usize),
    /// Core calls the function, for the nth time in this reconcile.
    Called(usize, u32),
    /// Core has written all.
    Written(usize),
    /// Somebody writes what the function does not see.
    Noted(usize, Id),
    /// A provider tries to create an object.
    Tried(usize, Id),
    /// A cloud is done with an object.
    Made(usize, Id),
    /// A provider looks at a changed object.
    Looked(usize, Id),
    /// A provider could not look at some object.
    Missed(usize),
    /// It can again.
    Seen(usize, Id),
    /// An object that flaps changes.
    Flapped(usize),
    /// A cloud does not answer from now on.
    OutageBegins,
    /// A provider learns of the outage, and of its end.
    Lost(usize, Id),
    Found(usize, Id),
    /// Core's cache hands out all objects of a kind again.
    Resynced(usize),
}

struct Fleet<'a> {
    settings: &'a Settings,
    now: Duration,
    /// What is to come, the next first; what comes at the same time in the order in which it was said.
    events: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    said: u64,
    books: Vec<Book>,
    functions: Vec<Function>,
    clusters: Vec<Cluster>,
    queue: Queue,
    replicas: Replicas,
    watches: watch::Watches,
    random: Random,
    record: Record,
}

/// Runs a fleet of the clusters in the folder `examples` of the repository.
pub fn simulate(examples: &Path, settings: &Settings) -> Result<Record, Error> {
    let shapes = Shape::all(examples)?;
    let mut fleet = Fleet::new(&shapes, settings);
    fleet.run()?;
    let lives: Vec<_> = fleet.clusters.iter().map(Cluster::end).collect();
    let lives: Vec<_> = lives.iter().map(|(cloud, life)| (*cloud, life)).collect();
    fleet.record.calls.1 = fleet.functions.iter().map(|function| function.made).sum();
    fleet.record.handlers = fleet.most_handlers();
    fleet.record.finish(&lives);
    Ok(fleet.record)
}

impl<'a> Fleet<'a> {
    fn new(shapes: &[Shape], settings: &'a Settings) -> Self {
        let count = settings.clusters;
        let mut fleet = Self {
            settings,
            now: Duration::ZERO,
            events: BinaryHeap::new(),
            said: 0,
            books: Vec::new(),
            functions: Vec::new(),
            clusters: Vec::new(),
            queue: Queue::new(count, settings.workers),
            replicas: Replicas::new(settings.replicas, settings.cores),
            watches: watch::Watches::default(),
            random: Random::new(settings.seed, Stream::Fleet),
            record: Record::new(count, &settings.times),
        };
        if settings.remember {
            for shape in shapes {
                fleet.open(shape.clone());
            }
        }
        for number in 0..count {
            fleet.add(shapes, number);
        }
        if settings.faults.outage {
            let from = settings.times.ramp + settings.times.rest + settings.times.steady;
            fleet.at(from, Event::OutageBegins);
        }
        fleet.watch_composites();
        fleet
    }

    fn open(&mut self, shape: Shape) -> usize {
        self.books.push(Book::new(shape));
        self.functions.push(Function::default());
        self.books.len() - 1
    }

    /// Plans a cluster: its shape, its flaws and when it is created.
    fn add(&mut self, shapes: &[Shape], number: usize) {
        let settings = self.settings;
        let life_number = (number % settings.lives.max(1)) as u64;
        let mut random = Random::new(settings.seed, Stream::Life(life_number));
        let shape = draw(shapes, &mut random);
        let book = if settings.remember {
            shape
        } else {
            self.open(shapes[shape].named(&format!("fleet-{number}")))
        };
        let shape = &self.books[book].shape;
        let faults = settings.faults;
        let broken = random.chance(faults.broken);
        let flapping = random.chance(faults.flapping);
        // Numbers of clusters are far below 2^32.
        let part = u32::try_from(number).unwrap_or(u32::MAX);
        let whole = u32::try_from(settings.clusters).unwrap_or(u32::MAX);
        let created = settings.times.ramp * part / whole;
        self.clusters.push(Cluster {
            book,
            cloud: shape.cloud,
            life_number,
            random,
            luck: Random::new(settings.seed, Stream::Cluster(number as u64)),
            composite: Rc::new(Composite::new(Rc::clone(&shape.composite))),
            objects: Vec::new(),
            breaker: Breaker::default(),
            backoff: Backoff::default(),
            answer: None,
            created,
            life: Life {
                broken,
                ..Life::default()
            },
        });
        self.at(created, Event::Created(number));
        let settled = settings.times.ramp + settings.times.rest;
        if flapping {
            self.at(settled, Event::Flapped(number));
        }
        self.miss_later(number);
    }

    fn at(&mut self, time: Duration, event: Event) {
        self.said += 1;
        self.events.push(Reverse((time, self.said, event)));
    }

    fn after(&mut self, wait: Duration, event: Event) {
        self.at(self.now + wait, event);
    }

    fn run(&mut self) -> Result<(), Error> {
        let end = self.record.end();
        while let Some(Reverse((time, _, event))) = self.events.pop() {
            if time >= end {
                break;
            }
            self.now = time;
            self.happen(event)?;
            while let Some((cluster, since)) = self.queue.take() {
                self.record.taken(time, time.saturating_sub(since));
                self.after(self.settings.times.observe, Event::Called(cluster, 1));
            }
        }
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<(), Error> {
        match event {
            Event::Created(cluster) => self.created(cluster),
            Event::Due(cluster) => self.queue.wake(cluster, self.now),
            Event::Called(cluster, nth) => self.called(cluster, nth)?,
            Event::Written(cluster) => self.written(cluster)?,
            Event::Noted(cluster, key) => self.changed(cluster, key, 1),
            Event::Tried(cluster, key) => self.tried(cluster, key),
            Event::Made(cluster, key) => self.made(cluster, key),
            Event::Looked(cluster, key) => self.looked(cluster, key),
            Event::Missed(cluster) => self.missed(cluster),
            Event::Seen(cluster, key) => self.seen(cluster, key),
            Event::Flapped(cluster) => self.flapped(cluster),
            Event::OutageBegins => self.outage_begins(),
            Event::Lost(cluster, key) => self.lost(cluster, key),
            Event::Found(cluster, key) => self.found(cluster, key),
            Event::Resynced(kind) => self.resynced(kind),
        }
        Ok(())
    }

    /// An object of a cluster was changed so many times; each change is mapped twice.
    fn changed(&mut self, cluster: usize, key: Id, times: u32) {
        let handlers = self.handlers(cluster, key);
        self.mapped(cluster, 2 * times * handlers, Priority::Normal);
    }

    /// A watch event is mapped to a composite so many times.
    fn mapped(&mut self, cluster: usize, times: u32, priority: Priority) {
        for _ in 0..times {
            self.record.events += 1;
            let breaker = &mut self.clusters[cluster].breaker;
            let verdict = breaker.event(self.now, &self.settings.limits);
            if verdict == Verdict::Opened {
                self.record.opened(self.now);
                let life = &mut self.clusters[cluster].life;
                life.opened = life.opened.or(Some(self.now));
            }
            if verdict != Verdict::Dropped {
                self.queue.add(cluster, priority, self.now);
            }
        }
    }
}

/// One of the shapes, by their shares.
fn draw(shapes: &[Shape], random: &mut Random) -> usize {
    let all: u32 = shapes.iter().map(|shape| shape.share).sum();
    let mut left = random.fraction() * f64::from(all);
    let found = shapes.iter().position(|shape| {
        left -= f64::from(shape.share);
        left < 0.0
    });
    found.unwrap_or(0)
}
