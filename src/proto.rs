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

mod resource;

/// `apiextensions.fn.proto.v1`: the messages, and the service Crossplane v1.17 and later call.
pub mod v1 {
    include!(concat!(env!("OUT_DIR"), "/apiextensions.r#fn.proto.v1.rs"));
    pub use super::resource::Resource;
}

/// `apiextensions.fn.proto.v1beta1`: the service older Crossplane versions fall back to.
pub mod v1beta1 {
    include!(concat!(
        env!("OUT_DIR"),
        "/apiextensions.r#fn.proto.v1beta1.rs"
    ));
}

/// The encoded `FileDescriptorSet` of both packages, for server reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/run_function.bin"));
