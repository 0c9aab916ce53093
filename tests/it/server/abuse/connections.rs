//! Connections that are opened and not used.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    raw::{Raw, USUAL},
    siege::Siege,
};
use crate::support::{PATIENCE, client};

/// The first bytes of a TLS record with a ClientHello of 512 bytes.
const HELLO: [u8; 9] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc];

async fn hangs_up(mut stream: TcpStream) {
    let read = timeout(PATIENCE, stream.read(&mut [0; 64])).await;
    // A reset is as good.
    assert_eq!(read.expect("the server hangs up").unwrap_or(0), 0);
}

#[tokio::test]
async fn those_who_never_finish_saying_hello_are_cut_off() {
    let siege = Siege::start("hello").await;
    let mut silent = Vec::new();
    for _ in 0..400 {
        silent.push(TcpStream::connect(siege.address).await.unwrap());
    }
    // One byte at a time, each of which starts nobody's clock anew.
    let mut slow = TcpStream::connect(siege.address).await.unwrap();
    let dribbling = tokio::spawn(async move {
        for byte in HELLO.iter().chain(&[0; 600]) {
            if slow.write_all(&[*byte]).await.is_err() {
                return true;
            }
            sleep(Duration::from_millis(50)).await;
        }
        false
    });
    // With TLS, and then nothing, or a word of another protocol.
    let mut mute = Raw::silent(siege.address, Arc::clone(&siege.config))
        .await
        .unwrap();
    let mut other = Raw::silent(siege.address, Arc::clone(&siege.config))
        .await
        .unwrap();
    other
        .send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    other.end().await;
    mute.end().await;
    for stream in silent {
        hangs_up(stream).await;
    }
    assert!(dribbling.await.unwrap(), "the slow one is still there");
    siege.end().await;
}

#[tokio::test]
async fn more_connections_than_there_are_places_are_closed_and_places_come_back() {
    let siege = Siege::start("places").await;
    let mut held = Vec::new();
    // Without a certificate there is no place to take, so these all have one.
    for _ in 0..100 {
        held.push(siege.raw(USUAL).await.unwrap());
    }
    let mut closed = 0;
    for raw in &mut held {
        let closing = timeout(Duration::from_millis(100), raw.end()).await;
        closed += usize::from(closing.is_ok());
    }
    // One place of the 64 has somebody who behaves.
    assert_eq!(closed, 100 - 63);
    drop(held);
    crate::support::eventually("there are places again", async || {
        client::answers(siege.address, Arc::clone(&siege.config))
            .await
            .ok()
    })
    .await;
    siege.end().await;
}
