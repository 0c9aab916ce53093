//! `cloudsim`: the providers of both clouds for a cluster that has none.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod run;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::run::state;

#[derive(Parser)]
#[command(about = "The providers of both clouds, simulated", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Do what providers would with the managed resources of a cluster, until stopped.
    Run {
        /// What the clouds remember; made when it is not there.
        #[arg(long)]
        state: PathBuf,
        /// How long ten seconds of the clouds take here.
        #[arg(long, default_value = "500ms", value_parser = duration)]
        tick: Duration,
        /// Where the ConfigMap `cloudsim` says what goes wrong.
        #[arg(long, default_value = "crossplane-system")]
        namespace: String,
        /// What Google Cloud reserves as a global address.
        #[arg(long)]
        address: Option<String>,
    },
    /// Print what exists in the clouds: kind, name in the cloud, managed resource.
    List {
        /// What the clouds remember.
        #[arg(long)]
        state: PathBuf,
        /// Leave out what the clouds never delete.
        #[arg(long)]
        deletable: bool,
    },
    /// Print what the clouds did: tick, event, kind, managed resource, name or reason.
    Log {
        /// What the clouds remember.
        #[arg(long)]
        state: PathBuf,
    },
}

fn duration(text: &str) -> Result<Duration, String> {
    let fault = || format!("{text:?} is not a duration; use 500ms or 2s");
    let (number, unit) = text
        .strip_suffix("ms")
        .map(|number| (number, 1))
        .or_else(|| text.strip_suffix('s').map(|number| (number, 1000)))
        .ok_or_else(fault)?;
    let number: u64 = number.parse().map_err(|_| fault())?;
    Ok(Duration::from_millis(number.max(1) * unit))
}

fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Run {
            state,
            tick,
            namespace,
            address,
        } => run::run(&state, tick, &namespace, address.as_deref()),
        Command::List { state, deletable } => state::list(&state, deletable),
        Command::Log { state } => state::log(&state),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cloudsim: {error}");
            ExitCode::FAILURE
        }
    }
}
