//! Whether the service's callers are sent to this cluster.

use serde::Serialize;

use crate::api::{
    choice::TrafficState,
    defaults,
    draft::{Field, drafted},
    reader::{Object, Optional as _},
    rules,
};

/// The largest weight of a Route 53 record.
const MOST_WEIGHT: u32 = 255;

drafted! {
    /// What share of the service's traffic the cluster takes.
    #[derive(Clone, Debug, Serialize)]
    pub struct Steering, SteeringDraft {
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
}

/// The share that an author asks for.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Whether the cluster serves at all.
    pub state: TrafficState,
    /// Its weight.
    pub weight: u32,
    /// Whether the last cluster that serves may be taken, too.
    pub force: bool,
}

impl Steering {
    /// The share.
    pub fn share(&self) -> Share {
        Share {
            state: self.state,
            weight: self.weight,
            force: self.force,
        }
    }
}

impl SteeringDraft {
    /// The share.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when a part of it is.
    pub fn share(&self) -> Field<Share> {
        Ok(Share {
            state: self.state?,
            weight: self.weight?,
            force: self.force?,
        })
    }
}

impl Share {
    /// The same of a cluster that the platform takes the service from.
    pub fn taken_away(self) -> Self {
        Self {
            state: match self.state {
                TrafficState::Active => TrafficState::Drained,
                state => state,
            },
            force: false,
            ..self
        }
    }

    /// Whether the cluster gets traffic. Weight 0 means the same as drained.
    pub fn serves(self) -> bool {
        self.state == TrafficState::Active && self.weight > 0
    }

    /// Whether the service has to do without this cluster, if any other serves.
    pub fn leaves_it_to_others(self) -> bool {
        !self.serves() && !self.force
    }

    /// The weight that DNS gets.
    pub fn effective_weight(self) -> u32 {
        match self.state {
            TrafficState::Active => self.weight,
            TrafficState::Drained | TrafficState::Evacuated => 0,
        }
    }
}

/// Reads `spec.traffic`.
pub(super) fn traffic(mut object: Object<'_, '_>) -> SteeringDraft {
    let draft = SteeringDraft {
        state: object.choice("state").default_to(defaults::TRAFFIC_STATE),
        weight: object
            .integer("weight", &(0..=MOST_WEIGHT))
            .default_to(defaults::TRAFFIC_WEIGHT),
        address: object.string_that("address", &rules::ADDRESS),
        force: object.boolean("force", defaults::TRAFFIC_FORCE),
    };
    object.finish();
    draft
}
