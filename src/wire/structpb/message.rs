//! Messages of the wire format: keys, lengths, and what they enclose.
//!
//! Nested messages carry their length in front. One byte is left for it and, where a message turns out
//! to be longer than 127 bytes, what follows is moved: cheaper than measuring first, since most objects
//! are short. Messages that end at the same place are moved together.

use prost::encoding::{encode_varint, encoded_len_varint};

use super::split::RECORD;

// Keys (field number << 3 | wire type) of google.protobuf.{Value, Struct, ListValue}.
pub(super) const NULL: u8 = 1 << 3;
pub(super) const NUMBER: u8 = 2 << 3 | 1;
pub(super) const STRING: u8 = 3 << 3 | 2;
pub(super) const BOOL: u8 = 4 << 3;
pub(super) const STRUCT: u8 = 5 << 3 | 2;
pub(super) const LIST: u8 = 6 << 3 | 2;
pub(super) const ENTRY_VALUE: u8 = 2 << 3 | 2;

/// What became of a value.
pub(super) enum Written {
    /// It is `None`, and its entry is taken back.
    Nothing,
    /// All of it is there.
    Whole,
    /// It is an object or a list whose length is still to be filled in.
    Nested(Open),
}

/// Writes an entry of a Struct that is encoded already.
pub(super) fn entry(body: &mut Vec<u8>, entry: &[u8]) {
    write_bytes(body, RECORD, entry);
}

/// Writes an entry of a Struct.
pub(super) fn string_entry(body: &mut Vec<u8>, key: &str, value: &str) {
    let entry = open(body, RECORD);
    write_bytes(body, RECORD, key.as_bytes());
    let inner = open(body, ENTRY_VALUE);
    write_bytes(body, STRING, value.as_bytes());
    close(body, [entry, inner]);
}

/// A nested message whose length is not known yet: the place of its length byte.
#[derive(Clone, Copy)]
pub(super) struct Open(pub(super) usize);

pub(super) fn open(buf: &mut Vec<u8>, key: u8) -> Open {
    buf.extend_from_slice(&[key, 0]);
    Open(buf.len() - 1)
}

/// Fills in the lengths of messages that end here, the outermost first.
#[inline]
pub(super) fn close<const N: usize>(buf: &mut Vec<u8>, opened: [Open; N]) {
    let end = buf.len();
    let longest = opened.first().map_or(0, |Open(at)| end - at - 1);
    if longest >= 0x80 {
        return close_long(buf, opened);
    }
    for Open(at) in opened {
        #[expect(clippy::cast_possible_truncation, reason = "shorter than the longest")]
        let length = (end - at - 1) as u8;
        buf[at] = length;
    }
}

fn close_long<const N: usize>(buf: &mut Vec<u8>, opened: [Open; N]) {
    let mut end = buf.len();
    let (mut lengths, mut moved) = ([0; N], 0);
    for (length, Open(at)) in lengths.iter_mut().zip(opened).rev() {
        *length = (end - at - 1 + moved) as u64;
        moved += encoded_len_varint(*length) - 1;
    }
    buf.resize(end + moved, 0);
    // From the end on, so that nothing is overwritten that has yet to be moved.
    for (length, Open(at)) in lengths.into_iter().zip(opened).rev() {
        buf.copy_within(at + 1..end, at + 1 + moved);
        let size = encoded_len_varint(length);
        moved -= size - 1;
        encode_varint(length, &mut &mut buf[at + moved..at + moved + size]);
        end = at;
    }
}

pub(super) fn write_bytes(buf: &mut Vec<u8>, key: u8, bytes: &[u8]) {
    match u8::try_from(bytes.len()) {
        Ok(short @ 0..0x80) => buf.extend_from_slice(&[key, short]),
        _ => {
            buf.push(key);
            encode_varint(bytes.len() as u64, buf);
        }
    }
    buf.extend_from_slice(bytes);
}
