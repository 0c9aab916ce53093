//! `apiextensions.fn.proto.v1`: the messages, and the service that Crossplane v1.17 and later call.

include!(concat!(env!("OUT_DIR"), "/apiextensions.r#fn.proto.v1.rs"));

pub use super::resource::Resource;
