//! The function measured beside others, on one machine, in one run, with the same bytes.
//!
//! `make bench` builds everything and runs it. It fails when a limit is not met, or when a server
//! does not answer as it should.

mod bars;
mod case;
mod chart;
mod load;
mod machine;
mod page;
mod peer;
mod pools;
mod process;
mod report;
mod rounds;
mod soak;
mod stats;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    case::Case,
    machine::Machine,
    peer::{Peer, Programs},
    pools::Growth,
    report::Report,
    rounds::{Effort, measure, start_up},
};

/// How often each server is started to see how long that takes.
const STARTS: usize = 7;

/// Measures the function beside others that do the same work.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Args {
    #[command(subcommand)]
    other: Option<Other>,
    /// Folder of the optimized binaries
    #[arg(long, required = true)]
    binaries: Option<PathBuf>,
    /// What to measure the function beside
    #[arg(long, value_enum, num_args = 0.., default_values = ["floor", "rust-sdk", "python"])]
    peers: Vec<Peer>,
    /// How often to measure everything
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    /// How long each phase of a round takes, in milliseconds
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(10..))]
    phase: u64,
    /// Succeed even when a limit is not met
    #[arg(long)]
    any_result: bool,
    /// Page whose figures to write anew
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Where to draw the chart
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// What else can be done with the function.
#[derive(clap::Subcommand)]
enum Other {
    Soak(soak::Args),
}

/// Nothing was measured, or not all.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    World(#[from] peers::world::Error),
    #[error("cannot read or write: {0}")]
    Io(#[from] io::Error),
    #[error("what API servers add to objects changes the answer to {0}")]
    Misread(String),
    #[error("cannot start {}: {source}; is it built?", program.display())]
    Spawn { program: PathBuf, source: io::Error },
    #[error("{peer}: {why}; its log is {}", log.display())]
    Peer {
        peer: Peer,
        why: String,
        log: PathBuf,
    },
    #[error("{0} ended while it was measured")]
    Ended(Peer),
    #[error("{address} is taken: {source}; end what listens there")]
    Port { address: String, source: io::Error },
    #[error("interrupted")]
    Interrupted,
    #[error("a call failed: {0}")]
    Call(#[from] tonic::Status),
    #[error("cannot connect: {0}")]
    Connect(#[from] tonic::transport::Error),
    #[error("a caller failed: {0}")]
    Caller(#[from] tokio::task::JoinError),
    #[error("{0} has no lines {1:?} and {2:?} to write the figures between")]
    NoPlace(PathBuf, &'static str, &'static str),
}

#[tokio::main]
async fn main() -> ExitCode {
    // The servers end with the driver, however it ends.
    let result = tokio::select! {
        result = run(Args::parse()) => result,
        () = interruption() => Err(Error::Interrupted),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // With standard error closed there is nobody to tell.
            drop(writeln!(io::stderr(), "bench: {error}"));
            ExitCode::from(2)
        }
    }
}

/// SIGINT or SIGTERM.
async fn interruption() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Measures everything and reports it. Whether all limits are met.
async fn run(args: Args) -> Result<bool, Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if let Some(Other::Soak(soak)) = args.other {
        return soak::soak(soak, &root).await;
    }
    let binaries = args.binaries.clone().unwrap_or_default();
    let programs = Programs {
        python: root.join("benches/peers/python"),
        scratch: binaries.join("bench-files"),
        binaries,
    };
    let report = gather(&args, &root, &programs).await?;
    let tables = report.tables(&programs, &root.join("dist"));
    let mut out = io::stdout().lock();
    writeln!(out, "{}", report.machine.sentence())?;
    for table in &tables {
        writeln!(out, "\n{}", table.text().trim_end())?;
    }
    for missing in &report.missing {
        writeln!(out, "\nNOT MEASURED: {missing}")?;
    }
    if let Some(path) = &args.markdown {
        page::write(path, &report, &tables)?;
    }
    if let Some(path) = &args.svg {
        std::fs::write(path, chart::draw(&report))?;
    }
    let met = report.bars().iter().all(|(_, bar)| bar.is_met());
    let linear = report.growth.iter().all(Growth::is_linear);
    Ok(args.any_result || met && linear)
}

async fn gather(args: &Args, root: &Path, programs: &Programs) -> Result<Report, Error> {
    let effort = Effort {
        rounds: args.rounds.into(),
        phase: Duration::from_millis(args.phase),
    };
    let mut missing = Vec::new();
    let mut peers = vec![Peer::Ours];
    for &peer in args.peers.iter().filter(|&&peer| peer != Peer::Ours) {
        if peer == Peer::Python && !programs.python.join(".venv/.installed").exists() {
            missing.push(format!(
                "{peer}, which needs Python 3.11 or later with venv"
            ));
        } else {
            peers.push(peer);
        }
    }
    let machine = Machine::read();
    let mut requests = Vec::new();
    for example in ["aws-standard", "gcp-standard"] {
        requests.extend(Case::both(root, example)?);
    }
    requests.push(Case::with_pools(root, "aws-standard", 10)?);
    let start_up = start_up(&peers, programs, &requests[0], STARTS).await?;
    let mut cases = Vec::new();
    for case in requests {
        let measured = measure(&peers, programs, &case, effort).await?;
        cases.push((case, measured));
    }
    let mut growth = Vec::new();
    for example in ["aws-standard", "gcp-standard"] {
        growth.push(Growth::measure(root, example, programs, effort).await?);
    }
    Ok(Report {
        machine,
        cases,
        start_up,
        growth,
        missing,
    })
}
