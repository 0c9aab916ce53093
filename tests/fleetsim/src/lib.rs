//! A fleet of clusters under a simulated Crossplane, which calls the function as it is.
//!
//! A discrete-event simulation: nothing sleeps, and equal settings give equal figures. What the function answers,
//! and so how often it is asked and how many events its answers cause, is not modeled: each call has the
//! request that core would send, through the same bytes. What providers make of an answer comes from
//! [`cloudsim`]. Modeled are the times that clouds take (`latency`), core's queue, its circuit breaker, its
//! requeues (`queue`, `breaker`, `backoff`) and the cores of the function's replicas (`replicas`,
//! `service`).
//!
//! After every call it is checked that nothing which exists left the desired state.

mod backoff;
mod book;
mod breaker;
mod call;
mod check;
mod cluster;
mod composite;
mod fleet;
mod latency;
mod mask;
mod queue;
mod random;
mod record;
mod replicas;
mod report;
mod service;
mod settings;
mod shape;

pub use breaker::Limits;
pub use fleet::simulate;
pub use record::{Lives, Phase, Record};
pub use report::{chart, tables};
pub use settings::{Core, Faults, Settings, Times};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An example is not one.
    #[error("cannot read an example: {0}")]
    Example(#[from] manifests::ManifestError),
    /// A page or a chart.
    #[error("cannot read or write: {0}")]
    Io(#[from] std::io::Error),
    /// An object is not JSON.
    #[error("cannot convert: {0}")]
    Json(#[from] serde_json::Error),
    /// An object does not fit a message.
    #[error("cannot encode: {0}")]
    Encode(#[from] xcluster::wire::structpb::EncodeError),
    /// The function's answer is not one.
    #[error("cannot decode: {0}")]
    Decode(#[from] prost::DecodeError),
    /// The function broke a promise.
    #[error("the function broke a promise: {0}")]
    Promise(String),
    /// A page does not say where its figures go.
    #[error("{0} has no lines {1:?} and {2:?} to write the figures between")]
    NoPlace(std::path::PathBuf, &'static str, &'static str),
}
