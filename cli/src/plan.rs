//! `xcluster plan`: what a changed Cluster would create, change and delete, and what that costs.

mod difference;
mod marks;
mod settle;
mod show;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::ValueEnum;
use manifests::{ManifestError, ScopeArg};
use xcluster::{
    api::{prices::Book, spec::Spec},
    cloud::{change::Change, registry::Clouds},
    cost::{Report, bill::Sizes},
};

use self::{difference::Difference, marks::Mark, settle::Settled};
use super::{
    cluster::{self, Cluster, ClusterError},
    cost::{CostError, PriceArgs, price_book},
    output::Output,
    support,
    table::Style,
};

/// Arguments of `xcluster plan`.
#[derive(clap::Args)]
pub(super) struct PlanArgs {
    /// The Cluster or XCluster as it is, as YAML.
    old: PathBuf,
    /// The same one as it should become.
    new: PathBuf,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
    #[command(flatten)]
    prices: PriceArgs,
    /// Which XRD the files are for. A Cluster in a namespace is a claim by default.
    #[arg(short, long, value_enum)]
    scope: Option<ScopeArg>,
}

/// How to print a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlanError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Cost(#[from] CostError),
    #[error("{old} and {new} are two clusters; a plan compares one before and after a change")]
    TwoClusters { old: String, new: String },
    #[error("{path}: {problem}")]
    Refused { path: String, problem: String },
}

/// Compares a cluster before and after a change.
pub(super) fn plan(args: &PlanArgs) -> Result<Output, PlanError> {
    let composition = args.prices.composition.as_deref();
    let raw = cluster::input(composition)?;
    let input = cluster::platform(raw.as_ref(), composition)?;
    let own = price_book(&args.prices)?;
    let books: Vec<&Book> = own.iter().chain(input.prices()).collect();
    let old = cluster::read(&args.old, args.scope, &input)?;
    let new = cluster::read(&args.new, args.scope, &input)?;
    let identity = |cluster: &Cluster| {
        let text = |path| {
            cluster
                .composite
                .str_at(path)
                .unwrap_or_default()
                .to_owned()
        };
        (text("metadata.namespace"), text("metadata.name"))
    };
    if identity(&old) != identity(&new) {
        let (old, new) = (old.name, new.name);
        return Err(PlanError::TwoClusters { old, new });
    }
    let refused = |path: &PathBuf| {
        let path = path.display().to_string();
        move |problem| PlanError::Refused { path, problem }
    };
    let service = input.traffic.get().ok().flatten();
    let host = service.and_then(|service| service.host.as_deref().ok());
    let before = settle::make(&old.composite, raw.as_ref(), host).map_err(refused(&args.old))?;
    let after = before.change(&new.composite).map_err(refused(&args.new))?;
    let clouds = Clouds::ALL.billing();
    let report = |spec| {
        Report::with(
            spec,
            new.cloud,
            &clouds,
            books.iter().copied(),
            &Sizes::new(),
        )
    };
    let change = Change {
        cloud: new.cloud,
        old: &old.spec,
        new: &new.spec,
    };
    let difference = Difference {
        name: &new.name,
        change,
        steps: difference::steps(&before.objects(), &after.objects()),
        before: &before,
        after: &after,
        old: report(&old.spec),
        new: report(&new.spec),
        notes: notes(host, &change, &after),
    };
    let text = match args.output {
        Format::Text => show::text(&difference, Style::of_stdout()),
        Format::Json => show::json(&difference),
    };
    let loses = difference.marks().iter().any(Mark::is_loss);
    let holds = !loses && difference.new.verdict().0.holds() != Some(false);
    let warning = support::warning(&new.name, &new.spec, &input, support::today());
    Ok(Output {
        text,
        warnings: warning.into_iter().collect(),
        holds,
    })
}

/// What was assumed, and what the files do not say.
fn notes(host: Option<&str>, change: &Change<'_>, after: &Settled) -> Vec<String> {
    let assumed = host
        .filter(|_| after.asked)
        .map(|host| format!("assumed: another cluster of {host} is active and Serving"));
    let weight = |spec: &Spec| spec.traffic.share().effective_weight();
    let unkept = host.is_none() && weight(change.old) != weight(change.new);
    let unkept = unkept.then(|| {
        "no record gets the new weight: the Input has no traffic.host; name the Composition that has it with \
         --composition"
            .to_owned()
    });
    let held_back = after.held_back.iter().cloned();
    assumed.into_iter().chain(unkept).chain(held_back).collect()
}
