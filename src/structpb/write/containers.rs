//! Lists and objects: what serde hands over piece by piece.

use serde::ser::{self, Serialize};

use super::{ENTRY_VALUE, EncodeError, Open, RECORD, Writer, Written, close, open, write_bytes};

/// Writes the items of a `google.protobuf.ListValue`.
pub(super) struct ListWriter<'a> {
    pub(super) buf: &'a mut Vec<u8>,
    pub(super) list: Open,
}

impl ListWriter<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let item = open(self.buf, RECORD);
        if !value.serialize(Writer { buf: self.buf })? {
            // A list keeps its length, so an absent item becomes null.
            ser::Serializer::serialize_unit(Writer { buf: self.buf })?;
        }
        close(self.buf, item);
        Ok(())
    }
}

impl ser::SerializeSeq for ListWriter<'_> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        close(self.buf, self.list);
        Ok(true)
    }
}

impl ser::SerializeTuple for ListWriter<'_> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for ListWriter<'_> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        ser::SerializeSeq::end(self)
    }
}

/// Writes the entries of a `google.protobuf.Struct`.
pub(super) struct StructWriter<'a> {
    pub(super) buf: &'a mut Vec<u8>,
    pub(super) object: Open,
    pub(super) key: String,
}

impl StructWriter<'_> {
    pub(super) fn entry<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), EncodeError> {
        let before = self.buf.len();
        let entry = open(self.buf, RECORD);
        write_bytes(self.buf, RECORD, key.as_bytes());
        let body = open(self.buf, ENTRY_VALUE);
        if value.serialize(Writer { buf: self.buf })? {
            close(self.buf, body);
            close(self.buf, entry);
        } else {
            self.buf.truncate(before);
        }
        Ok(())
    }
}

impl ser::SerializeMap for StructWriter<'_> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        match serde_json::to_value(key) {
            Ok(serde_json::Value::String(key)) => {
                self.key = key;
                Ok(())
            }
            _ => Err(EncodeError::KeyNotString),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let key = std::mem::take(&mut self.key);
        self.entry(&key, value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        close(self.buf, self.object);
        Ok(true)
    }
}

impl ser::SerializeStruct for StructWriter<'_> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        self.entry(key, value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        ser::SerializeMap::end(self)
    }
}
