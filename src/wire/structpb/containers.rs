//! Lists and objects: what serde hands over piece by piece.

use std::marker::PhantomData;

use serde::ser::{self, Serialize};

use super::{
    error::EncodeError,
    message::{ENTRY_VALUE, Open, STRING, Written, close, open},
    split::RECORD,
};

/// What writes the values inside.
pub(super) trait ValueWriter {
    /// The same, for another buffer.
    type On<'a>: ser::Serializer<Ok = Written, Error = EncodeError>;

    /// A writer of one value at the end of a buffer.
    fn on(buf: &mut Vec<u8>) -> Self::On<'_>;
}

/// Writes the items of a `google.protobuf.ListValue`.
pub(super) struct ListWriter<'a, W> {
    buf: &'a mut Vec<u8>,
    list: Open,
    values: PhantomData<fn() -> W>,
}

impl<'a, W: ValueWriter> ListWriter<'a, W> {
    /// The items of the list that was opened at the end of a buffer.
    pub(super) fn new(buf: &'a mut Vec<u8>, list: Open) -> Self {
        Self {
            buf,
            list,
            values: PhantomData,
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let item = open(self.buf, RECORD);
        match value.serialize(W::on(self.buf))? {
            Written::Nested(inner) => close(self.buf, [item, inner]),
            Written::Whole => close(self.buf, [item]),
            Written::Nothing => {
                // A list keeps its length, so an absent item becomes null.
                ser::Serializer::serialize_unit(W::on(self.buf))?;
                close(self.buf, [item]);
            }
        }
        Ok(())
    }
}

impl<W: ValueWriter> ser::SerializeSeq for ListWriter<'_, W> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        Ok(Written::Nested(self.list))
    }
}

impl<W: ValueWriter> ser::SerializeTuple for ListWriter<'_, W> {
    type Ok = Written;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<Written, EncodeError> {
        ser::SerializeSeq::end(self)
    }
}

impl<W: ValueWriter> ser::SerializeTupleStruct for ListWriter<'_, W> {
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
pub(super) struct StructWriter<'a, W> {
    buf: &'a mut Vec<u8>,
    object: Open,
    /// The entry whose key is written and whose value is not.
    pending: Option<Entry>,
    values: PhantomData<fn() -> W>,
}

/// An entry that was begun, and where.
struct Entry {
    start: usize,
    entry: Open,
}

impl<'a, W: ValueWriter> StructWriter<'a, W> {
    /// The entries of the object that was opened at the end of a buffer.
    pub(super) fn new(buf: &'a mut Vec<u8>, object: Open) -> Self {
        Self {
            buf,
            object,
            pending: None,
            values: PhantomData,
        }
    }

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
        key.serialize(W::on(self.buf))?;
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
        match value.serialize(W::on(self.buf))? {
            Written::Nested(inner) => close(self.buf, [entry, body, inner]),
            Written::Whole => close(self.buf, [entry, body]),
            Written::Nothing => self.buf.truncate(start),
        }
        Ok(())
    }
}

impl<W: ValueWriter> ser::SerializeMap for StructWriter<'_, W> {
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

impl<W: ValueWriter> ser::SerializeStruct for StructWriter<'_, W> {
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
