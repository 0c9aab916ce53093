//! Regions that we do not know.
//!
//! A typing error such as `us-esat-1` passes every rule of form. The providers would try for ever, and could not even
//! delete what they never found. So a region that this release does not know is refused before anything is made, unless the
//! platform allows it by name: clouds open new regions faster than platforms update functions.

use crate::{
    api::asked::{Asked, Checked},
    cloud::interface::Cloud,
    plan::observed::Observed,
};

/// Names this similar are offered as what was meant: two letters that changed places, and more.
const SIMILAR: f64 = 0.8;

/// Refuses an unknown region for a cluster of which nothing exists. One that exists goes on, whatever this release knows.
pub(super) fn check(asked: &Asked<'_>, cloud: &dyn Cloud, observed: Observed<'_>) -> Checked {
    let (region, known) = (asked.region()?, cloud.regions());
    let exists = observed.objects().next().is_some();
    // What the platform allows by name was checked against that.
    let allowed = !asked.input.regions_on(cloud.provider())?.is_empty();
    if exists || allowed || known.contains(&region) {
        return Ok(());
    }
    let meant = match nearest(region, known) {
        Some(region) => region,
        None => known.first().copied().unwrap_or_default(),
    };
    let fix = format!(
        "delete this cluster, of which nothing exists yet, and create it in a region such as {meant}; if it is a new one, the \
         platform can list it in allowedRegions.{} of the function's Input",
        cloud.provider().name()
    );
    let problem = "is not a region that this release knows";
    asked.refuse("spec.region", region, problem, fix);
    Ok(())
}

fn nearest<'a>(region: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(region, name), *name))
        .filter(|(similar, _)| *similar >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}
