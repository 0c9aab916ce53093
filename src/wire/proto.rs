//! The generated protocol types and their descriptors.
//!
//! Both API versions share the v1 messages: they differ in the package name alone, which is on the
//! wire only in the path of the call.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    reason = "generated from proto/run_function.proto, where the documentation is"
)]

mod condition;
mod ready;
mod resource;
pub mod v1;
pub mod v1beta1;

pub use condition::condition;

/// The encoded `FileDescriptorSet` of both packages, for server reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/run_function.bin"));
