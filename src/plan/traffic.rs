//! What share of the service's traffic a cluster gets.

use serde::Serialize;

use crate::api::choice::TrafficState;

/// What is in force; also `status.traffic`.
#[derive(Clone, Debug, Serialize)]
pub struct Traffic {
    /// The state.
    pub state: TrafficState,
    /// The weight in DNS: 0 unless active.
    pub weight: u32,
    /// The service's host, where records are kept for it.
    pub host: Option<String>,
    /// Where the cluster's load balancer is.
    pub address: Option<String>,
    /// What you should know about how this was decided.
    #[serde(skip)]
    pub note: Note,
}

/// How it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// As the spec says.
    AsAsked,
    /// The spec asks for less, and Crossplane has not said yet who else serves.
    Held,
    /// The cluster does not serve, and neither does another.
    NoneServes,
}
