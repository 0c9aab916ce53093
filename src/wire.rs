//! What Crossplane and the function send each other: messages of gRPC, and the objects in them.

pub mod proto;
pub mod structpb;
