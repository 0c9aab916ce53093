//! A server under attack, and somebody who behaves meanwhile.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rustls::ClientConfig;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::raw::Raw;
use crate::support::{
    PATIENCE, client, eventually,
    process::Process,
    tls::{Authority, tempdir},
};

/// What the container may have is 256 MiB (bootstrap/crossplane/function.yaml). A binary that is not
/// optimized takes more than the one that ships.
const MEMORY: u64 = 128 * 1024 * 1024;

pub(super) struct Siege {
    pub(super) address: SocketAddr,
    pub(super) config: Arc<ClientConfig>,
    process: Process,
    descriptors: usize,
    /// How many calls of somebody who behaves were answered.
    answered: Arc<AtomicUsize>,
    caller: JoinHandle<()>,
}

impl Siege {
    pub(super) async fn start(name: &str) -> Self {
        let dir = tempdir(&format!("abuse-{name}"));
        let authority = Authority::new();
        authority.mount(&dir);
        let process = Process::start_with(&["--tls-certs-dir", dir.to_str().unwrap()]);
        let address = process.address;
        let config = authority.client_config(Some(&authority.client()));
        let answered = Arc::new(AtomicUsize::new(0));
        let caller = tokio::spawn(behave(address, Arc::clone(&config), Arc::clone(&answered)));
        let channel = client::tls(address, Arc::clone(&config)).await.unwrap();
        client::run(&channel, client::tagged("first"))
            .await
            .unwrap();
        drop(channel);
        let descriptors = process.descriptors();
        Self {
            address,
            config,
            process,
            descriptors,
            answered,
            caller,
        }
    }

    /// A connection of somebody with a certificate.
    pub(super) async fn raw(&self, window: u32) -> io::Result<Raw> {
        Raw::greeted(self.address, Arc::clone(&self.config), window).await
    }

    /// Everybody has left: what did it cost?
    pub(super) async fn end(self) {
        let during = self.answered.load(Ordering::Relaxed);
        eventually("somebody who behaves is served", async || {
            let served = self.answered.load(Ordering::Relaxed) > during + 3;
            (served || self.caller.is_finished()).then_some(())
        })
        .await;
        assert!(
            !self.caller.is_finished(),
            "a call of somebody who behaves failed"
        );
        self.caller.abort();
        let peak = self.process.peak_memory();
        assert!(peak < MEMORY, "{peak} bytes");
        println!(
            "{during} calls answered meanwhile, at most {} KiB",
            peak / 1024
        );
        let process = &self.process;
        let most = self.descriptors + 4;
        eventually("its descriptors are given back", async || {
            (process.descriptors() <= most).then_some(())
        })
        .await;
    }
}

/// Calls one after the other on one connection, as Crossplane does. Each must be answered, and soon.
async fn behave(address: SocketAddr, config: Arc<ClientConfig>, answered: Arc<AtomicUsize>) {
    let channel = client::tls(address, config).await.unwrap();
    loop {
        let call = client::run(&channel, client::tagged("behaved"));
        let rsp = timeout(PATIENCE, call).await.expect("an answer in time");
        assert_eq!(rsp.unwrap().meta.unwrap().tag, "behaved");
        answered.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_millis(20)).await;
    }
}
