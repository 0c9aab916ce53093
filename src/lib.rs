//! One XCluster in, a production EKS or GKE cluster out, registered in Argo CD.
//!
//! `gRPC bytes → proto → Composite, Input, Spec → Plan → gate against what exists → response`
//!
//! Everything between decoding the request and encoding the response is pure: no clock, no I/O, no
//! randomness. Start reading at [`compose`].

pub mod compose;

// The input, as its author means it.
pub mod composite;
pub mod input;
pub mod reader;
pub mod violation;
pub mod xcluster;

// The plan, and what becomes of it.
pub mod fixed;
pub mod gate;
pub mod names;
pub mod object;
pub mod observed;
mod overrides;
pub mod plan;
pub mod pools;
pub mod protection;
pub mod references;
mod regions;
mod remedy;
mod tags;
pub mod version;
pub mod waiting;

// The clouds.
pub mod access;
pub mod aws;
pub mod gcp;
pub mod machines;
pub mod provider;

// The output.
pub mod argocd;
pub mod conditions;
pub mod cost;
pub mod response;
pub mod status;
pub mod traffic;

// The command.
pub mod cli;

// The wire.
pub mod proto;
pub mod structpb;

// The server: all that touches clock, files and network.
pub mod args;
pub mod function;
pub mod limits;
pub mod metrics;
pub mod server;
pub mod telemetry;
pub mod tls;
