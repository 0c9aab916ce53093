//! One cloud does not answer for a while.

use std::time::Duration;

use super::{Event, Fleet};
use crate::{
    backoff::PROVIDER_MOST,
    book::Id,
    cluster::State,
    latency::POLL,
    mask::Mask,
    random::{Random, Stream},
    shape::Cloud,
};

/// The cloud that fails: that with more objects a cluster.
const FAILS: Cloud = Cloud::Aws;
/// By how much clusters that live alike differ.
const SHIFT: Duration = Duration::from_mins(1);

impl Fleet<'_> {
    /// Until when a cloud does not answer, if it does not.
    pub(super) fn outage_of(&self, cloud: Cloud) -> Option<Duration> {
        let times = &self.settings.times;
        let from = times.ramp + times.rest + times.steady;
        let to = from + times.outage;
        let now = self.settings.faults.outage && cloud == FAILS && (from..to).contains(&self.now);
        now.then_some(to)
    }

    /// Each object's provider learns of it when it looks the next time, and of the end within its longest wait
    /// between two attempts.
    pub(super) fn outage_begins(&mut self) {
        let end = self.now + self.settings.times.outage;
        for cluster in 0..self.clusters.len() {
            let of = &self.clusters[cluster];
            if of.cloud != FAILS {
                continue;
            }
            let mut random = Random::new(self.settings.seed, Stream::Outage(of.life_number));
            let made = of.objects.iter().filter(|held| held.state == State::Made);
            let keys: Vec<_> = made.map(|held| held.key).collect();
            let shift = self.random.between(Duration::ZERO, SHIFT);
            for key in keys {
                let wait = random.between(Duration::ZERO, POLL.saturating_sub(SHIFT));
                if shift + wait >= self.settings.times.outage {
                    continue;
                }
                self.after(shift + wait, Event::Lost(cluster, key));
                let wait = random.between(Duration::ZERO, PROVIDER_MOST.saturating_sub(SHIFT / 2));
                self.at(end + shift / 2 + wait, Event::Found(cluster, key));
            }
        }
    }

    pub(super) fn lost(&mut self, cluster: usize, key: Id) {
        let of = &mut self.clusters[cluster];
        let Some(place) = of.find(key) else { return };
        of.objects[place].mask = Mask::Outage;
        self.changed(cluster, key, 1);
    }

    pub(super) fn found(&mut self, cluster: usize, key: Id) {
        self.unmask(cluster, key, Mask::Outage);
    }
}
