//! What a fleet of clusters asks of the function and of Crossplane. `make fleet-sim` runs it.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use figures::{Place, Table};
use fleetsim::{Core, Error, Settings, chart, simulate, tables};

const PLACE: Place = Place {
    from: "<!-- figures: written by make fleet-sim-docs -->",
    to: "<!-- end of the figures -->",
};

/// Simulates fleets of clusters under Crossplane.
#[derive(Parser)]
struct Args {
    /// How many clusters; several numbers are simulated one after another
    #[arg(long, num_args = 1.., default_values_t = [1000])]
    clusters: Vec<usize>,
    /// Where chance begins: the same seed gives the same figures
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which Crossplane
    #[arg(long, value_enum, default_value_t = Core::V23)]
    core: Core,
    /// Crossplane's --circuit-breaker-burst
    #[arg(long, default_value_t = 1000.0)]
    burst: f64,
    /// Crossplane's --max-concurrent-reconciles
    #[arg(long, default_value_t = 100)]
    workers: usize,
    /// Crossplane without realtime compositions: it polls every minute
    #[arg(long)]
    no_realtime: bool,
    /// Replicas of the function
    #[arg(long, default_value_t = 2)]
    replicas: usize,
    /// Cores of each replica
    #[arg(long, default_value_t = 1)]
    cores: usize,
    /// How often the measured CPU time a call takes
    #[arg(long, default_value_t = 1.0)]
    slowdown: f64,
    /// How many different lives the clusters live
    #[arg(long, default_value_t = 200)]
    lives: usize,
    /// Make each call for each cluster, under its own name
    #[arg(long)]
    no_memory: bool,
    /// Page whose figures to write anew
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Where to draw the chart of the last fleet
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With standard error closed there is nobody to tell.
            drop(writeln!(io::stderr(), "fleetsim: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Error> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut records = Vec::new();
    for clusters in &args.clusters {
        let mut settings = Settings {
            clusters: *clusters,
            seed: args.seed,
            core: args.core,
            workers: args.workers,
            realtime: !args.no_realtime,
            replicas: args.replicas,
            cores: args.cores,
            slowdown: args.slowdown,
            lives: args.lives,
            remember: !args.no_memory,
            ..Settings::default()
        };
        settings.limits.burst = args.burst;
        records.push(simulate(&examples, &settings)?);
    }
    let tables = tables(&records);
    let mut out = io::stdout().lock();
    for table in &tables {
        writeln!(out, "{}", table.text())?;
    }
    if let Some(path) = &args.markdown {
        write_page(path, &tables)?;
    }
    if let (Some(path), Some(record)) = (&args.svg, records.last()) {
        fs::write(path, chart(record))?;
    }
    Ok(())
}

fn write_page(path: &Path, tables: &[Table]) -> Result<(), Error> {
    let mut figures = String::new();
    for table in tables {
        // Writing to a String cannot fail.
        let _ = writeln!(figures, "{}", table.markdown());
    }
    figures.truncate(figures.trim_end().len());
    figures.push('\n');
    let page = PLACE.fill(&fs::read_to_string(path)?, &figures);
    let page = page.ok_or_else(|| Error::NoPlace(path.to_owned(), PLACE.from, PLACE.to))?;
    Ok(fs::write(path, page)?)
}
