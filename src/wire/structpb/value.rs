//! Reading: decodes one value at a time from encoded bytes.

use super::split::{Field, fields, has_key, next_field, next_record, records};

/// The largest integer magnitude that a protobuf number (a double) carries exactly: 2^53.
pub const MAX_INTEGER: i64 = 1 << 53;

/// One JSON value, borrowed from its encoding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// JSON `null`.
    Null,
    /// Any JSON number: protobuf knows doubles only.
    Number(f64),
    /// A JSON string.
    String(&'a str),
    /// A JSON boolean.
    Bool(bool),
    /// A JSON object.
    Struct(Fields<'a>),
    /// A JSON array.
    List(Items<'a>),
}

/// The fields of a nested object.
#[derive(Clone, Copy, PartialEq)]
pub struct Fields<'a>(&'a [u8]);

/// The items of a list.
#[derive(Clone, Copy, PartialEq)]
pub struct Items<'a>(&'a [u8]);

impl<'a> Value<'a> {
    /// The value at a dotted path below this one; the value itself for an empty path.
    pub fn at(self, path: &str) -> Option<Value<'a>> {
        let segments = path.as_bytes().split(|byte| *byte == b'.');
        let mut segments = segments.filter(|segment| !segment.is_empty());
        segments.try_fold(self, |value, segment| match value {
            Value::Struct(fields) => fields.value_of(segment),
            Value::List(items) => {
                let index = std::str::from_utf8(segment).ok()?;
                items.iter().nth(index.parse().ok()?)
            }
            _ => None,
        })
    }

    /// The string at a dotted path; empty strings count as absent, as providers write them for
    /// values that they do not know yet.
    pub fn str_at(self, path: &str) -> Option<&'a str> {
        self.at(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// The string, when it is one.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The boolean, when it is one.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The integer, when the number is one and a double carries it exactly.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "2^53 is exact")]
            #[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53")]
            Value::Number(n) if n.fract() == 0.0 && n.abs() <= MAX_INTEGER as f64 => Some(n as i64),
            _ => None,
        }
    }

    /// The integer, when [`Self::as_i64`] has one that fits.
    pub fn as_u32(self) -> Option<u32> {
        u32::try_from(self.as_i64()?).ok()
    }

    /// The nested object, when it is one.
    pub fn as_struct(self) -> Option<Fields<'a>> {
        match self {
            Value::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    /// The list's items; nothing when it is no list.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
        .into_iter()
        .flat_map(Items::iter)
    }
}

impl<'a> Fields<'a> {
    /// The fields in the encoded body of a `google.protobuf.Struct`.
    pub(super) fn of(body: &'a [u8]) -> Self {
        Self(body)
    }

    /// The value of a key: of its last entry.
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        self.value_of(key.as_bytes())
    }

    fn value_of(self, key: &[u8]) -> Option<Value<'a>> {
        let (mut rest, mut found) = (self.0, None);
        while let Some(entry) = next_record(&mut rest) {
            if has_key(entry, key) {
                found = Some(entry);
            }
        }
        entry_value(found?)
    }

    /// Keys and values in the order they came.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        records(self.0).filter_map(entry)
    }
}

impl<'a> Items<'a> {
    /// The items in order.
    pub fn iter(self) -> impl Iterator<Item = Value<'a>> {
        records(self.0).filter_map(value)
    }
}

impl std::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl std::fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Key and value of an encoded map entry. A missing value is null, a missing key empty, as in
/// protobuf's own map decoding.
fn entry(bytes: &[u8]) -> Option<(&str, Value<'_>)> {
    let mut key = "";
    let mut found = Value::Null;
    for field in fields(bytes) {
        match field? {
            (1, Field::Bytes(bytes)) => key = std::str::from_utf8(bytes).ok()?,
            (2, Field::Bytes(bytes)) => found = value(bytes)?,
            _ => {}
        }
    }
    Some((key, found))
}

/// The value of an encoded map entry, whose key is known.
fn entry_value(entry: &[u8]) -> Option<Value<'_>> {
    let (mut rest, mut found) = (entry, Value::Null);
    while !rest.is_empty() {
        if let (2, Field::Bytes(bytes)) = next_field(&mut rest)? {
            found = value(bytes)?;
        }
    }
    Some(found)
}

/// Decodes a `google.protobuf.Value`.
fn value(bytes: &[u8]) -> Option<Value<'_>> {
    let (mut rest, mut last) = (bytes, Value::Null);
    while !rest.is_empty() {
        last = match next_field(&mut rest)? {
            (1, Field::Varint(_)) => Value::Null,
            (2, Field::Fixed64(bits)) => Value::Number(f64::from_bits(bits)),
            (3, Field::Bytes(bytes)) => Value::String(std::str::from_utf8(bytes).ok()?),
            (4, Field::Varint(b)) => Value::Bool(b != 0),
            (5, Field::Bytes(bytes)) => Value::Struct(Fields(bytes)),
            (6, Field::Bytes(bytes)) => Value::List(Items(bytes)),
            _ => last,
        };
    }
    Some(last)
}

/// The entries of the body of a Struct that have other keys.
pub(super) fn entries_without<'a>(body: &'a [u8], key: &str) -> impl Iterator<Item = &'a [u8]> {
    records(body).filter(move |entry| !has_key(entry, key.as_bytes()))
}
