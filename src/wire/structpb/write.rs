//! Objects of any type, encoded.

use std::cell::Cell;

use bytes::Bytes;
use prost::encoding::{decode_key, decode_varint};
use serde::ser::Serialize;

use super::{
    containers::ValueWriter as _,
    error::EncodeError,
    message::{Open, STRUCT, Written},
    object::Struct,
    writer::Writer,
};

/// Encodes a serializable object. `None` fields are left out, never written as null.
///
/// # Errors
/// [`EncodeError`] when the value is not an object or holds a number that JSON or a double cannot
/// carry.
pub fn to_struct<T: Serialize + ?Sized>(value: &T) -> Result<Struct, EncodeError> {
    let body = collect(|buf| match value.serialize(Writer::on(buf))? {
        Written::Nested(Open(at)) if buf.first() == Some(&STRUCT) => Ok(at + 1),
        _ => Ok(buf.len() - struct_body(buf)?.len()),
    });
    Ok(Struct::of(body?))
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
