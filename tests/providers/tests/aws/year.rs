//! A year in the life of a cluster. `--nocapture` prints its figures.

use manifests::ScopeArg;

use super::support::world;

#[test]
fn a_year_takes_no_capacity_and_loses_nothing() {
    let example = "aws-standard";
    let world = world(example, ScopeArg::Claims);
    year::live(example, world, |_, step| assert_eq!(step.refused, [""; 0]));
}
