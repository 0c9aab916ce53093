//! `google.protobuf.Struct`, kept as the bytes it arrived in.
//!
//! A request carries hundreds of KB of observed objects, of which a few hundred bytes are read. So a
//! [`Struct`] keeps its encoding, [`Value`] decodes one value when it is asked for, and [`to_struct`]
//! writes typed objects straight to the wire without a tree in between.
//!
//! Invariants: where a key occurs twice the last one counts, as the protobuf specification has it
//! for maps; bytes that were not touched are passed on as they came, also within another object.
//! Malformed bytes read as absent, so callers that must tell absence from damage call
//! [`Struct::check`] first.

mod check;
mod containers;
mod edit;
mod error;
mod message;
mod object;
mod serialize;
mod split;
mod value;
mod write;
mod writer;

pub use check::{MAX_DEPTH, Malformed};
pub use error::EncodeError;
pub use object::Struct;
pub use value::{Fields, Items, MAX_INTEGER, Value};
pub use write::to_struct;

#[cfg(test)]
mod tests;
