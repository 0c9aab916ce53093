//! `dnssim`: the weighted records of a control plane's clusters, answered on this machine.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod read;

use std::{
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, ValueEnum};
use dnssim::{Zones, serve};
use kube::Client;
use tokio::signal::unix::{SignalKind, signal};

use crate::read::{FromClusters, FromRecords, Read};

type Fault = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(
    about = "A DNS server with the weighted records of a control plane",
    version
)]
struct Args {
    /// Where to listen, over UDP and TCP.
    #[arg(long)]
    listen: SocketAddr,
    /// What the records are read from.
    #[arg(long, value_enum)]
    read: From,
    /// Where an address of a simulated cloud is on this machine: CLOUD=HERE, as often as needed. What is not named here
    /// is not answered.
    #[arg(long, value_parser = pair)]
    at: Vec<(String, IpAddr)>,
    /// How long an answer may be kept, where the control plane does not say.
    #[arg(long, default_value_t = 30)]
    ttl: u32,
    /// How often to look, in milliseconds.
    #[arg(long, default_value_t = 300)]
    every: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum From {
    /// Route 53 Records and Cloud DNS RecordSets.
    Records,
    /// `status.traffic` of the clusters.
    Clusters,
}

fn pair(text: &str) -> Result<(String, IpAddr), String> {
    let (cloud, here) = text
        .split_once('=')
        .ok_or_else(|| format!("{text:?} is not CLOUD=HERE"))?;
    let here = here
        .parse()
        .map_err(|_| format!("{here:?} is no IP address"))?;
    Ok((cloud.to_owned(), here))
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
    let source: Box<dyn Read> = match args.read {
        From::Records => Box::new(FromRecords::new(client)),
        From::Clusters => Box::new(FromClusters::new(client, args.ttl)),
    };
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
        match source.read().await {
            Ok(mut found) => {
                found.sort();
                let records: Vec<_> = found
                    .iter()
                    .filter_map(|record| record.here(&args.at))
                    .collect();
                if found != told {
                    println!("{found:?}");
                    told = found;
                }
                zones.set(records);
            }
            // The last answer stays, as it does at a DNS server whose source is away.
            Err(error) => eprintln!("cannot read: {error}"),
        }
    }
}
