//! Whether the service's callers are sent to the cluster: what is asked for, and what is in force.
//!
//! The state reaches Argo CD as the value of a label. It is never a selector: a Secret that stops
//! matching would take what runs on the cluster with it. The weight reaches DNS in a record of the
//! cluster's own. A cluster that is not to serve keeps that record, with weight 0.

mod api;
mod decide;
mod records;
mod serving;
pub mod siblings;

use serde::Serialize;

use crate::{
    cost::{
        bill::{Bill, Span},
        book::Unit,
    },
    input::Service,
    plan::{Cx, Plan},
    reader::Violations,
    xcluster::TrafficState,
};

/// The key of the address that GCP reserves for the load balancer.
pub const ADDRESS: &str = "traffic-address";
/// The key of the record of the cluster's own name.
pub const OWN: &str = "traffic-record-cluster";
/// The key of the health check of the cluster's own name.
pub const CHECK: &str = "traffic-health-check";
/// The key of the cluster's record of the service's host.
pub const SERVICE: &str = "traffic-record-service";

/// What is in force; also `status.traffic`.
#[derive(Clone, Debug, Serialize)]
pub struct Traffic {
    /// The state.
    pub state: TrafficState,
    /// The weight in DNS: 0 unless active.
    pub weight: u32,
    /// The host that callers use, where records are kept for it.
    pub host: Option<String>,
    /// Where the cluster's load balancer is.
    pub address: Option<String>,
    /// What a person should know about how this was decided.
    #[serde(skip)]
    note: Note,
}

/// How it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    /// As the spec says.
    AsAsked,
    /// The spec asks for less, and nobody has said yet who else serves.
    Held,
    /// The cluster does not serve, and neither does another.
    NobodyServes,
}

pub use decide::{Asked, decide};

/// Plans the records.
pub fn plan(cx: &Cx<'_>, plan: &mut Plan) {
    records::plan(cx, plan);
}

/// Adds what Route 53 takes for asking the cluster. Records themselves have no price, and what their
/// callers' questions cost is the zone's.
pub fn bill(service: &Service, bill: &mut Bill<'_, '_>) {
    // HTTPS is an option with a price of its own, and so is the short interval.
    let options = 1 + u64::from(service.health_check.fast);
    let unit = Unit::CheckMonth;
    bill.charge("health check", "health-check", unit, Span::always(1));
    let (item, sku) = ("health check options", "health-check-option");
    bill.charge(item, sku, unit, Span::always(options));
}

/// Checks that existing records stay what they are.
pub fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    records::unchanged(cx, violations);
}
