//! The server: the function in both API versions, reflection and health over gRPC; metrics and
//! probes over HTTP.

mod admission;
pub mod args;
mod config;
pub mod function;
mod http;
mod incoming;
pub mod limits;
pub mod listen;
pub mod metrics;
mod observe;
mod run;
mod services;
pub mod telemetry;
pub mod tls;

pub use config::{Config, Limits, Security, Timeouts};
pub use run::{Error, Server, run};
