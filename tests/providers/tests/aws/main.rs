//! provider-aws' own code with what the function composes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a test that cannot go on fails, and panicking is how"
)]

mod deletion;
mod edits;
mod failures;
mod findings;
mod restart;
mod settle;
mod simulated;
mod support;
mod year;
