//! One XCluster in, a production EKS or GKE cluster out.
pub mod proto;
pub mod compose;
/// Protobuf structs.
pub mod structpb;
