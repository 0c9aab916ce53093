//! One XCluster in, a production EKS or GKE cluster out.
/// The command line of the server.
pub mod args;
pub mod compose;
/// The gRPC service around the function.
pub mod function;
/// The size limit of responses.
pub mod limits;
/// What the server counts.
pub mod metrics;
pub mod proto;
/// The gRPC and HTTP listeners.
pub mod server;
/// Protobuf structs.
pub mod structpb;
/// Logs.
pub mod telemetry;
/// Mutual TLS that follows its files.
pub mod tls;
