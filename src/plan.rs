//! What a cluster is composed of, and what of it is sent.

pub mod build;
pub mod composed;
pub mod context;
pub mod gate;
pub mod key;
mod masked;
pub mod object;
pub mod observed;
pub mod ready;
pub mod reasons;
pub mod references;
mod remedies;
mod remedy;
pub mod required;
pub mod tags;
pub mod traffic;
pub mod waiting;
mod words;
