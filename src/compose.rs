//! The function itself, pure: request in, response out.
//!
//! `request → Composite and Input → Spec → Plan → gate against what exists → response`

mod answer;
mod conditions;
mod overrides;
mod phase;
mod read;
mod request;
mod unknown_region;
mod unoffered;
mod response;
mod status;
mod versions;
mod write;

pub use answer::{compose, compose_on, resource};
pub use phase::Phase;
pub use read::read_spec;
pub(crate) use response::unchanged;
