//! `xcluster plan`: what a changed Cluster, or another release of the function, would create, change and delete.

mod args;
mod difference;
mod edit;
mod fleet;
mod marks;
mod other;
mod outcome;
mod release;
mod settle;
mod show;
#[cfg(test)]
mod tests;

pub(super) use args::PlanArgs;
use args::PlanError;

use super::output::Output;

/// Compares a cluster before and after a change, or clusters under two releases.
pub(super) fn plan(args: &PlanArgs) -> Result<Output, PlanError> {
    match (&args.new, &args.with) {
        (_, Some(program)) => release::plan(args, program),
        (Some(new), None) => edit::plan(args, new),
        (None, None) => Err(PlanError::Dump("name the changed file, too".to_owned())),
    }
}
