//! Reads untrusted objects field by field and collects every violation on the way.
//!
//! A derived deserializer stops at its first error; a person who fixes a manifest wants them all.
//! A field that fails yields its default, so that reading goes on; the caller drops the result when
//! there were violations.

mod needed;
mod object;
mod several;
mod words;

pub use needed::Needed;
pub use object::Object;
pub use words::{Rule, show};

#[cfg(test)]
mod tests;
