//! Splitting messages of the wire format into their fields.

use prost::encoding::{WireType, decode_key, decode_varint};

/// The key of field 1 of the length-delimited type: an entry of a Struct, an item of a list, the key of
/// an entry.
pub(super) const RECORD: u8 = 1 << 3 | 2;

/// One protobuf field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Other,
}

/// The bodies of the repeated field 1: map entries of a Struct, items of a list.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || next_record(&mut rest))
}

/// Splits a message into its fields. Yields `None` once, and ends, where the bytes are malformed.
pub(super) fn fields(bytes: &[u8]) -> impl Iterator<Item = Option<(u32, Field<'_>)>> {
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

/// Takes the next body of the repeated field 1, and nothing where the bytes are malformed.
#[inline]
pub(super) fn next_record<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let Some((RECORD, len, tail)) = short(rest) else {
        return next_long_record(rest);
    };
    let (record, tail) = tail.split_at_checked(len)?;
    *rest = tail;
    Some(record)
}

fn next_long_record<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    while !rest.is_empty() {
        if let (1, Field::Bytes(record)) = next_field(rest)? {
            return Some(record);
        }
    }
    None
}

/// Takes the next field. Those that are not [`short`] are split in [`next_long_field`], which would give
/// the same for all.
#[inline]
pub(super) fn next_field<'a>(rest: &mut &'a [u8]) -> Option<(u32, Field<'a>)> {
    // Bit 7 says that a varint goes on; the lower three bits are the type, of which 2 has a length.
    let (key, len, tail) = match short(rest) {
        Some(short @ (0x08..=0x7f, ..)) if short.0 & 7 == 2 => short,
        _ => return next_long_field(rest),
    };
    let (body, tail) = tail.split_at_checked(len)?;
    *rest = tail;
    Some((u32::from(key >> 3), Field::Bytes(body)))
}

/// Nearly all fields are a byte for number and type, one or two bytes for the length, and a body: the
/// first byte, the length, and what follows.
#[inline]
fn short(bytes: &[u8]) -> Option<(u8, usize, &[u8])> {
    match *bytes {
        [key, len @ 0..=0x7f, ref tail @ ..] => Some((key, usize::from(len), tail)),
        [key, low, high @ 0..=0x7f, ref tail @ ..] => {
            Some((key, usize::from(low & 0x7f) | usize::from(high) << 7, tail))
        }
        _ => None,
    }
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

/// Whether an entry has this key. Encoders write the key first, so this rarely looks at the value.
#[inline]
pub(super) fn has_key(entry: &[u8], key: &[u8]) -> bool {
    match entry {
        [RECORD, len @ 0..=0x7f, rest @ ..] => {
            usize::from(*len) == key.len() && rest.starts_with(key)
        }
        _ => has_late_key(entry, key),
    }
}

fn has_late_key(entry: &[u8], key: &[u8]) -> bool {
    let is_key = |found| found == (1, Field::Bytes(key));
    match next_field(&mut &*entry) {
        Some(found @ (1, Field::Bytes(_))) => is_key(found),
        _ => fields(entry).flatten().any(is_key),
    }
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

                let (mut one, mut other) = (&bytes[..], &bytes[..]);
                let (found, expected) = (next_record(&mut one), next_long_record(&mut other));
                assert_eq!(found, expected, "{key:#x} {len:#x}");
                if found.is_some() {
                    assert_eq!(one, other, "{key:#x} {len:#x}");
                }
                for wanted in [
                    &tail[..tail.len().min(2)],
                    &tail[..tail.len().min(usize::from(len))],
                ] {
                    let (found, expected) = (has_key(&bytes, wanted), has_late_key(&bytes, wanted));
                    assert_eq!(found, expected, "{key:#x} {len:#x}");
                }
            }
        }
        assert!(short > 1000);
    }
}
