//! A year in the life of a cluster on each simulated cloud. `--nocapture` prints its figures.

use xcluster::compose::compose;

use super::STANDARD;
use crate::support::{cases::Case, simulator::check};

fn year(name: &str) {
    let case = Case::new(name);
    let world = cloudsim::world::World::new(case.composite, case.input, compose);
    year::live(name, world, check);
}

#[test]
fn a_year_on_eks_takes_no_capacity_and_loses_nothing() {
    year(STANDARD[0]);
}

#[test]
fn a_year_on_gke_takes_no_capacity_and_loses_nothing() {
    year(STANDARD[1]);
}
