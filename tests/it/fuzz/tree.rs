//! An encoded message as a tree of fields, without its schema, so that it can be changed where it
//! hurts and written again with lengths that fit, or lengths that lie.

use prost::encoding::{WireType, decode_key, decode_varint, encode_varint};

/// Bytes that look like a message deeper than this stay bytes.
const DEEPEST: usize = 48;

/// The largest field number in the messages of the protocol is 9; text that happens to parse as a
/// message has wilder ones.
const LARGEST_NUMBER: u32 = 15;

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) body: Body,
    pub(super) lie: Option<Lie>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Varint(u64),
    Fixed64([u8; 8]),
    Fixed32([u8; 4]),
    Bytes(Vec<u8>),
    Message(Vec<Field>),
}

/// How a field is written otherwise than it should be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lie {
    /// Key and length take ten bytes each, with zeros that say nothing.
    Overlong,
    /// A varint that never ends.
    Endless,
    /// Another length than the body has.
    Length(u64),
    /// Another wire type than the body is of.
    WireType(u8),
    /// A group around the body; proto3 has none.
    Group,
}

/// The fields of a message, or `None` if the bytes are none.
pub(super) fn parse(bytes: &[u8], depth: usize) -> Option<Vec<Field>> {
    let mut rest = bytes;
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let (number, wire_type) = decode_key(&mut rest).ok()?;
        let body = match wire_type {
            WireType::Varint => Body::Varint(decode_varint(&mut rest).ok()?),
            WireType::SixtyFourBit => Body::Fixed64(take(&mut rest, 8)?.try_into().ok()?),
            WireType::ThirtyTwoBit => Body::Fixed32(take(&mut rest, 4)?.try_into().ok()?),
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(&mut rest).ok()?).ok()?;
                let body = take(&mut rest, length)?;
                let inner = (depth < DEEPEST && !body.is_empty()).then(|| parse(body, depth + 1));
                match inner.flatten() {
                    Some(fields) => Body::Message(fields),
                    None => Body::Bytes(body.to_vec()),
                }
            }
            WireType::StartGroup | WireType::EndGroup => return None,
        };
        if number > LARGEST_NUMBER {
            return None;
        }
        let lie = None;
        fields.push(Field { number, body, lie });
    }
    Some(fields)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

/// How many fields there are, at all depths.
pub(super) fn count(fields: &[Field]) -> usize {
    let inner = fields.iter().map(|field| match &field.body {
        Body::Message(fields) => count(fields),
        _ => 0,
    });
    fields.len() + inner.sum::<usize>()
}

/// Changes the field with this index, counted at all depths, in the list that it is in.
pub(super) fn change(
    fields: &mut Vec<Field>,
    index: &mut usize,
    how: &mut dyn FnMut(&mut Vec<Field>, usize),
) -> bool {
    for at in 0..fields.len() {
        if *index == 0 {
            how(fields, at);
            return true;
        }
        *index -= 1;
        if let Body::Message(inner) = &mut fields[at].body
            && change(inner, index, how)
        {
            return true;
        }
    }
    false
}

/// The bytes of a message.
pub(super) fn encode(fields: &[Field]) -> Vec<u8> {
    let mut buf = Vec::new();
    for field in fields {
        write(field, &mut buf);
    }
    buf
}

fn write(field: &Field, buf: &mut Vec<u8>) {
    let (mut wire_type, body) = match &field.body {
        Body::Varint(n) => (0, varint(*n, field.lie.as_ref())),
        Body::Fixed64(bytes) => (1, bytes.to_vec()),
        Body::Fixed32(bytes) => (5, bytes.to_vec()),
        Body::Bytes(bytes) => (2, bytes.clone()),
        Body::Message(fields) => (2, encode(fields)),
    };
    let number = u64::from(field.number);
    match field.lie {
        Some(Lie::Group) => {
            encode_varint(number << 3 | 3, buf);
            buf.extend(body);
            encode_varint(number << 3 | 4, buf);
            return;
        }
        Some(Lie::WireType(other)) => wire_type = u64::from(other),
        _ => {}
    }
    buf.extend(varint(number << 3 | wire_type, field.lie.as_ref()));
    if wire_type == 2 {
        let length = match field.lie {
            Some(Lie::Length(other)) => other,
            _ => body.len() as u64,
        };
        buf.extend(varint(length, field.lie.as_ref()));
    }
    buf.extend(body);
}

fn varint(n: u64, lie: Option<&Lie>) -> Vec<u8> {
    let mut bytes = Vec::new();
    match lie {
        Some(Lie::Overlong) => {
            bytes.extend((0..9).map(|group| 0x80 | (n >> (7 * group) & 0x7f) as u8));
            bytes.push((n >> 63) as u8);
        }
        Some(Lie::Endless) => bytes.extend([0xff; 11]),
        _ => encode_varint(n, &mut bytes),
    }
    bytes
}

/// A `google.protobuf.Value` that nests so many objects, written by hand: encoders recurse.
pub(super) fn nested(levels: usize) -> Vec<u8> {
    // From the inside out, each level in front of the one before: lengths first, then the bytes.
    let mut heads: Vec<Vec<u8>> = Vec::new();
    let mut length = 0;
    for _ in 0..levels {
        let entry = [&[0x0a, 1, b'a', 0x12][..], &to_varint(length)].concat();
        let fields = [&[0x0a][..], &to_varint(entry.len() + length)].concat();
        let value = [&[0x2a][..], &to_varint(fields.len() + entry.len() + length)].concat();
        length += entry.len() + fields.len() + value.len();
        heads.push([value, fields, entry].concat());
    }
    heads.reverse();
    heads.concat()
}

fn to_varint(n: usize) -> Vec<u8> {
    varint(n as u64, None)
}

#[test]
fn what_is_not_changed_is_written_as_it_was() {
    for seed in super::corpus::seeds() {
        let fields = parse(seed, 0).unwrap();
        assert!(count(&fields) > 100);
        assert_eq!(encode(&fields), *seed);
    }
}
