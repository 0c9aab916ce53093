//! `xcluster cost`: what clusters cost, without a cluster.

mod analysis;
pub(super) mod bill;
mod chart;
mod compared;
mod egress;
mod even;

use std::{collections::BTreeMap, fs, path::PathBuf};

use clap::ValueEnum;
use manifests::{ManifestError, ScopeArg};
use serde_json::{Value, json};
use xcluster::{
    api::prices::{Book, BookError, Books},
    cloud::registry::Clouds,
    cost::{Report, bill::Sizes},
    plan::observed::Observed,
};

use super::{
    cluster::{self, Cluster, ClusterError},
    output::Output,
    support,
    table::Style,
};

/// Arguments of `xcluster cost`.
#[derive(clap::Args)]
pub(super) struct CostArgs {
    /// Clusters or XClusters, as YAML, one in a file.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    output: Format,
    /// The same as --output markdown: an analysis of all files, on both clouds.
    #[arg(long, conflicts_with = "output")]
    markdown: bool,
    /// Where to write the analysis' chart, as SVG.
    #[arg(long, requires = "markdown")]
    chart: Option<PathBuf>,
    /// The same as --output json.
    #[arg(long, conflicts_with_all = ["output", "markdown"])]
    json: bool,
    /// What exists, as a YAML file or a folder of them: pools are then billed by the nodes that they
    /// have. For one cluster.
    #[arg(long)]
    observed: Option<PathBuf>,
    #[command(flatten)]
    prices: PriceArgs,
    /// Which XRD the files are for. A Cluster in a namespace is a claim by default.
    #[arg(short, long, value_enum)]
    scope: Option<ScopeArg>,
}

/// Where prices come from.
#[derive(clap::Args)]
pub(super) struct PriceArgs {
    /// A price book whose prices go before all others; prices/book.tsv shows the format.
    #[arg(long)]
    price_book: Option<PathBuf>,
    /// The Composition whose step holds the function's Input. Without it, the built-in example is
    /// used (clusters/composition.yaml).
    #[arg(short, long)]
    pub(super) composition: Option<PathBuf>,
}

/// How to print a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Markdown,
}

/// Why there is no bill.
#[derive(Debug, thiserror::Error)]
pub(super) enum CostError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("cannot read {path}: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot write {path}: {source}")]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is no price book: {source}")]
    Book { path: PathBuf, source: BookError },
    #[error("--observed says what exists of one cluster; name one file")]
    ObservedOfMany,
}

/// Reads a price book, if one is named.
pub(super) fn price_book(args: &PriceArgs) -> Result<Option<Book>, CostError> {
    let Some(path) = &args.price_book else {
        return Ok(None);
    };
    let path = path.clone();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(CostError::Read { path, source }),
    };
    let clouds: Vec<_> = Clouds::ALL.iter().map(|cloud| cloud.provider()).collect();
    match Book::parse(&text, &clouds) {
        Ok(book) => Ok(Some(book)),
        Err(source) => Err(CostError::Book { path, source }),
    }
}

/// Adds up the bills of all files.
pub(super) fn cost(args: &CostArgs) -> Result<Output, CostError> {
    let composition = args.prices.composition.as_deref();
    let input = cluster::platform(cluster::input(composition)?.as_ref(), composition)?;
    let own = price_book(&args.prices)?;
    let books: Vec<&Book> = own.iter().chain(input.prices()).collect();
    let clusters: Result<Vec<_>, _> = args
        .files
        .iter()
        .map(|file| cluster::read(file, args.scope, &input))
        .collect();
    let clusters = clusters?;
    let sizes = sizes(args, &clusters)?;
    let billing = Clouds::ALL.billing();
    let reports: Vec<_> = clusters
        .iter()
        .map(|cluster| {
            let books = books.iter().copied();
            let report = Report::with(&cluster.spec, cluster.cloud, &billing, books, &sizes);
            (cluster, report)
        })
        .collect();
    let format = match (args.markdown, args.json) {
        (true, _) => Format::Markdown,
        (_, true) => Format::Json,
        _ => args.output,
    };
    let text = match format {
        Format::Table => {
            let style = Style::of_stdout();
            let bills = reports.iter();
            let bills = bills.map(|(cluster, report)| bill::text(&cluster.name, report, style));
            bills.collect::<Vec<_>>().join("\n")
        }
        Format::Json => json(&reports),
        Format::Markdown => {
            let clusters: Vec<_> = reports
                .iter()
                .map(|(cluster, report)| compared::Analyzed::new(cluster, report))
                .collect();
            if let Some(path) = &args.chart {
                let path = path.clone();
                let written = fs::write(&path, chart::svg(&clusters));
                written.map_err(|source| CostError::Write { path, source })?;
            }
            let books = Books::over_embedded(books.iter().copied());
            analysis::markdown(&clusters, &books, args.chart.as_deref())
        }
    };
    let holds = reports
        .iter()
        .all(|(_, report)| report.verdict().0.holds() != Some(false));
    let today = support::today();
    let clusters = clusters.iter();
    let warnings = clusters
        .filter_map(|cluster| support::warning(&cluster.name, &cluster.spec, &input, today))
        .collect();
    Ok(Output {
        text,
        warnings,
        holds,
        unanswered: Vec::new(),
    })
}

/// The sizes that pools have now.
fn sizes(args: &CostArgs, clusters: &[Cluster]) -> Result<Sizes, CostError> {
    let Some(path) = &args.observed else {
        return Ok(Sizes::new());
    };
    let [Cluster { spec, cloud, .. }] = clusters else {
        return Err(CostError::ObservedOfMany);
    };
    let objects: BTreeMap<_, _> = manifests::observed_of(&manifests::load(path)?, path)?;
    let observed = Observed::new(&objects);
    let pools = spec.node_pools.iter();
    let sizes = pools.filter_map(|pool| {
        let size = cloud.pool_size(observed, spec, pool)?;
        Some((pool.name.clone(), size))
    });
    Ok(sizes.collect())
}

/// One object a cluster; its `cost` is what `status.cost` is.
fn json(reports: &[(&Cluster, Report<'_>)]) -> String {
    let reports = reports.iter().map(|(cluster, report)| {
        let (verdict, message) = report.verdict();
        json!({
            "name": cluster.name,
            "provider": cluster.spec.provider,
            "region": cluster.spec.region,
            "budget": {"reason": verdict.reason(), "holds": verdict.holds(), "message": message},
            "cost": report.status(),
        })
    });
    let text = serde_json::to_string_pretty(&reports.collect::<Value>());
    text.unwrap_or_default() + "\n"
}
