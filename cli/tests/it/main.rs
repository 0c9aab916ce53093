//! The built command, as people run it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::similar_names,
    reason = "a test that cannot go on fails, and panicking is how"
)]

mod analysis;
mod cost;
mod fuzz;
mod plan;
mod release;
mod render_cli;
mod support;
mod traffic;
