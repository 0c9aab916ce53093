//! `xcluster`, the command for people: the function's library without a cluster.

mod cluster;
mod cost;
mod manifest;
mod output;
mod plan;
mod render;
mod run;
mod scope;
mod summary;
mod table;

pub use manifest::{ManifestError, composite_of, input_of, load, observed_of};
pub use run::run;
pub use scope::ScopeArg;
