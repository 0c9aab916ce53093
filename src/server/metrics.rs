//! What the server counts: the series of Go's grpc-prometheus under the same names and labels, so
//! that dashboards and alerts for other functions fit, and a few of its own.
//!
//! prometheus-client appends `_total` to the names of counters.

mod call;
mod outcome;
mod series;
mod version;

pub(crate) use call::Call;
pub(crate) use outcome::Outcome;
pub use series::Metrics;

#[cfg(test)]
mod tests;
