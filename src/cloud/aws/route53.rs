//! The records of a service whose zone is in Route 53, and what asks its clusters.

mod api;
mod bill;
mod health_check;
mod records;
mod unchanged;
mod zone;

pub(super) use bill::bill;
pub(super) use records::records;
pub(super) use unchanged::unchanged;
