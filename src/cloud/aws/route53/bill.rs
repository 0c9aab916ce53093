//! What Route 53 bills for.

use crate::{
    api::{input::Service, prices::Unit},
    cost::bill::{Bill, Span},
};

/// Adds what Route 53 takes for asking the cluster. Records themselves have no price, and the questions
/// of clients are the zone's.
pub(in crate::cloud::aws) fn bill(service: &Service, bill: &mut Bill<'_, '_>) {
    // HTTPS is an option with a price of its own, and so is the short interval.
    let options = 1 + u64::from(service.health_check.fast);
    let unit = Unit::CheckMonth;
    bill.charge("health check", "health-check", unit, Span::always(1));
    let (item, sku) = ("health check options", "health-check-option");
    bill.charge(item, sku, unit, Span::always(options));
}
