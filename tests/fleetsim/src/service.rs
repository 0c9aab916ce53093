//! How much CPU time a call takes.

use std::time::Duration;

use crate::shape::{Cloud, Shape};

/// Microseconds of a cloud's calls, as `make bench` measured them for `docs/performance.md`: without TLS, of
/// one caller.
struct Cost {
    /// The first call, with nothing observed.
    first: f64,
    /// A settled call without pools.
    settled: f64,
    /// What each pool adds to that.
    pool: f64,
}

fn cost(cloud: Cloud) -> Cost {
    match cloud {
        Cloud::Aws => Cost {
            first: 296.0,
            settled: 457.0,
            pool: 31.4,
        },
        Cloud::Gcp => Cost {
            first: 211.0,
            settled: 288.0,
            pool: 14.8,
        },
    }
}

/// The CPU time of a call with a share of the objects observed, from 0 to 1. What is measured are the ends; in
/// between it is a straight line, as by the number of pools.
pub(crate) fn time(shape: &Shape, observed: f64) -> Duration {
    let Cost {
        first,
        settled,
        pool,
    } = cost(shape.cloud);
    // No cluster has more pools than a f64 holds exactly.
    let pools = u32::try_from(shape.pools).map_or(0.0, f64::from);
    let settled = settled + pool * pools;
    Duration::from_secs_f64((first + (settled - first) * observed) / 1e6)
}
