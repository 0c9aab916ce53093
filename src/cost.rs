//! What a cluster costs: list prices out of a price book times what its spec asks for.
//!
//! Nothing is measured and nothing is fetched: the book is data, and equal specs give equal bills.
//! A price that the book does not have is named, never counted as zero and never taken from another
//! region. What a cloud bills for is in its own folder.

mod areas;
pub mod bill;
mod billing;
mod budget;
mod estimate;
mod report;

pub use areas::Area;
pub use billing::{Billing, Clouds};
pub use budget::Verdict;
pub use estimate::Estimate;
pub use report::{Report, Status};
