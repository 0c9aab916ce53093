//! The API as people see it (the XRDs, the CRD of the Input) against the code that reads it.
//!
//! `UPDATE_GOLDEN=1 cargo test --test it api` rewrites the XRDs that are generated.

mod bounds;
pub(crate) mod cel;
mod effect;
pub(crate) mod examples;
mod fields;
mod files;
mod reference;
pub(crate) mod schema;
mod settle;
mod status;
