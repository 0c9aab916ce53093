//! Registration in Argo CD: one cluster Secret, without any credential in it.
//!
//! The Secret names the endpoint, its certificate authority and the way in which Argo CD proves who
//! it is; the proof itself is Argo CD's own cloud identity.

mod decide;
mod existing;
mod metadata;
mod namespace;
mod register;
mod secret;

pub use decide::{Registration, registration};
pub use existing::{registered_as, traffic_label};
pub use namespace::unchanged;
pub use register::{key, register};
