//! Whether the service's traffic goes to the cluster: what is asked for, and what is in force.
//!
//! The state reaches Argo CD as the value of a label. It is never a selector: a Secret that stops
//! matching would take what runs on the cluster with it. The weight reaches DNS in a record of the
//! cluster's own. A cluster that does not serve keeps that record, with weight 0.

mod decide;
mod questions;
mod serving;
mod siblings;

pub use decide::{Basis, address, decide};
pub use questions::Answers;
pub use serving::condition;
pub use siblings::{Asker, Siblings};
