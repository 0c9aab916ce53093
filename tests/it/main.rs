//! The built library and binaries, tested from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on fails, and panicking is how"
)]

mod golden;
mod lifecycle;
mod never_drop;
mod scopes;
mod stable;
mod support;
