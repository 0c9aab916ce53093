//! What `xcluster failover` does: its decisions in simulated worlds where an hour takes no time, its clients on sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod callers;
mod capacity;
mod cli;
mod gates;
mod kubectl;
mod length;
mod moves;
mod read;
mod report;
mod sockets;
mod step;
mod stops;
mod tally;
mod world;
