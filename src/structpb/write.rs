//! Writing: a serde serializer whose output is the protobuf encoding.

use std::{cell::Cell, fmt::Display};

use bytes::Bytes;
use prost::encoding::{decode_key, decode_varint};
use serde::ser::{self, Impossible, Serialize};

use super::{
    MAX_INTEGER, Struct,
    read::{ENCODED, RECORD},
};

mod containers;
mod message;

use containers::{ListWriter, StructWriter};
use message::{Open, open, write_bytes};
pub(super) use message::{entry, string_entry};

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

/// Encodes a serializable object. `None` fields are left out, never written as null.
///
/// # Errors
/// [`EncodeError`] when the value is not an object or holds a number that JSON or a double cannot
/// carry.
pub fn to_struct<T: Serialize + ?Sized>(value: &T) -> Result<Struct, EncodeError> {
    let body = collect(|buf| match value.serialize(Writer::new(buf))? {
        Written::Nested(Open(at)) if buf.first() == Some(&STRUCT) => Ok(at + 1),
        _ => Ok(buf.len() - struct_body(buf)?.len()),
    });
    Ok(Struct { body: body? })
}

/// Has something written into a buffer that is kept for the next time, and copies it out at its exact
/// size: one allocation. `write` says where what is wanted begins.
pub(super) fn collect<E>(write: impl FnOnce(&mut Vec<u8>) -> Result<usize, E>) -> Result<Bytes, E> {
    thread_local! {
        static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }
    // Where one object is written in the middle of another, the inner one finds this empty.
    let mut buf = SCRATCH.take();
    buf.clear();
    let body = write(&mut buf).map(|start| Bytes::copy_from_slice(&buf[start..]));
    if buf.capacity() <= MOST_SCRATCH {
        SCRATCH.set(buf);
    }
    body
}

/// The most memory that a thread keeps for the next object, in bytes: several times the largest one.
const MOST_SCRATCH: usize = 64 * 1024;

/// The body of the Struct in a Value message, whose one field it must be.
fn struct_body(value: &[u8]) -> Result<&[u8], EncodeError> {
    let mut rest = value;
    match decode_key(&mut rest) {
        Ok((STRUCT_VALUE, _)) => {}
        _ => return Err(EncodeError::NotAnObject),
    }
    decode_varint(&mut rest).map_err(|_| EncodeError::NotAnObject)?;
    Ok(rest)
}

const STRUCT_VALUE: u32 = 5;

// Keys (field number << 3 | wire type) of google.protobuf.{Value, Struct, ListValue}.
const NULL: u8 = 1 << 3;
const NUMBER: u8 = 2 << 3 | 1;
const STRING: u8 = 3 << 3 | 2;
const BOOL: u8 = 4 << 3;
const STRUCT: u8 = 5 << 3 | 2;
const LIST: u8 = 6 << 3 | 2;
const ENTRY_VALUE: u8 = 2 << 3 | 2;

/// What became of a value.
enum Written {
    /// It is `None`, and its entry is taken back.
    Nothing,
    /// All of it is there.
    Whole,
    /// It is an object or a list whose length is still to be filled in.
    Nested(Open),
}

/// Writes the body of one `google.protobuf.Value`.
struct Writer<'a> {
    buf: &'a mut Vec<u8>,
    /// Whether what comes is the body of a Struct, as bytes.
    encoded: bool,
}

impl<'a> Writer<'a> {
    fn new(buf: &'a mut Vec<u8>) -> Self {
        Self {
            buf,
            encoded: false,
        }
    }
}

impl Writer<'_> {
    fn number(self, n: f64) -> Result<Written, EncodeError> {
        if !n.is_finite() {
            return Err(EncodeError::NotFinite(n));
        }
        self.buf.push(NUMBER);
        self.buf.extend_from_slice(&n.to_le_bytes());
        Ok(Written::Whole)
    }

    fn integer(self, n: i128) -> Result<Written, EncodeError> {
        if n.abs() > i128::from(MAX_INTEGER) {
            return Err(EncodeError::IntegerTooLarge(n));
        }
        #[expect(clippy::cast_precision_loss, reason = "within 2^53")]
        self.number(n as f64)
    }
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = Written;
    type Error = EncodeError;
    type SerializeSeq = ListWriter<'a>;
    type SerializeTuple = ListWriter<'a>;
    type SerializeTupleStruct = ListWriter<'a>;
    type SerializeTupleVariant = Impossible<Written, EncodeError>;
    type SerializeMap = StructWriter<'a>;
    type SerializeStruct = StructWriter<'a>;
    type SerializeStructVariant = Impossible<Written, EncodeError>;

    fn serialize_bool(self, v: bool) -> Result<Written, EncodeError> {
        self.buf.extend_from_slice(&[BOOL, u8::from(v)]);
        Ok(Written::Whole)
    }

    fn serialize_i8(self, v: i8) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_i16(self, v: i16) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_i32(self, v: i32) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_i64(self, v: i64) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_u8(self, v: u8) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_u16(self, v: u16) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_u32(self, v: u32) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_u64(self, v: u64) -> Result<Written, EncodeError> {
        self.integer(v.into())
    }

    fn serialize_f32(self, v: f32) -> Result<Written, EncodeError> {
        self.number(v.into())
    }

    fn serialize_f64(self, v: f64) -> Result<Written, EncodeError> {
        self.number(v)
    }

    fn serialize_char(self, v: char) -> Result<Written, EncodeError> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Result<Written, EncodeError> {
        write_bytes(self.buf, STRING, v.as_bytes());
        Ok(Written::Whole)
    }

    /// Of an encoded object only: bytes as such have no JSON form.
    fn serialize_bytes(self, v: &[u8]) -> Result<Written, EncodeError> {
        if !self.encoded {
            return Err(EncodeError::Unsupported("bytes have no JSON form".into()));
        }
        write_bytes(self.buf, STRUCT, v);
        Ok(Written::Whole)
    }

    fn is_human_readable(&self) -> bool {
        !self.encoded
    }

    fn serialize_none(self) -> Result<Written, EncodeError> {
        Ok(Written::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Written, EncodeError> {
        self.buf.extend_from_slice(&[NULL, 0]);
        Ok(Written::Whole)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Written, EncodeError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Written, EncodeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Written, EncodeError> {
        let encoded = name == ENCODED;
        value.serialize(Writer { encoded, ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Written, EncodeError> {
        let mut map = self.serialize_map(None)?;
        map.entry(variant, value)?;
        ser::SerializeMap::end(map)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<ListWriter<'a>, EncodeError> {
        let list = open(self.buf, LIST);
        Ok(ListWriter {
            buf: self.buf,
            list,
        })
    }

    fn serialize_tuple(self, len: usize) -> Result<ListWriter<'a>, EncodeError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<ListWriter<'a>, EncodeError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, EncodeError> {
        Err(EncodeError::Unsupported(format!(
            "tuple variant {variant} has no JSON form here"
        )))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<StructWriter<'a>, EncodeError> {
        let object = open(self.buf, STRUCT);
        Ok(StructWriter {
            buf: self.buf,
            object,
            pending: None,
        })
    }

    fn serialize_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<StructWriter<'a>, EncodeError> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, EncodeError> {
        Err(EncodeError::Unsupported(format!(
            "struct variant {variant} has no JSON form here"
        )))
    }
}
