//! What cannot be encoded.

use std::fmt::Display;

use serde::ser;

/// Why a value cannot be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The value is not an object.
    #[error("only an object can be encoded as google.protobuf.Struct")]
    NotAnObject,

    /// An integer that a double does not carry exactly.
    #[error("{0} is beyond 2^53, which protobuf numbers do not carry exactly; use a string")]
    IntegerTooLarge(i128),

    /// NaN or an infinity, which JSON does not know.
    #[error("{0} is not a JSON number")]
    NotFinite(f64),

    /// A map key that is not a string.
    #[error("map keys must be strings")]
    KeyNotString,

    /// A type the serializer has no JSON form for.
    #[error("{0}")]
    Unsupported(String),
}

impl ser::Error for EncodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Unsupported(message.to_string())
    }
}
