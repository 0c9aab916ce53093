//! Lists and objects: what serde hands over piece by piece.

use serde::ser::{self, Serialize};

use super::{
    ENTRY_VALUE, EncodeError, RECORD, STRING, Writer, Written,
    message::{Open, close, open},
};

/// Writes the items of a `google.protobuf.ListValue`.
pub(super) struct ListWriter<'a> {
    pub(super) buf: &'a mut Vec<u8>,
    pub(super) list: Open,
}

impl ListWriter<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let item = open(self.buf, RECORD);
        match value.serialize(Writer::new(self.buf))? {
            Written::Nested(inner) => close(self.buf, [item, inner]),
            Written::Whole => close(self.buf, [item]),
            Written::Nothing => {
                // A list keeps its length, so an absent item becomes null.
                ser::Serializer::serialize_unit(Writer::new(self.buf))?;
                close(self.buf, [item]);
            }
        }
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
        Ok(Written::Nested(self.list))
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
    /// The entry whose key is written and whose value is not.
    pub(super) pending: Option<Entry>,
}

/// An entry that was begun, and where.
pub(super) struct Entry {
    start: usize,
    entry: Open,
}

impl StructWriter<'_> {
    pub(super) fn entry<K: Serialize + ?Sized, T: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &T,
    ) -> Result<(), EncodeError> {
        let begun = self.begin(key)?;
        self.finish(begun, value)
    }

    /// [`Self::entry`] for the key that most objects have: a short one.
    fn field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        let Ok(len @ 0..0x80) = u8::try_from(key.len()) else {
            return self.entry(key, value);
        };
        let start = self.buf.len();
        self.buf.extend_from_slice(&[RECORD, 0, RECORD, len]);
        self.buf.extend_from_slice(key.as_bytes());
        let entry = Open(start + 1);
        self.finish(Entry { start, entry }, value)
    }

    /// A key is written as the string that it is, and then made the key of an entry: the two differ
    /// in the number of their field alone.
    fn begin<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<Entry, EncodeError> {
        let start = self.buf.len();
        let entry = open(self.buf, RECORD);
        let at = self.buf.len();
        key.serialize(Writer::new(self.buf))?;
        match self.buf.get_mut(at) {
            Some(kind) if *kind == STRING => *kind = RECORD,
            _ => return Err(EncodeError::KeyNotString),
        }
        Ok(Entry { start, entry })
    }

    fn finish<T: Serialize + ?Sized>(
        &mut self,
        Entry { start, entry }: Entry,
        value: &T,
    ) -> Result<(), EncodeError> {
        let body = open(self.buf, ENTRY_VALUE);
        match value.serialize(Writer::new(self.buf))? {
            Written::Nested(inner) => close(self.buf, [entry, body, inner]),
            Written::Whole => close(self.buf, [entry, body]),
            Written::Nothing => self.buf.truncate(start),
        }
        Ok(())
    }
}

impl ser::SerializeMap for StructWriter<'_> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        self.pending = Some(self.begin(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let pending = self.pending.take().ok_or(EncodeError::KeyNotString)?;
        self.finish(pending, value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        Ok(Written::Nested(self.object))
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
        self.field(key, value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        ser::SerializeMap::end(self)
    }
}
