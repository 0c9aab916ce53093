//! A zone of weighted records, as Route 53 answers them, on a socket of this machine.
//!
//! The program (`dnssim`) reads its records from a control plane; tests write them themselves.

mod serve;
mod zone;

pub use serve::{Zones, serve};
pub use zone::{Data, Record, Zone};
