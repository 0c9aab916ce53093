//! What the tests of several crates need.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails, and panicking is how"
)]

pub mod crds;
pub mod crossplane;
pub mod examples;
pub mod files;
pub mod golden;
pub mod text;
