//! One XCluster in, a production EKS or GKE cluster out, registered in Argo CD.
//!
//! A request passes through these rooms from the first to the last. Each imports only from those
//! before it, which a test holds:
//!
//! `wire → api → plan → cost → cloud → registration → traffic → compose → server`
//!
//! Everything up to [`compose`] is pure: no clock, no I/O, no randomness. Start reading there.

pub mod wire;

pub mod api;

pub mod plan;

pub mod cost;

pub mod cloud;

pub mod registration;

pub mod traffic;

pub mod compose;

pub mod server;
