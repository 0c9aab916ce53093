//! Measured figures: as tables, as parts of charts, and in their place in a page.

mod chart;
mod page;
mod table;

pub use chart::{COLORS, Canvas};
pub use page::Place;
pub use table::Table;
