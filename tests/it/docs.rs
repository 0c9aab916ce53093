//! The documentation: its links lead somewhere, and it says what the code says.

mod links;
mod page;
mod words;
