//! Both clouds and their Crossplane providers, simulated.
//!
//! [`Simulator`] is a state machine without a clock and without I/O. It is given the managed
//! resources as they stand in an API server and does to them what upjet's providers would: it
//! resolves references, asks a cloud to create, update and delete, and reports what the cloud says.
//! The clouds insist on their own order, so a cluster that is composed or deleted in a wrong one
//! never gets there. The function's own tests run it in memory; the program `cloudsim` runs it
//! against a cluster.
//!
//! What it does not know: prices, quotas, permissions, and any field that the function does not use.

pub mod apply;
mod aws;
mod cloud;
pub mod crowd;
mod deletion;
mod fault;
mod gcp;
mod id;
mod provider;
mod references;
mod regions;
mod simulator;
mod update;

pub use fault::{Fault, Faults};
pub use provider::{FINALIZER, may};
pub use simulator::{Event, Pace, Simulator, Thing};
