//! Chance that is the same in every run of a seed.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

/// A stream of random numbers. Each cluster has its own, so that what happens to one does not depend
/// on how many others there are.
#[derive(Clone, Debug)]
pub(crate) struct Random(Xoshiro256PlusPlus);

/// What a stream is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// What is one for all.
    Fleet,
    /// What clusters that live alike share.
    Life(u64),
    /// The same in an outage, so that it does not depend on what came before.
    Outage(u64),
    /// What is each cluster's own.
    Cluster(u64),
}

impl Random {
    /// A stream of a seed.
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        let stream = match stream {
            Stream::Fleet => 0,
            Stream::Life(life) => 1 + 3 * life,
            Stream::Outage(life) => 2 + 3 * life,
            Stream::Cluster(cluster) => 3 + 3 * cluster,
        };
        // The generator mixes its seed; the odd factor (2^64 over the golden ratio) keeps streams of
        // neighboring seeds apart.
        let mixed = seed
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(stream);
        Self(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// From 0 up to and without 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        self.0.random()
    }

    /// Whether something of a probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// Evenly from a range.
    pub(crate) fn between(&mut self, least: Duration, most: Duration) -> Duration {
        least + most.saturating_sub(least).mul_f64(self.fraction())
    }

    /// Evenly around a duration, by up to a share of it.
    pub(crate) fn jitter(&mut self, around: Duration, share: f64) -> Duration {
        around.mul_f64(1.0 + share * (2.0 * self.fraction() - 1.0))
    }

    /// From a triangle over the least, the likeliest and the most: its distribution function, turned around.
    pub(crate) fn triangle(&mut self, least: f64, likely: f64, most: f64) -> f64 {
        let (fraction, width) = (self.fraction(), most - least);
        let turn = (likely - least) / width;
        if fraction < turn {
            least + (fraction * width * (likely - least)).sqrt()
        } else {
            most - ((1.0 - fraction) * width * (most - likely)).sqrt()
        }
    }

    /// Until the next of events that come independently, this far apart on average.
    pub(crate) fn until_next(&mut self, average: Duration) -> Duration {
        average.mul_f64(-(1.0 - self.fraction()).ln())
    }

    /// One of several; `count` is at least 1.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_seed_gives_the_same_numbers_and_each_stream_its_own() {
        let numbers = |seed, stream| {
            let mut random = Random::new(seed, stream);
            [random.fraction(), random.fraction()].map(f64::to_bits)
        };
        let first = numbers(1, Stream::Life(1));
        assert_eq!(first, numbers(1, Stream::Life(1)));
        assert_ne!(first, numbers(1, Stream::Life(2)));
        assert_ne!(first, numbers(1, Stream::Outage(1)));
        assert_ne!(first, numbers(2, Stream::Life(1)));
    }

    #[test]
    fn jitter_stays_within_its_share_and_uses_all_of_it() {
        let mut random = Random::new(1, Stream::Fleet);
        let all: Vec<_> = (0..1000).map(|_| random.jitter(MINUTE, 0.1)).collect();
        let (least, most) = (all.iter().min().unwrap(), all.iter().max().unwrap());
        assert!((54.0..55.0).contains(&least.as_secs_f64()), "{least:?}");
        assert!((65.0..66.0).contains(&most.as_secs_f64()), "{most:?}");
    }

    #[test]
    fn a_triangle_has_its_corners_and_its_mean() {
        let mut random = Random::new(1, Stream::Fleet);
        let all: Vec<_> = (0..4000).map(|_| random.triangle(2.0, 5.0, 11.0)).collect();
        assert!(all.iter().all(|value| (2.0..=11.0).contains(value)));
        let mean = all.iter().sum::<f64>() / 4000.0;
        assert!((mean - 6.0).abs() < 0.1, "{mean}");
    }

    #[test]
    fn independent_events_come_as_often_as_asked_for() {
        let mut random = Random::new(1, Stream::Fleet);
        let sum: Duration = (0..4000).map(|_| random.until_next(MINUTE)).sum();
        let mean = sum.as_secs_f64() / 4000.0;
        assert!((mean - 60.0).abs() < 3.0, "{mean}");
    }
}
