//! Reading: decodes one value at a time from encoded bytes.

use prost::encoding::{WireType, decode_key, decode_varint};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::Struct;

/// How deep values may nest before [`Struct::check`] refuses them. The API server itself stops at
/// 10,000 levels; no schema of ours goes beyond a dozen.
pub const MAX_DEPTH: usize = 512;

/// Bytes that are no valid value.
#[derive(Debug, thiserror::Error)]
#[error("not a well-formed google.protobuf.Struct of at most {MAX_DEPTH} levels")]
pub struct Malformed;

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
    /// The value of a key.
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        last_of(records(self.0), key)
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

impl Serialize for Struct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, &value)?;
        }
        map.end()
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

/// The value of the last entry with this key.
pub(super) fn last_of<'a>(entries: impl Iterator<Item = &'a [u8]>, key: &str) -> Option<Value<'a>> {
    entries
        .filter(|bytes| entry_key(bytes) == Some(key.as_bytes()))
        .last()
        .and_then(entry)
        .map(|(_, value)| value)
}

/// Key and value of an encoded map entry. A missing value is null, a missing key empty, as in
/// protobuf's own map decoding.
pub(super) fn entry(bytes: &[u8]) -> Option<(&str, Value<'_>)> {
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

/// The raw key of an entry. Encoders write it first, so this rarely looks at the value.
fn entry_key(bytes: &[u8]) -> Option<&[u8]> {
    fields(bytes)
        .flatten()
        .find_map(|(tag, field)| match (tag, field) {
            (1, Field::Bytes(key)) => Some(key),
            _ => None,
        })
}

/// Decodes a `google.protobuf.Value`.
fn value(bytes: &[u8]) -> Option<Value<'_>> {
    let mut last = Value::Null;
    for field in fields(bytes) {
        last = match field? {
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

/// Checks an entry and everything below it.
pub(super) fn check_entry(bytes: &[u8], depth: usize) -> Result<(), Malformed> {
    entry(bytes).ok_or(Malformed)?;
    let mut seen = [false; 2];
    for (tag, field) in fields(bytes).flatten() {
        match (tag, field) {
            (1, Field::Bytes(_)) if !seen[0] => seen[0] = true,
            (2, Field::Bytes(value)) if !seen[1] => {
                seen[1] = true;
                check_value(value, depth + 1)?;
            }
            // Encoders write nothing twice and nothing with another wire type. Decoders disagree on
            // what it would mean, and two readers of one object must read the same.
            (1 | 2, _) => return Err(Malformed),
            _ => {}
        }
    }
    Ok(())
}

fn check_value(bytes: &[u8], depth: usize) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed);
    }
    let mut kinds = 0;
    for (tag, field) in fields(bytes).flatten() {
        match (tag, field) {
            (1 | 4, Field::Varint(_)) | (2, Field::Fixed64(_)) | (3 | 5 | 6, Field::Bytes(_)) => {
                kinds += 1;
            }
            (1..=6, _) => return Err(Malformed),
            _ => {}
        }
    }
    if kinds > 1 {
        return Err(Malformed);
    }
    match value(bytes).ok_or(Malformed)? {
        Value::Struct(Fields(bytes)) => check_records(bytes, |record| check_entry(record, depth)),
        Value::List(Items(bytes)) => check_records(bytes, |record| check_value(record, depth + 1)),
        _ => Ok(()),
    }
}

fn check_records(
    bytes: &[u8],
    check: impl Fn(&[u8]) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    fields(bytes).try_for_each(|field| match field.ok_or(Malformed)? {
        (1, Field::Bytes(record)) => check(record),
        (1, _) => Err(Malformed),
        _ => Ok(()),
    })
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

/// Nearly all fields are short: a byte for number and type, a byte for the length. Those are split
/// here, and all others in [`next_long_field`], which would give the same for these.
#[inline]
fn next_field<'a>(rest: &mut &'a [u8]) -> Option<(u32, Field<'a>)> {
    // Bit 7 says that a varint goes on; the lower three bits are the type, of which 2 has a length.
    if let [key @ 0x08..=0x7f, len @ 0..=0x7f, tail @ ..] = *rest
        && key & 7 == 2
    {
        let (body, tail) = tail.split_at_checked(usize::from(*len))?;
        *rest = tail;
        return Some((u32::from(key >> 3), Field::Bytes(body)));
    }
    next_long_field(rest)
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
        let mut short = 0;
        for (key, len) in (0..=u8::MAX).flat_map(|key| (0..=u8::MAX).map(move |len| (key, len))) {
            for tail in [&tail[..], &tail[..3], &[]] {
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
