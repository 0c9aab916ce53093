//! What goes wrong on every day: looks that fail for a moment, and objects that flap.

use std::time::Duration;

use super::{Event, Fleet};
use crate::{
    book::Id,
    cluster::{Cluster, State},
    latency::POLL,
    mask::Mask,
    record::Life,
    shape::Cloud,
};

/// What may be impossible to make, as for want of a quota: the control plane, on both clouds.
pub(super) const FRAGILE: &str = "Cluster";
/// How long a flapping object stays as it is, on average.
const FLAP: Duration = Duration::from_mins(5);
/// Until the next attempt after a look that failed: the first wait of a backoff.
const AGAIN: Duration = Duration::from_secs(1);
/// The objects that a cluster is taken to have when its next failed look is drawn.
const OBJECTS: f64 = 40.0;

impl Fleet<'_> {
    /// Plans the next look of a cluster's providers that fails.
    pub(super) fn miss_later(&mut self, cluster: usize) {
        let rate = self.settings.faults.look * OBJECTS;
        if rate > 0.0 {
            let average = POLL.div_f64(rate);
            let wait = self.clusters[cluster].luck.until_next(average);
            self.after(wait, Event::Missed(cluster));
        }
    }

    pub(super) fn missed(&mut self, cluster: usize) {
        if let Some(place) = self.sound(cluster) {
            let held = &mut self.clusters[cluster].objects[place];
            held.mask = Mask::Unseen;
            let key = held.key;
            self.changed(cluster, key, 1);
            self.after(AGAIN, Event::Seen(cluster, key));
        }
        self.miss_later(cluster);
    }

    pub(super) fn seen(&mut self, cluster: usize, key: Id) {
        self.unmask(cluster, key, Mask::Unseen);
    }

    /// Takes a mask from an object, if it is still this one.
    pub(super) fn unmask(&mut self, cluster: usize, key: Id, mask: Mask) {
        let of = &mut self.clusters[cluster];
        if let Some(place) = of.find(key).filter(|place| of.objects[*place].mask == mask) {
            of.objects[place].mask = Mask::None;
            self.changed(cluster, key, 1);
        }
    }

    /// An object that is well becomes unready, or the one that is not becomes well.
    pub(super) fn flapped(&mut self, cluster: usize) {
        let objects = &self.clusters[cluster].objects;
        let unready = objects.iter().find(|held| held.mask == Mask::Unready);
        if let Some(key) = unready.map(|held| held.key) {
            self.unmask(cluster, key, Mask::Unready);
        } else if let Some(place) = self.sound(cluster) {
            let held = &mut self.clusters[cluster].objects[place];
            held.mask = Mask::Unready;
            let key = held.key;
            self.changed(cluster, key, 1);
        }
        let wait = self.clusters[cluster].luck.until_next(FLAP);
        self.after(wait, Event::Flapped(cluster));
    }

    /// One of the objects that a cloud has and that nothing is wrong with.
    fn sound(&mut self, cluster: usize) -> Option<usize> {
        let of = &mut self.clusters[cluster];
        let objects = of.objects.iter().enumerate();
        let sound =
            objects.filter(|(_, held)| held.state == State::Made && held.mask == Mask::None);
        let sound: Vec<_> = sound.map(|(place, _)| place).collect();
        (!sound.is_empty()).then(|| sound[of.luck.index(sound.len())])
    }
}

impl Cluster {
    /// What it went through.
    pub(super) fn end(&self) -> (Cloud, Life) {
        let mut life = self.life.clone();
        life.needed_ever = self.breaker.needed;
        (self.cloud, life)
    }
}
