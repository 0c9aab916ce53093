//! The built library and binaries, tested from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_push_string,
    clippy::similar_names,
    missing_docs,
    reason = "a test that cannot go on fails, and panicking is how"
)]

mod api;
mod argocd;
mod breaker;
mod conformance;
mod cost;
mod dependencies;
mod docs;
mod failures;
mod fixture;
mod fuzz;
mod golden;
mod install;
mod layout;
mod lifecycle;
mod never_drop;
mod platform;
mod properties;
mod readme;
mod render_cli;
mod scopes;
mod server;
mod spec;
mod stable;
mod support;
mod tenancy;
mod third_cloud;
mod validation;
mod wire;
mod zones;
