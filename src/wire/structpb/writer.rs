//! Writing: a serde serializer whose output is the protobuf encoding of one value.

use serde::ser::{self, Impossible, Serialize};

use super::{
    containers::{ListWriter, StructWriter, ValueWriter},
    error::EncodeError,
    message::{BOOL, LIST, NULL, NUMBER, STRING, STRUCT, Written, open, write_bytes},
    serialize::ENCODED,
    value::MAX_INTEGER,
};

/// Writes the body of one `google.protobuf.Value`.
pub(super) struct Writer<'a> {
    buf: &'a mut Vec<u8>,
    /// Whether what comes is the body of a Struct, as bytes.
    encoded: bool,
}

impl ValueWriter for Writer<'_> {
    type On<'a> = Writer<'a>;

    fn on(buf: &mut Vec<u8>) -> Writer<'_> {
        Writer {
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
    type SerializeSeq = ListWriter<'a, Self>;
    type SerializeTuple = ListWriter<'a, Self>;
    type SerializeTupleStruct = ListWriter<'a, Self>;
    type SerializeTupleVariant = Impossible<Written, EncodeError>;
    type SerializeMap = StructWriter<'a, Self>;
    type SerializeStruct = StructWriter<'a, Self>;
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

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, EncodeError> {
        let list = open(self.buf, LIST);
        Ok(ListWriter::new(self.buf, list))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeSeq, EncodeError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Self::SerializeSeq, EncodeError> {
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

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, EncodeError> {
        let object = open(self.buf, STRUCT);
        Ok(StructWriter::new(self.buf, object))
    }

    fn serialize_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Self::SerializeMap, EncodeError> {
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
