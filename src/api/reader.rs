//! Reads untrusted objects field by field and collects every violation on the way.
//!
//! A derived deserializer stops at its first error; a person who fixes a manifest wants them all.
//! A field that fails is unsound, so that reading goes on: what is read is a [draft](super::draft).

mod needed;
mod object;
mod several;
mod words;

pub use needed::Needed;
pub use object::{Object, Optional};
pub use words::{Rule, show};

#[cfg(test)]
mod tests;
