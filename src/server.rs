//! The server: the function in both API versions, reflection and health over gRPC; metrics and
//! probes over HTTP.

mod admission;
pub mod args;
mod call_line;
mod config;
mod count;
pub mod function;
mod http;
mod incoming;
pub mod listen;
pub mod metrics;
pub mod program;
pub mod response_size;
mod run;
mod services;
pub mod telemetry;
pub mod tls;

pub use config::{Config, Limits, Security, Timeouts};
pub use run::{Error, Server, run};
