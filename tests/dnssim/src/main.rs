//! `dnssim`: the Route 53 Records of a control plane, answered on this machine.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod read;

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use clap::Parser;
use dnssim::{Zones, serve};
use kube::Client;
use tokio::signal::unix::{SignalKind, signal};

type Fault = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(
    about = "A DNS server with the Route 53 Records of a control plane",
    version
)]
struct Args {
    /// Where to listen, over UDP and TCP.
    #[arg(long)]
    listen: SocketAddr,
    /// How often to look, in milliseconds.
    #[arg(long, default_value_t = 300)]
    every: u64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ended = runtime
        .map_err(Fault::from)
        .and_then(|runtime| runtime.block_on(run(args)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dnssim: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Fault> {
    let client = Client::try_default().await?;
    let zones = Zones::default();
    let (address, _server) = serve(zones.clone(), args.listen).await?;
    println!("listening on {address}");
    let mut clock = tokio::time::interval(Duration::from_millis(args.every.max(50)));
    let mut told = Vec::new();
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        }
        match read::records(&client).await {
            Ok(found) if found != told => {
                println!("{found:?}");
                zones.set(found.clone());
                told = found;
            }
            Ok(_) => {}
            // The last answer stays, as it does at a DNS server whose source is away.
            Err(error) => eprintln!("cannot read: {error}"),
        }
    }
}
