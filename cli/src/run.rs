//! The command line: from arguments to an exit code.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xcluster::server;

use super::{
    cost,
    output::Output,
    plan,
    render::{self, RenderArgs},
};

/// Exit code for an answer that is no: a budget does not hold.
const NO: u8 = 1;
/// Exit code for a cluster that is not valid, or a file that cannot be read.
const BAD_INPUT: u8 = 2;
/// Exit code for a command line that makes no sense: `EX_USAGE` of sysexits.h.
const USAGE: u8 = 64;

/// What the exit code of a plan means.
const PLAN_STATUS: &str = "Exit status: 0 nothing is lost and the budget holds, 1 something is lost for good or the budget \
     does not hold, 2 a file or a cluster that is not sound, 64 a command line that makes no sense. Lines with ! stand out: \
     what is lost, which nodes are replaced, and what stays or does not come.\n\n\
     With --with: 0 no cluster loses anything, 1 the other release deletes or replaces something of one, gets stuck or refuses \
     it, 2 a dump, a cluster or a program that is not sound.";

/// See what becomes of a cluster, without a cluster.
#[derive(Parser)]
#[command(name = "xcluster", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print what the function makes of a Cluster: a summary as comments, then YAML.
    Render(RenderArgs),
    /// Print what Clusters cost a month at list prices. Exits with 1 if a budget does not hold.
    Cost(cost::CostArgs),
    /// Print what a changed Cluster would create, change and delete, and what that costs; with --with,
    /// what another release of the function would. Exits with 1 if something is lost for good or the
    /// budget does not hold.
    #[command(after_help = PLAN_STATUS)]
    Plan(plan::PlanArgs),
    /// Move a service's traffic from one cluster to another, and measure what its callers notice.
    Failover(failover::cli::FailoverArgs),
    /// Give a drained or evacuated cluster its traffic back.
    Failback(failover::cli::FailbackArgs),
    /// Serve the function, as its image does. `plan --with` of another release asks it.
    #[command(hide = true)]
    Function(server::args::Args),
}

/// Runs the command line.
pub(super) fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Printing can fail only if the terminal is gone.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
        }
    };
    let output = match args.command {
        Command::Render(args) => render::render(&args)
            .map(|text| Output {
                text,
                warnings: Vec::new(),
                holds: true,
                unanswered: Vec::new(),
            })
            .map_err(|error| error.to_string()),
        Command::Cost(args) => cost::cost(&args).map_err(|error| error.to_string()),
        Command::Plan(args) => plan::plan(&args).map_err(|error| error.to_string()),
        Command::Failover(args) => return ExitCode::from(failover::cli::failover(&args)),
        Command::Function(args) => return server::program::program(args),
        Command::Failback(args) => return ExitCode::from(failover::cli::failback(&args)),
    };
    match output {
        Ok(Output {
            text,
            warnings,
            holds,
            unanswered,
        }) => {
            for warning in warnings {
                complain(&format!("warning: {warning}"));
            }
            for problem in &unanswered {
                complain(problem);
            }
            match print(&text) {
                _ if !holds => ExitCode::from(NO),
                _ if !unanswered.is_empty() => ExitCode::from(BAD_INPUT),
                code => code,
            }
        }
        Err(message) => {
            complain(&message);
            ExitCode::from(BAD_INPUT)
        }
    }
}

/// Writes to standard output; a reader that stopped reading is no error.
fn print(text: &str) -> ExitCode {
    use std::io::{ErrorKind, Write};
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("cannot write the result: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

fn complain(message: &str) {
    use std::io::Write;
    // Nothing is left to be done where even this fails.
    let _ = writeln!(std::io::stderr(), "xcluster: {message}");
}
