//! `xcluster failover`: moves a service's traffic from one cluster to another, and measures what its callers notice.
//!
//! `gates → drain → observe → hold → evacuate → failback`, while callers of three kinds ask at a fixed rate.
//!
//! What decides is pure: [`step`] says what comes next, [`gates`] whether it may, [`tally`] what the callers saw. What is
//! outside stands behind traits: [`cluster::ClusterApi`], [`dns::Dns`], [`service::Service`]. Time is tokio's, so a test
//! can let an hour pass at once. Start reading at [`engine`].

pub mod engine;
pub mod step;

// What may go on.
pub mod capacity;
pub mod gates;
pub mod plan;

// What is outside.
pub mod cluster;
pub mod dns;
pub mod kubectl;
pub mod service;

// The callers, and what they saw.
pub mod callers;
pub mod load;
pub mod sample;
pub mod tally;

// What is told.
pub mod events;
pub mod report;

// The command.
pub mod cli;
pub mod length;
