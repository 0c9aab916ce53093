//! How long the clouds take.

use std::time::Duration;

use crate::{random::Random, shape::Cloud};

/// Seconds from the least over the likeliest to the most.
type Spread = (f64, f64, f64);

/// From the request to create something until it is ready.
///
/// Assumptions, all of them: no cloud promises a time. Where a kind takes minutes the likeliest is about what
/// the simulated clouds take at their real pace ([`cloudsim::Pace::Real`]), and the rest is seconds.
fn creation(cloud: Cloud, kind: &str) -> Spread {
    match (cloud, kind) {
        (Cloud::Aws, "Cluster") => (480.0, 600.0, 720.0),
        (Cloud::Aws, "NodeGroup") => (120.0, 180.0, 240.0),
        (Cloud::Aws, "NATGateway") => (60.0, 120.0, 180.0),
        (Cloud::Aws, "Addon") => (20.0, 60.0, 120.0),
        (Cloud::Gcp, "Cluster") => (300.0, 390.0, 480.0),
        (Cloud::Gcp, "NodePool") => (60.0, 120.0, 240.0),
        (Cloud::Gcp, "ProjectService") => (10.0, 30.0, 90.0),
        (Cloud::Gcp, "Network" | "Subnetwork" | "Router" | "RouterNAT") => (8.0, 20.0, 45.0),
        _ => (2.0, 5.0, 15.0),
    }
}

/// A draw of it.
pub(crate) fn create(random: &mut Random, cloud: Cloud, kind: &str) -> Duration {
    let (least, likely, most) = creation(cloud, kind);
    Duration::from_secs_f64(random.triangle(least, likely, most))
}

/// From a change in the API server until its controller has seen it.
pub(crate) fn notice(random: &mut Random) -> Duration {
    random.between(Duration::from_millis(50), Duration::from_millis(500))
}

/// Between two writes of one controller to one object.
pub(crate) const WRITE: Duration = Duration::from_millis(100);

/// How often a provider looks at an object that nobody changes: upjet's `--poll`, 10 minutes unless set.
pub(crate) const POLL: Duration = Duration::from_mins(10);
