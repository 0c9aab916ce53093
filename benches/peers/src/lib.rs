//! What peers and drivers share: messages that nobody looks into, and the requests that are measured.

mod raw;
pub mod world;

pub use raw::Raw;

/// The path of the one call that a function answers.
pub const RUN_FUNCTION: &str = "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction";

/// The label that peers patch into every object, from the XR's `spec.environment`.
pub const PATCHED: &str = "bench/environment";
