//! HTTP/2 frames by hand (RFC 9113): a client library would not write these.

use prost::Message;

use crate::support::client::{V1, tagged};

pub(in crate::server) const DATA: u8 = 0;
pub(in crate::server) const HEADERS: u8 = 1;
pub(in crate::server) const RST_STREAM: u8 = 3;
pub(in crate::server) const SETTINGS: u8 = 4;
pub(in crate::server) const PING: u8 = 6;
pub(in crate::server) const GOAWAY: u8 = 7;
pub(in crate::server) const CONTINUATION: u8 = 9;

pub(in crate::server) const END_STREAM: u8 = 1;
pub(in crate::server) const END_HEADERS: u8 = 4;

/// The first words of a client that asks for windows of this size.
pub(in crate::server) fn greeting(window: u32) -> Vec<u8> {
    // SETTINGS_INITIAL_WINDOW_SIZE
    let setting = [&[0, 4][..], &window.to_be_bytes()].concat();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    [&preface[..], &frame(SETTINGS, 0, 0, &setting)].concat()
}

pub(in crate::server) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// A header that no table has, in HPACK (RFC 7541).
pub(in crate::server) fn header(name: &str, value: &str) -> Vec<u8> {
    [&[0][..], &text(name), &text(value)].concat()
}

fn text(text: &str) -> Vec<u8> {
    let mut length = text.len();
    let mut bytes = Vec::new();
    // An integer with a prefix of seven bits.
    if length < 127 {
        bytes.push(u8::try_from(length).unwrap());
    } else {
        bytes.push(127);
        length -= 127;
        while length >= 128 {
            bytes.push(u8::try_from(length % 128).unwrap() | 0x80);
            length /= 128;
        }
        bytes.push(u8::try_from(length).unwrap());
    }
    bytes.extend(text.as_bytes());
    bytes
}

/// The headers of a call of the function, with more of them.
pub(in crate::server) fn call(more: &[(&str, &str)]) -> Vec<u8> {
    // `:method: POST` and `:scheme: http` are in the static table.
    let mut block = vec![0x83, 0x86];
    let known = [
        (":path", V1),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    for (name, value) in known.iter().chain(more) {
        block.extend(header(name, value));
    }
    block
}

/// A message as gRPC frames it: a flag for compression, and the length that it claims.
pub(in crate::server) fn message(compressed: u8, length: u32, body: &[u8]) -> Vec<u8> {
    [&[compressed][..], &length.to_be_bytes(), body].concat()
}

/// A whole and sound call.
pub(in crate::server) fn sound_call(stream: u32) -> Vec<u8> {
    let body = tagged("raw").encode_to_vec();
    let body = message(0, u32::try_from(body.len()).unwrap(), &body);
    let headers = frame(HEADERS, END_HEADERS, stream, &call(&[]));
    [headers, frame(DATA, END_STREAM, stream, &body)].concat()
}
