//! The clouds and their Crossplane providers, simulated.
//!
//! [`Simulator`] is a state machine without a clock and without I/O. It is given the managed
//! resources as they stand in an API server and does to them what upjet's providers would: it
//! resolves references, asks a cloud to create, update and delete, and reports what the cloud says.
//! The clouds insist on their own order, so a cluster that is composed or deleted in a wrong one
//! never gets there. What a cloud insists on is in tables, [`rules::Rules`].
//!
//! [`World`](world::World) puts a function before it, and Crossplane between the two. Tests, benchmarks and
//! `xcluster plan` run it in memory; the program `cloudsim` runs the clouds alone, against a cluster.
//!
//! What it does not know: prices, quotas, permissions, and any field that the function does not use.

pub mod apply;
mod aws;
pub mod clouds;
pub mod crowd;
mod deletion;
mod fault;
mod gcp;
mod id;
pub mod object;
mod pace;
mod provider;
mod providers;
mod references;
mod regions;
pub mod rules;
mod simulator;
mod update;
#[cfg(feature = "function")]
pub mod world;

pub use fault::{Fault, Faults};
pub use object::may;
pub use pace::{Pace, Ticks};
pub use provider::FINALIZER;
pub use providers::Providers;
pub use simulator::{Changes, Event, Simulator, Thing};
