//! Checking: whether bytes are what they should be, all of them or those that are read.
//!
//! What is said twice is refused where it can be said once, and so is what has another wire type than
//! its field. Encoders write neither, and decoders disagree on what it would mean: two readers of one
//! object must read the same.

use super::split::{Field, fields, next_field};

/// How deep values may nest before [`Struct::check`](crate::wire::structpb::Struct::check) refuses them. The API server itself stops at
/// 10,000 levels; no schema of ours goes beyond a dozen.
pub const MAX_DEPTH: usize = 512;

/// Bytes that are no valid value.
#[derive(Debug, thiserror::Error)]
#[error("not a well-formed google.protobuf.Struct of at most {MAX_DEPTH} levels")]
pub struct Malformed;

/// Whether the body of a Struct can be split into entries.
pub(super) fn is_framed(body: &[u8]) -> bool {
    fields(body).all(|field| match field {
        Some((1, field)) => matches!(field, Field::Bytes(_)),
        field => field.is_some(),
    })
}

/// Checks the body of a Struct and everything below it.
pub(super) fn check(body: &[u8]) -> Result<(), Malformed> {
    each_record(body, |entry| check_entry(entry, 1))
}

/// The same without some fields of top-level fields, which are counted out and not looked into.
pub(super) fn check_without(body: &[u8], unread: &[[&str; 2]]) -> Result<(), Malformed> {
    each_record(body, |bytes| {
        let (outer, value) = entry(bytes)?;
        let is_unread = |inner: &str| unread.contains(&[outer, inner]);
        match kind(value)? {
            Some((STRUCT, Field::Bytes(body))) => each_record(body, |bytes| match entry(bytes)? {
                (inner, _) if is_unread(inner) => Ok(()),
                (_, value) => check_value(value, 2),
            }),
            _ => check_value(value, 1),
        }
    })
}

// The fields of google.protobuf.Value that hold more than a number or a word.
const STRING: u32 = 3;
const STRUCT: u32 = 5;
const LIST: u32 = 6;

fn check_entry(bytes: &[u8], depth: usize) -> Result<(), Malformed> {
    let (_, value) = entry(bytes)?;
    check_value(value, depth)
}

/// Checks a `google.protobuf.Value` so many levels down.
fn check_value(bytes: &[u8], depth: usize) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed);
    }
    match kind(bytes)? {
        Some((STRING, Field::Bytes(bytes))) => text(bytes).map(drop),
        Some((STRUCT, Field::Bytes(body))) => {
            each_record(body, |entry| check_entry(entry, depth + 1))
        }
        Some((LIST, Field::Bytes(items))) => {
            each_record(items, |item| check_value(item, depth + 1))
        }
        _ => Ok(()),
    }
}

/// Key and value of an encoded map entry. Those that are missing are empty, as in protobuf's own map
/// decoding.
fn entry(bytes: &[u8]) -> Result<(&str, &[u8]), Malformed> {
    let (mut rest, mut key, mut value) = (bytes, None, None);
    while !rest.is_empty() {
        match next_field(&mut rest).ok_or(Malformed)? {
            (1, Field::Bytes(found)) if key.is_none() => key = Some(found),
            (2, Field::Bytes(found)) if value.is_none() => value = Some(found),
            (1 | 2, _) => return Err(Malformed),
            _ => {}
        }
    }
    Ok((text(key.unwrap_or_default())?, value.unwrap_or_default()))
}

/// The one kind that a `google.protobuf.Value` has.
fn kind(bytes: &[u8]) -> Result<Option<(u32, Field<'_>)>, Malformed> {
    let (mut rest, mut kind) = (bytes, None);
    while !rest.is_empty() {
        let found = next_field(&mut rest).ok_or(Malformed)?;
        match found {
            (1 | 4, Field::Varint(_))
            | (2, Field::Fixed64(_))
            | (STRING | STRUCT | LIST, Field::Bytes(_))
                if kind.is_none() =>
            {
                kind = Some(found);
            }
            (1..=6, _) => return Err(Malformed),
            _ => {}
        }
    }
    Ok(kind)
}

fn text(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed)
}

/// Calls `check` with the bodies of the repeated field 1.
fn each_record<'a>(
    bytes: &'a [u8],
    check: impl Fn(&'a [u8]) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match next_field(&mut rest).ok_or(Malformed)? {
            (1, Field::Bytes(record)) => check(record)?,
            (1, _) => return Err(Malformed),
            _ => {}
        }
    }
    Ok(())
}
