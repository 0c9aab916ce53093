//! Which XRD a file is for.

use clap::ValueEnum;

/// The three XRDs.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeArg {
    /// clusters/xrd/claims.yaml.
    Claims,
    /// clusters/xrd/cluster.yaml.
    Cluster,
    /// clusters/xrd/namespaced.yaml.
    Namespaced,
}
