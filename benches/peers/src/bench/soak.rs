//! The function over a long time: many calls, too many callers, and callers that give up.
//!
//! `make soak` builds what ships and runs it. It fails when memory or descriptors grow, when a call
//! fails that should not, or when work goes on that nobody waits for.

mod calls;
mod figures;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use ::figures::Table;
use tokio::time::sleep;

use self::calls::Requests;
use self::calls::Tally;
use self::figures::Held;
use self::figures::Steady;
use crate::{
    Error,
    case::Case,
    peer::{Peer, Programs, Running},
    process::Clock,
};

/// How often the figures of the steady calls are read.
const READINGS: u64 = 10;

/// Connections of the callers that are too many: on one, HTTP/2 itself lets 256 calls through at once.
const CONNECTIONS: usize = 10;

/// What callers that are too many wait for an answer. Crossplane waits for longer.
const DEADLINE: Duration = Duration::from_secs(1);

/// How long the server may be on a CPU in half a second in which nobody waits for it.
const IDLE: Duration = Duration::from_millis(25);

/// Calls the function for long, and looks at what becomes of it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the optimized binary
    #[arg(long)]
    binaries: PathBuf,
    /// Steady calls
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(READINGS..))]
    calls: u64,
    /// Who make them at the same time
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=200))]
    callers: u16,
    /// Callers at the same time that are too many
    #[arg(long, default_value_t = 500)]
    crowd: u16,
    /// How long they call, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// Runs all phases. Whether all went as it should.
pub(crate) async fn soak(args: Args, root: &Path) -> Result<bool, Error> {
    let programs = Programs {
        scratch: args.binaries.join("bench-files"),
        python: PathBuf::new(),
        binaries: args.binaries,
    };
    let mut cases = Vec::new();
    for example in ["aws-standard", "gcp-standard"] {
        cases.extend(Case::both(root, example)?);
    }
    cases.push(Case::with_pools(root, "aws-standard", 10)?);
    let mut server = Peer::Ours.start(&programs, &cases[0]).await?;
    let requests = Requests::new(&cases);

    let steady = Steady::measure(&mut server, &requests, args.calls, args.callers).await?;
    let length = Duration::from_secs(args.seconds);
    let (crowd, after) = overload(&mut server, &requests, args.crowd, length).await?;
    let (canceled, busy) = cancel(&mut server, &requests, args.crowd).await?;
    server.stop().await?;

    let mut out = io::stdout().lock();
    for table in [steady.table(), crowded(&crowd, args.crowd, length, &after)] {
        writeln!(out, "{}", table.text())?;
    }
    writeln!(
        out,
        "Canceled: {canceled} calls; {busy:?} of CPU in the half second after the last"
    )?;
    let mut problems = steady.problems();
    problems.extend(crowd.problems());
    if busy > IDLE {
        problems.push(format!("canceled calls go on: {busy:?} of CPU"));
    }
    for problem in &problems {
        writeln!(out, "NOT AS IT SHOULD BE: {problem}")?;
    }
    Ok(problems.is_empty())
}

/// More callers than there is room for, each with a deadline. What they got, and what is left after.
async fn overload(
    server: &mut Running,
    requests: &Requests,
    callers: u16,
    length: Duration,
) -> Result<(Tally, Held), Error> {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(server.connect().await?);
    }
    let tally = requests
        .crowd(&connections, callers, length, DEADLINE)
        .await?;
    // The server must be as good as before.
    server.caller.call().await?;
    Ok((tally, Held::read(server.pid()?)?))
}

/// Calls whose callers give up at once. How many, and how long the server is busy when all have.
async fn cancel(
    server: &mut Running,
    requests: &Requests,
    callers: u16,
) -> Result<(usize, Duration), Error> {
    let connection = server.connect().await?;
    let canceled = requests.give_up(&connection, callers).await?;
    sleep(Duration::from_millis(200)).await;
    let pid = server.pid()?;
    let before = Clock::read(pid)?;
    sleep(Duration::from_millis(500)).await;
    Ok((canceled, Clock::read(pid)?.since(&before)))
}

fn crowded(tally: &Tally, callers: u16, length: Duration, after: &Held) -> Table {
    let title = format!(
        "{callers} callers on {CONNECTIONS} connections for {length:?}, deadline {DEADLINE:?}"
    );
    let mut table = Table::new(title, &["answer", "calls", "p50, ms", "p99, ms"]);
    for (code, phase) in tally.codes() {
        let milliseconds = |percent| format!("{:.1}", phase.percentile(percent) / 1000.0);
        let calls = phase.took.len().to_string();
        table.row([
            format!("{code:?}"),
            calls,
            milliseconds(50),
            milliseconds(99),
        ]);
    }
    let memory = format!("{:.1} MB afterwards", after.resident());
    table.row([
        memory,
        format!("{:.1} MB at most", after.peak()),
        String::new(),
        String::new(),
    ]);
    table
}
