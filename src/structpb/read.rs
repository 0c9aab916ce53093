//! Reading: decodes one value at a time from encoded bytes.

use prost::encoding::{WireType, decode_key, decode_varint};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::Struct;

mod check;

pub use check::{MAX_DEPTH, Malformed};
pub(super) use check::{check, check_without, is_framed};

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
        path.split('.')
            .filter(|segment| !segment.is_empty())
            .try_fold(self, |value, segment| match value {
                Value::Struct(fields) => fields.get(segment),
                Value::List(items) => items.iter().nth(segment.parse().ok()?),
                _ => None,
            })
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
            Value::Number(n) if n.fract() == 0.0 && n.abs() <= super::MAX_INTEGER as f64 => {
                Some(n as i64)
            }
            _ => None,
        }
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
        let key = key.as_bytes();
        let (mut rest, mut found) = (self.0, None);
        while let Some((tag, field)) = next_field(&mut rest) {
            if let (1, Field::Bytes(entry)) = (tag, field)
                && has_key(entry, key)
            {
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

/// To [`super::to_struct`], which knows it by its name, a Struct is the bytes that it has; to all
/// others it is an object.
impl Serialize for Struct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(ENCODED, &Encoded(self))
    }
}

/// The name of the newtype that holds an encoded object.
pub(super) const ENCODED: &str = "google.protobuf.Struct";

struct Encoded<'a>(&'a Struct);

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Value::Struct(self.0.fields()).serialize(serializer)
        } else {
            serializer.serialize_bytes(&self.0.body)
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Number(n) => match self.as_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None => serializer.serialize_f64(*n),
            },
            Value::String(s) => serializer.serialize_str(s),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Struct(fields) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in fields.iter() {
                    map.serialize_entry(key, &value)?;
                }
                map.end()
            }
            Value::List(items) => {
                let mut seq = serializer.serialize_seq(None)?;
                for value in items.iter() {
                    seq.serialize_element(&value)?;
                }
                seq.end()
            }
        }
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

/// Whether an entry has this key. Encoders write the key first, so this rarely looks at the value.
#[inline]
fn has_key(entry: &[u8], key: &[u8]) -> bool {
    match next_field(&mut &*entry) {
        Some((1, Field::Bytes(found))) => found == key,
        _ => fields(entry).flatten().any(|field| match field {
            (1, Field::Bytes(found)) => found == key,
            _ => false,
        }),
    }
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

/// One protobuf field.
#[derive(Debug, PartialEq)]
enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Other,
}

/// The bodies of the repeated field 1: map entries of a Struct, items of a list.
fn records(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    fields(bytes)
        .flatten()
        .filter_map(|(tag, field)| match (tag, field) {
            (1, Field::Bytes(bytes)) => Some(bytes),
            _ => None,
        })
}

/// Splits a message into its fields. Yields `None` once, and ends, where the bytes are malformed.
fn fields(bytes: &[u8]) -> impl Iterator<Item = Option<(u32, Field<'_>)>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let field = next_field(&mut rest);
        if field.is_none() {
            rest = &[];
        }
        Some(field)
    })
}

/// Nearly all fields are a byte for number and type, one or two bytes for the length, and a body.
/// Those are split here, and all others in [`next_long_field`], which would give the same for these.
#[inline]
fn next_field<'a>(rest: &mut &'a [u8]) -> Option<(u32, Field<'a>)> {
    // Bit 7 says that a varint goes on; the lower three bits are the type, of which 2 has a length.
    let (len, tail, key) = match **rest {
        [key @ 0x08..=0x7f, len @ 0..=0x7f, ref tail @ ..] => (usize::from(len), tail, key),
        [key @ 0x08..=0x7f, low, high @ 0..=0x7f, ref tail @ ..] => {
            (usize::from(low & 0x7f) | usize::from(high) << 7, tail, key)
        }
        [] => return None,
        _ => return next_long_field(rest),
    };
    if key & 7 != 2 {
        return next_long_field(rest);
    }
    let (body, tail) = tail.split_at_checked(len)?;
    *rest = tail;
    Some((u32::from(key >> 3), Field::Bytes(body)))
}

fn next_long_field<'a>(rest: &mut &'a [u8]) -> Option<(u32, Field<'a>)> {
    let (tag, wire_type) = decode_key(rest).ok()?;
    let field = match wire_type {
        WireType::Varint => Field::Varint(decode_varint(rest).ok()?),
        WireType::SixtyFourBit => {
            Field::Fixed64(u64::from_le_bytes(take(rest, 8)?.try_into().ok()?))
        }
        WireType::LengthDelimited => {
            let len = usize::try_from(decode_varint(rest).ok()?).ok()?;
            Field::Bytes(take(rest, len)?)
        }
        WireType::ThirtyTwoBit => {
            take(rest, 4)?;
            Field::Other
        }
        // Groups are not part of proto3.
        WireType::StartGroup | WireType::EndGroup => return None,
    };
    Some((tag, field))
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_gives_what_the_long_one_gives() {
        let tail: Vec<u8> = (0..=130).collect();
        let long = [&[2][..], &[7; 400]].concat();
        let mut short = 0;
        for (key, len) in (0..=u8::MAX).flat_map(|key| (0..=u8::MAX).map(move |len| (key, len))) {
            for tail in [&tail[..], &tail[..3], &[], &long, &long[..300]] {
                let bytes = [&[key, len], tail].concat();
                let (mut one, mut other) = (&bytes[..], &bytes[..]);
                let (found, expected) = (next_field(&mut one), next_long_field(&mut other));
                assert_eq!(found, expected, "{key:#x} {len:#x}");
                if found.is_some() {
                    assert_eq!(one, other, "{key:#x} {len:#x}");
                }
                short += usize::from(matches!(found, Some((_, Field::Bytes(_)))));
            }
        }
        assert!(short > 1000);
    }
}
