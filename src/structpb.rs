//! `google.protobuf.Struct`, kept as the bytes it arrived in.
//!
//! A request carries about 170 KB of observed objects, of which a few hundred bytes are read. So a
//! [`Struct`] keeps its map entries encoded, [`Value`] decodes one value when it is asked for, and
//! [`to_struct`] writes typed objects straight to the wire without a tree in between.
//!
//! Invariants: an entry is the body of one `FieldsEntry` message; where a key occurs twice the last
//! one counts, as the protobuf specification has it for maps; bytes that were not touched are
//! passed on as they came. Malformed bytes read as absent, so callers that must tell absence from
//! damage call [`Struct::check`] first.

mod read;
mod write;

pub use read::{Fields, Items, MAX_DEPTH, Malformed, Value};
pub use write::{EncodeError, to_struct};

use bytes::{Buf, BufMut, Bytes};
use prost::{
    DecodeError, Message,
    encoding::{self, DecodeContext, WireType},
};

/// The largest integer magnitude that a protobuf number (a double) carries exactly: 2^53.
pub const MAX_INTEGER: i64 = 1 << 53;

const FIELDS: u32 = 1;

/// A Kubernetes object, or any other JSON object, in protobuf encoding.
#[derive(Clone, Default, PartialEq)]
pub struct Struct {
    entries: Vec<Bytes>,
}

impl Struct {
    /// The value of a top-level key.
    pub fn get(&self, key: &str) -> Option<Value<'_>> {
        read::last_of(self.entries.iter().map(Bytes::as_ref), key)
    }

    /// The value at a dotted path. A numeric segment indexes a list: `a.b.0.c`.
    pub fn at(&self, path: &str) -> Option<Value<'_>> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        self.get(first)?.at(rest)
    }

    /// The string at a dotted path; empty strings count as absent, as providers write them for
    /// values that they do not know yet.
    pub fn str_at(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_str().filter(|s| !s.is_empty())
    }

    /// The top-level keys and values in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.entries.iter().filter_map(|entry| read::entry(entry))
    }

    /// Whether there are no keys at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Reads every byte once.
    ///
    /// # Errors
    /// [`Malformed`] when something is not a well-formed, valid UTF-8 JSON value, says something twice
    /// that can be said once, or nests deeper than [`MAX_DEPTH`].
    pub fn check(&self) -> Result<(), Malformed> {
        self.entries
            .iter()
            .try_for_each(|entry| read::check_entry(entry, 0))
    }

    /// A struct from the encoded body of a `google.protobuf.Struct`.
    fn from_body(mut body: Bytes) -> Result<Self, DecodeError> {
        let mut this = Self::default();
        this.merge(&mut body)?;
        Ok(this)
    }
}

impl std::fmt::Debug for Struct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Message for Struct {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        for entry in &self.entries {
            encoding::encode_key(FIELDS, WireType::LengthDelimited, buf);
            encoding::encode_varint(entry.len() as u64, buf);
            buf.put_slice(entry);
        }
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        if tag != FIELDS {
            return encoding::skip_field(wire_type, tag, buf, ctx);
        }
        encoding::check_wire_type(WireType::LengthDelimited, wire_type)?;
        let len = encoding::decode_varint(buf)?;
        match usize::try_from(len) {
            Ok(len) if len <= buf.remaining() => {
                self.entries.push(buf.copy_to_bytes(len));
                Ok(())
            }
            // prost keeps the constructors of DecodeError to itself; decoding the length again
            // from nothing gives its own "buffer underflow".
            _ => encoding::decode_varint(&mut Bytes::new()).map(drop),
        }
    }

    fn encoded_len(&self) -> usize {
        self.entries
            .iter()
            .map(|entry| {
                encoding::key_len(FIELDS)
                    + encoding::encoded_len_varint(entry.len() as u64)
                    + entry.len()
            })
            .sum()
    }

    fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests;
