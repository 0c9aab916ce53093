//! Clusters on both clouds beside each other.

use xcluster::{
    api::{prices::Usd, provider::Provider},
    cost::{Estimate, Report},
};

use crate::cluster::Cluster;

/// A cluster on both clouds.
pub(super) struct Analyzed<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The cluster.
    pub(super) cluster: &'a Cluster,
    /// Its bill.
    pub(super) report: &'a Report<'a>,
}

impl<'a> Analyzed<'a> {
    pub(super) fn new(cluster: &'a Cluster, report: &'a Report<'a>) -> Self {
        Self {
            name: &cluster.name,
            cluster,
            report,
        }
    }

    /// The bill on a cloud, if it could be there.
    pub(super) fn on(&self, provider: Provider) -> Option<&Estimate<'a>> {
        let own = &self.report.estimate;
        let both = [Some(own), self.report.equivalent.as_ref()];
        both.into_iter()
            .flatten()
            .find(|estimate| estimate.provider == provider)
    }
}

/// The clouds, in the order of columns.
pub(super) const CLOUDS: [Provider; 2] = [Provider::AWS, Provider::GCP];

/// By how many percent the lower amount is below the higher.
pub(super) fn share(low: Usd, high: Usd) -> u64 {
    let (low, high) = (low.cents(), high.cents());
    let scaled = high.saturating_sub(low) * 100 + high / 2;
    scaled.checked_div(high).unwrap_or(0)
}
