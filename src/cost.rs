//! What a cluster costs: list prices out of a price book times what its spec asks for.
//!
//! Nothing is measured and nothing is fetched: the book is data, and equal specs give equal bills.
//! A price that the book does not have is named, never counted as zero and never taken from another
//! region.

pub mod book;
pub mod money;
