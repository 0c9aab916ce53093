//! The built library and binaries, tested from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on fails, and panicking is how"
)]

mod conformance;
mod fixture;
mod golden;
mod lifecycle;
mod never_drop;
mod properties;
mod scopes;
mod stable;
mod support;
mod validation;
mod zones;
