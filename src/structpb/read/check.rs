//! Checking: whether bytes are what they should be, all of them or those that are read.

use super::{Field, Fields, Items, Value, entry, fields, has_key, next_field, value};

/// How deep values may nest before [`Struct::check`](super::super::Struct::check) refuses them. The API server itself stops at
/// 10,000 levels; no schema of ours goes beyond a dozen.
pub const MAX_DEPTH: usize = 512;

/// Bytes that are no valid value.
#[derive(Debug, thiserror::Error)]
#[error("not a well-formed google.protobuf.Struct of at most {MAX_DEPTH} levels")]
pub struct Malformed;

/// Whether the body of a Struct can be split into fields.
pub(in crate::structpb) fn is_framed(body: &[u8]) -> bool {
    fields(body).all(|field| field.is_some())
}

/// Checks the body of a Struct and everything below it.
pub(in crate::structpb) fn check(body: &[u8]) -> Result<(), Malformed> {
    check_value(Value::Struct(Fields(body)), 0)
}

/// The same without some fields of top-level fields, which are counted out and not looked into.
pub(in crate::structpb) fn check_without(
    body: &[u8],
    unread: &[[&str; 2]],
) -> Result<(), Malformed> {
    each_record(body, |outer| match entry(outer).ok_or(Malformed)? {
        (outer, Value::Struct(Fields(inner))) => each_record(inner, |bytes| {
            if unread
                .iter()
                .any(|[above, key]| *above == outer && has_key(bytes, key.as_bytes()))
            {
                return Ok(());
            }
            let (_, value) = entry(bytes).ok_or(Malformed)?;
            check_value(value, 2)
        }),
        (_, value) => check_value(value, 1),
    })
}

fn check_value(found: Value<'_>, depth: usize) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed);
    }
    match found {
        Value::Struct(Fields(bytes)) => each_record(bytes, |bytes| {
            let (_, value) = entry(bytes).ok_or(Malformed)?;
            check_value(value, depth + 1)
        }),
        Value::List(Items(bytes)) => each_record(bytes, |bytes| {
            check_value(value(bytes).ok_or(Malformed)?, depth + 1)
        }),
        _ => Ok(()),
    }
}

/// Calls `check` with the bodies of the repeated field 1.
fn each_record<'a>(
    bytes: &'a [u8],
    check: impl Fn(&'a [u8]) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut rest = bytes;
    while !rest.is_empty() {
        if let (1, Field::Bytes(record)) = next_field(&mut rest).ok_or(Malformed)? {
            check(record)?;
        }
    }
    Ok(())
}
