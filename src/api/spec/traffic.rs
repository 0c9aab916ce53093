//! Whether the service's callers are sent to this cluster.

use serde::Serialize;

use crate::api::{choice::TrafficState, defaults, reader::Object, rules};

/// The largest weight of a Route 53 record.
const MOST_WEIGHT: u32 = 255;

/// What share of the service's traffic the cluster takes.
#[derive(Clone, Debug, Serialize)]
pub struct Steering {
    /// Whether it serves at all.
    pub state: TrafficState,
    /// Its share, against the weights of the other clusters.
    pub weight: u32,
    /// Where its load balancer is, if the cloud does not reserve an address for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Take traffic away from the last cluster that serves.
    pub force: bool,
}

impl Steering {
    /// Whether callers are to be sent here. Weight 0 is no other than to be drained.
    pub fn serves(&self) -> bool {
        self.state == TrafficState::Active && self.weight > 0
    }

    /// Whether the service has to do without this cluster, if any other serves.
    pub fn leaves_it_to_others(&self) -> bool {
        !self.serves() && !self.force
    }

    /// The weight that DNS gets.
    pub fn effective_weight(&self) -> u32 {
        match self.state {
            TrafficState::Active => self.weight,
            TrafficState::Drained | TrafficState::Evacuated => 0,
        }
    }
}

/// Reads `spec.traffic`.
pub(super) fn traffic(mut object: Object<'_, '_>) -> Steering {
    let state = object.choice("state").unwrap_or(defaults::TRAFFIC_STATE);
    let weight = object.integer("weight", &(0..=MOST_WEIGHT));
    let address = object.string_that("address", &rules::ADDRESS);
    let force = object.boolean("force", defaults::TRAFFIC_FORCE);
    object.finish();
    Steering {
        state,
        weight: weight.unwrap_or(defaults::TRAFFIC_WEIGHT),
        address,
        force,
    }
}
