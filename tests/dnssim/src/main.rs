//! `dnssim`: the Route 53 Records of a control plane, answered on this machine.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod read;

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use clap::Parser;
use dnssim::{Data, Record, Zones, serve};
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
    /// A name of somebody else's zone and its address, such as a load balancer's; several times.
    #[arg(long = "host", value_name = "NAME=ADDRESS", value_parser = host)]
    hosts: Vec<Record>,
}

/// How long resolvers keep the names of load balancers, in seconds: as long as AWS says.
const TTL: u32 = 60;

fn host(text: &str) -> Result<Record, String> {
    let problem = || format!("{text:?} is not NAME=ADDRESS; use lb.example.com=127.0.0.2");
    let (name, address) = text.split_once('=').ok_or_else(problem)?;
    Ok(Record {
        name: name.to_lowercase(),
        data: Data::Address(address.parse().map_err(|_| problem())?),
        weight: 1,
        ttl: TTL,
    })
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
        let found = read::records(&client).await;
        let found = found.map(|mut found| {
            found.extend(args.hosts.iter().cloned());
            found.sort();
            found
        });
        match found {
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
