//! An encoded object.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use prost::{
    DecodeError, Message,
    encoding::{self, DecodeContext, WireType},
};

use super::{
    check::{self, Malformed, is_framed},
    value::{Fields, Value},
};

const FIELDS: u32 = 1;

/// A Kubernetes object, or any other JSON object, in protobuf encoding.
#[derive(Clone, Default, PartialEq)]
pub struct Struct {
    body: Bytes,
}

impl Struct {
    /// The object of an encoded body.
    pub(super) fn of(body: Bytes) -> Self {
        Self { body }
    }

    /// Its encoding.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The value of a top-level key.
    pub fn get(&self, key: &str) -> Option<Value<'_>> {
        self.fields().get(key)
    }

    /// The value at a dotted path. A numeric segment indexes a list: `a.b.0.c`.
    pub fn at(&self, path: &str) -> Option<Value<'_>> {
        Value::Struct(self.fields()).at(path)
    }

    /// The string at a dotted path; empty strings count as absent, as providers write them for
    /// values that they do not know yet.
    pub fn str_at(&self, path: &str) -> Option<&str> {
        Value::Struct(self.fields()).str_at(path)
    }

    /// The top-level keys and values in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.fields().iter()
    }

    /// Whether there are no keys at all.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Reads every byte once.
    ///
    /// # Errors
    /// [`Malformed`] when something is not a well-formed, valid UTF-8 JSON value, says something twice
    /// that can be said once, or nests deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    pub fn check(&self) -> Result<(), Malformed> {
        check::check(&self.body)
    }

    /// [`Self::check`] without what is never read: fields of top-level fields.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn check_without(&self, unread: &[[&str; 2]]) -> Result<(), Malformed> {
        check::check_without(&self.body, unread)
    }

    /// The top-level fields.
    pub fn fields(&self) -> Fields<'_> {
        Fields::of(&self.body)
    }

    /// Decodes a Struct that is a field of another message, as [`encoding::message::merge`] does, but
    /// takes its body as the slice of the request that it is. Entries are counted out, not looked into.
    pub(crate) fn merge_delimited(&mut self, buf: &mut impl Buf) -> Result<(), DecodeError> {
        let body = delimited(buf)?;
        if !is_framed(&body) {
            return refused();
        }
        if self.body.is_empty() {
            self.body = body;
        } else {
            // The encodings of two halves of a message, one after the other, are the whole.
            self.append(|whole| whole.extend_from_slice(&body));
        }
        Ok(())
    }

    fn append(&mut self, write: impl FnOnce(&mut BytesMut)) {
        let mut whole = BytesMut::from(std::mem::take(&mut self.body));
        write(&mut whole);
        self.body = whole.freeze();
    }
}

/// The bytes of a field that says how long it is.
fn delimited(buf: &mut impl Buf) -> Result<Bytes, DecodeError> {
    match usize::try_from(encoding::decode_varint(buf)?) {
        Ok(len) if len <= buf.remaining() => Ok(buf.copy_to_bytes(len)),
        _ => refused(),
    }
}

/// prost keeps the constructors of [`DecodeError`] to itself; decoding a length out of nothing gives
/// its own "invalid varint".
fn refused<T: Default>() -> Result<T, DecodeError> {
    encoding::decode_varint(&mut Bytes::new()).map(|_| T::default())
}

impl std::fmt::Debug for Struct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Message for Struct {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        buf.put_slice(&self.body);
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
        let entry = delimited(buf)?;
        self.append(|whole| encoding::bytes::encode(FIELDS, &entry, whole));
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        self.body.len()
    }

    fn clear(&mut self) {
        self.body.clear();
    }
}
