//! Calls that are begun and not finished, and frames that are not for calling at all.

use std::sync::Arc;

use tokio::task::JoinHandle;
use tonic::Code;

use super::{
    super::admission::begin,
    frames::{
        CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS,
        call, frame, header, message, sound_call,
    },
    raw::USUAL,
    siege::Siege,
};
use crate::support::{client, eventually};

/// Streams of a client have odd numbers.
fn stream(n: usize) -> u32 {
    u32::try_from(2 * n + 1).unwrap()
}

/// A GOAWAY's error code (RFC 9113, section 7).
fn code(payload: &[u8]) -> u8 {
    payload[7]
}

#[tokio::test]
async fn a_sound_call_by_hand_is_answered() {
    // Without this the attacks could all fail for being malformed.
    let siege = Siege::start("sound").await;
    let mut raw = siege.raw(USUAL).await.unwrap();
    raw.send(&sound_call(1)).await.unwrap();
    assert!(raw.read_until(DATA).await.is_some());
    siege.end().await;
}

#[tokio::test]
async fn headers_that_never_end_are_cut_off() {
    let siege = Siege::start("continuation").await;
    // CVE-2024-27316: each frame adds a header, and none says that it is the last.
    let mut raw = siege.raw(USUAL).await.unwrap();
    raw.send(&frame(HEADERS, 0, 1, &call(&[]))).await.unwrap();
    let more = header("x-more", &"x".repeat(8000));
    let sent = raw
        .flood(20_000, |_| frame(CONTINUATION, 0, 1, &more))
        .await;
    assert!(sent < 20_000, "160 MB of headers are taken");
    // Begun, and then left alone.
    let mut stalled = siege.raw(USUAL).await.unwrap();
    stalled
        .send(&frame(HEADERS, 0, 1, &call(&[])))
        .await
        .unwrap();
    siege.end().await;
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused() {
    let siege = Siege::start("headers").await;
    let mut raw = siege.raw(USUAL).await.unwrap();
    let value = "x".repeat(8000);
    let more = [("x-1", value.as_str()), ("x-2", &value), ("x-3", &value)];
    let block = call(&more);
    let (first, second) = block.split_at(16_000);
    raw.send(&frame(HEADERS, END_STREAM, 1, first))
        .await
        .unwrap();
    raw.send(&frame(CONTINUATION, END_HEADERS, 1, second))
        .await
        .unwrap();
    let answer = raw.read_until(HEADERS).await.expect("an answer");
    // HPACK's table knows `:status` by its number, and no value 431: a literal.
    assert_eq!(answer[..1], [0x48], "{answer:02x?}");
    siege.end().await;
}

#[tokio::test]
async fn calls_that_are_reset_at_once_are_cut_off_or_bounded() {
    // CVE-2023-44487.
    let siege = Siege::start("reset").await;
    let mut raw = siege.raw(USUAL).await.unwrap();
    let cancel = 8_u32.to_be_bytes();
    let headers = call(&[]);
    let sent = raw
        .flood(200, |batch| {
            let calls = (0..250).flat_map(|n| {
                let stream = stream(batch * 250 + n);
                [
                    frame(HEADERS, END_HEADERS, stream, &headers),
                    frame(RST_STREAM, 0, stream, &cancel),
                ]
                .concat()
            });
            calls.collect()
        })
        .await;
    println!("{} calls reset", sent * 250);
    siege.end().await;
}

#[tokio::test]
async fn frames_that_want_an_answer_and_get_no_reader_take_no_memory() {
    let siege = Siege::start("floods").await;
    let setting = [0, 4, 0, 0, 0, 1];
    for (kind, payload) in [(PING, &[0; 8][..]), (SETTINGS, &setting)] {
        let mut raw = siege.raw(USUAL).await.unwrap();
        let batch = frame(kind, 0, 0, payload).repeat(1000);
        let sent = raw.flood(300, |_| batch.clone()).await;
        println!("{} frames of type {kind}", sent * 1000);
    }
    let mut raw = siege.raw(USUAL).await.unwrap();
    raw.send(&frame(HEADERS, END_HEADERS, 1, &call(&[])))
        .await
        .unwrap();
    let batch = frame(DATA, 0, 1, &[]).repeat(1000);
    let sent = raw.flood(300, |_| batch.clone()).await;
    println!("{} empty frames", sent * 1000);
    siege.end().await;
}

#[tokio::test]
async fn answers_that_nobody_reads_are_bounded() {
    let siege = Siege::start("windows").await;
    let mut all = Vec::new();
    for _ in 0..8 {
        let mut raw = siege.raw(0).await.unwrap();
        raw.flood(400, |n| sound_call(stream(n))).await;
        all.push(raw);
    }
    drop(all);
    siege.end().await;
}

#[tokio::test]
async fn requests_that_are_never_complete_are_bounded_and_shed() {
    let siege = Siege::start("incomplete").await;
    // Four times what all may have together, each within the limit of one, and none with an end.
    let mut large = client::tagged("large");
    large.meta.as_mut().unwrap().tag = "x".repeat(4 * 1024 * 1024 - 64);
    let (mut held, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        let channel = client::tls(siege.address, Arc::clone(&siege.config))
            .await
            .unwrap();
        for _ in 0..8 {
            let (request, answer) = begin(&channel);
            request.send(large.clone()).await.unwrap();
            held.push(request);
            answers.push(answer);
        }
    }
    let refused = eventually("some are refused", async || {
        answers.iter().position(JoinHandle::is_finished)
    })
    .await;
    let status = answers.swap_remove(refused).await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
    for answer in answers {
        answer.abort();
    }
    drop(held);
    siege.end().await;
}

#[tokio::test]
async fn messages_that_lie_are_refused() {
    let siege = Siege::start("lies").await;
    let bomb = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xed, 0xc1];
    for (name, more, compressed, length) in [
        ("4 GiB", &[][..], 0, u32::MAX),
        ("compressed without saying how", &[], 1, 12),
        ("compressed", &[("grpc-encoding", "gzip")], 1, 12),
        ("an unknown flag", &[], 7, 12),
    ] {
        let mut raw = siege.raw(USUAL).await.unwrap();
        raw.send(&frame(HEADERS, END_HEADERS, 1, &call(more)))
            .await
            .unwrap();
        raw.send(&frame(DATA, 0, 1, &message(compressed, length, &bomb)))
            .await
            .unwrap();
        // An answer of headers alone: an error before any message.
        assert!(raw.read_until(HEADERS).await.is_some(), "{name}");
    }
    // On a stream that was never opened: the connection ends.
    let mut raw = siege.raw(USUAL).await.unwrap();
    raw.send(&frame(DATA, 0, 5, b"x")).await.unwrap();
    let ended = raw.read_until(GOAWAY).await.unwrap();
    assert_ne!(code(&ended), 0);
    client::answers(siege.address, Arc::clone(&siege.config))
        .await
        .unwrap();
    siege.end().await;
}
