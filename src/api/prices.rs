//! List prices by cloud, region and sku.

mod book;
mod embedded;
mod money;
mod parse;
mod row;
pub(crate) mod rules;

pub use book::{Book, Price, Prices};
pub use embedded::Books;
pub use money::{Quantity, Rate, Usd};
pub use parse::BookError;
pub use row::{Row, Unit};

#[cfg(test)]
mod tests;
