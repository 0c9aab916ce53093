//! What people write: the composite resource, the platform's Input and the price book, read from untrusted
//! objects into types, with every problem named.

pub mod asked;
pub mod check;
pub mod choice;
pub mod composite;
pub mod defaults;
pub mod draft;
pub mod input;
pub mod minors;
pub mod names;
pub mod prices;
pub mod provider;
pub mod reader;
pub(crate) mod rules;
pub mod spec;
pub mod violation;
