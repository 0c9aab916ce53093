//! How many instructions a call for a settled cluster takes, against a budget.
//!
//! Instructions are the same on a busy machine, so this runs in CI, where times say nothing. The
//! program runs itself under valgrind with few calls and with more; the difference is what the calls
//! take. Counts are those of an optimized build on x86-64: other machines have other instructions, and
//! are only shown.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use bytes::Bytes;
use clap::Parser;
use peers::world::{self, World};
use prost::{DecodeError, Message};
use xcluster::{compose::compose, wire::proto::v1::RunFunctionRequest};

/// Calls in the shorter run and in the longer one.
const CALLS: [u32; 2] = [5, 15];
/// How far from its budget a count may be. What is much cheaper wants a new budget, or it could get as
/// dear again unseen.
const TOLERANCE: f64 = 0.05;
/// How much dearer a pool may be among many pools than among few, before growth is no straight line.
const BEND: f64 = 1.15;
/// Pools of the three requests that growth is measured with: few, more, and the most there may be.
const POOLS: [usize; 3] = [2, 10, 20];

/// Counts instructions per call and compares them with the budget.
#[derive(Parser)]
struct Args {
    /// The budget: lines of a request's name and its instructions, with a tab between
    #[arg(long)]
    budget: PathBuf,
    /// Write what was counted as the new budget
    #[arg(long)]
    update: bool,
    /// Answer the request in a file so often, and do nothing else
    #[arg(long, hide = true, num_args = 2, value_names = ["FILE", "CALLS"])]
    answer: Option<Vec<String>>,
}

/// Nothing was counted.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    World(#[from] world::Error),
    #[error("cannot read or write {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("cannot run valgrind: {0}; is it installed?")]
    Valgrind(io::Error),
    #[error("valgrind did not say how many instructions it counted: {0}")]
    Silent(String),
    #[error("{0} is no number")]
    Number(#[from] std::num::ParseIntError),
    #[error("cannot decode a request: {0}")]
    Decode(#[from] DecodeError),
    #[error("cannot say what was counted: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match &args.answer {
        Some(answer) => answer_file(answer).map(|()| true),
        None => run(&args),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // With standard error closed there is nobody to tell.
            drop(writeln!(io::stderr(), "instructions: {error}"));
            ExitCode::from(2)
        }
    }
}

/// What is counted.
fn answer_file(arguments: &[String]) -> Result<(), Error> {
    let [path, calls] = arguments else {
        return Ok(());
    };
    let request = Bytes::from(fs::read(path).map_err(file(Path::new(path)))?);
    for _ in 0..calls.parse::<u32>()? {
        let request = RunFunctionRequest::decode(request.clone())?;
        std::hint::black_box(compose(request).encode_to_vec());
    }
    Ok(())
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::File { path, source }
}

/// Counts everything. Whether it is within its limits.
fn run(args: &Args) -> Result<bool, Error> {
    let budget = read(&args.budget)?;
    let mut counts = BTreeMap::new();
    let mut sound = true;
    for example in ["aws-standard", "gcp-standard"] {
        let name = format!("{example}, settled");
        let count = count(&request(example, None)?)?;
        sound &= args.update || is_within(&name, count, budget.get(&name).copied(), &args.budget)?;
        counts.insert(name, count);
        sound &= is_linear(example)?;
    }
    if args.update {
        let lines = counts
            .iter()
            .map(|(name, count)| format!("{name}\t{count}\n"));
        let text: String = lines.collect();
        fs::write(&args.budget, text).map_err(file(&args.budget))?;
    }
    Ok(sound)
}

fn read(path: &Path) -> Result<BTreeMap<String, u64>, Error> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text.map_err(file(path))?,
    };
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines
        .map(|(name, count)| Ok((name.to_owned(), count.parse()?)))
        .collect()
}

/// The settled state of an example, perhaps with other pools, in a file.
fn request(example: &str, pools: Option<usize>) -> Result<PathBuf, Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("examples").join(example);
    let mut world = World::new(&folder, pools.map(world::pools))?;
    world.settle()?;
    let folder = root.join("target/instructions");
    fs::create_dir_all(&folder).map_err(file(&folder))?;
    let pools = pools.unwrap_or_default();
    let path = folder.join(format!("{example}-{pools}.bin"));
    fs::write(&path, world.request()?.encode_to_vec()).map_err(file(&path))?;
    Ok(path)
}

/// The instructions of one call.
fn count(request: &Path) -> Result<u64, Error> {
    let [few, many] = CALLS;
    let more = count_all(request, many)?.saturating_sub(count_all(request, few)?);
    Ok(more / u64::from(many - few))
}

/// The instructions of a whole run.
fn count_all(request: &Path, calls: u32) -> Result<u64, Error> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().map_err(Error::Valgrind)?)
        .args(["--budget", "none", "--answer"])
        .arg(request)
        .arg(calls.to_string())
        .output()
        .map_err(Error::Valgrind)?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, number)) if output.status.success() => Ok(number.trim().parse()?),
        _ => Err(Error::Silent(said.into_owned())),
    }
}

/// Says how a count compares with its budget.
fn is_within(name: &str, count: u64, budget: Option<u64>, file: &Path) -> Result<bool, Error> {
    let mut out = io::stdout().lock();
    let Some(budget) = budget.filter(|_| cfg!(target_arch = "x86_64")) else {
        writeln!(out, "{name}: {count} instructions a call, no budget")?;
        return Ok(!cfg!(target_arch = "x86_64"));
    };
    let ratio = as_float(count) / as_float(budget);
    let within = (ratio - 1.0).abs() <= TOLERANCE;
    let percent = (ratio - 1.0) * 100.0;
    let advice = if within {
        String::new()
    } else {
        format!(
            "; if that is meant, run make budget and commit {}",
            file.display()
        )
    };
    writeln!(
        out,
        "{name}: {count} instructions a call, {percent:+.1} % of the budget of {budget}{advice}"
    )?;
    Ok(within)
}

/// Says how a pool among many compares with one among few.
fn is_linear(example: &str) -> Result<bool, Error> {
    let mut counts = [0.0; POOLS.len()];
    for (count_of, pools) in counts.iter_mut().zip(POOLS) {
        *count_of = as_float(count(&request(example, Some(pools))?)?);
    }
    let step = |from: usize, to: usize| {
        (counts[to] - counts[from]) / as_float((POOLS[to] - POOLS[from]) as u64)
    };
    let (few, many) = (step(0, 1), step(1, 2));
    let linear = many <= few * BEND;
    let verdict = if linear { "" } else { ": no straight line" };
    writeln!(
        io::stdout().lock(),
        "{example}: {few:.0} instructions for a pool of up to {}, {many:.0} for one of up to {}{verdict}",
        POOLS[1],
        POOLS[2]
    )?;
    Ok(linear)
}

fn as_float(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let float = count as f64;
    float
}
