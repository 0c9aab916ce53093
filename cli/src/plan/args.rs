//! What `xcluster plan` is asked, and why it has no answer.

use std::path::PathBuf;

use clap::ValueEnum;
use manifests::{ManifestError, ScopeArg};

use super::other::OtherError;
use crate::{
    cluster::ClusterError,
    cost::{CostError, PriceArgs},
};

/// Arguments of `xcluster plan`.
#[derive(clap::Args)]
pub(crate) struct PlanArgs {
    /// The Cluster or XCluster as it is, as YAML. With --with, all of them: what `kubectl get xclusters
    /// --all-namespaces --output yaml` prints.
    pub(super) old: PathBuf,
    /// The same one as it should become.
    #[arg(required_unless_present = "with")]
    pub(super) new: Option<PathBuf>,
    /// What would change if another release composed these clusters: its program, function-xcluster or
    /// xcluster. Nothing is sent anywhere.
    #[arg(long, value_name = "PROGRAM", conflicts_with_all = ["new", "price_book"])]
    pub(super) with: Option<PathBuf>,
    /// How many seconds that program may take to start, and to answer.
    #[arg(long, value_name = "SECONDS", conflicts_with = "new", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) answer_within: u64,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(super) output: Format,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// Which XRD the files are for. A Cluster in a namespace is a claim by default.
    #[arg(short, long, value_enum)]
    pub(super) scope: Option<ScopeArg>,
}

/// How to print a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanError {
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
    #[error("{0}")]
    Dump(String),
    #[error(transparent)]
    Other(#[from] OtherError),
}
