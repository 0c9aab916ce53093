//! What a bill needs of a cloud.

use super::{areas::Area, bill::Bill};
use crate::api::{input::Service, provider::Provider, spec::Spec};

/// A cloud as somebody who bills.
pub trait Billing: Sync {
    /// The cloud's name.
    fn provider(&self) -> Provider;

    /// Where its regions are. Of several in one area, bills are compared in the first.
    fn areas(&self) -> &'static [(&'static str, Area)];

    /// Adds the lines of a cluster's bill: of this cloud, whatever the spec's is.
    fn bill<'a>(&self, spec: &'a Spec, bill: &mut Bill<'a, '_>);

    /// Adds what it takes for the records of a service whose zone it keeps; nothing where it keeps none.
    fn bill_records(&self, service: &Service, bill: &mut Bill<'_, '_>);
}

/// Clouds that are compared.
pub type Clouds<'c> = &'c [&'static dyn Billing];

/// A region of another cloud near this one: the cloud and the region, or the cloud alone.
pub(super) fn counterpart<'c>(
    clouds: Clouds<'c>,
    provider: Provider,
    region: &str,
) -> Option<(&'c dyn Billing, Option<&'static str>)> {
    let own = clouds.iter().find(|cloud| cloud.provider() == provider)?;
    let area = own.areas().iter().find(|(name, _)| *name == region);
    let others = || clouds.iter().filter(|cloud| cloud.provider() != provider);
    let near = |other: &&'static dyn Billing| {
        let (_, area) = area?;
        let mut areas = other.areas().iter();
        areas.find(|(_, its)| its == area).map(|(name, _)| *name)
    };
    let found = others().find_map(|other| Some((*other, Some(near(other)?))));
    found.or_else(|| others().next().map(|other| (*other, None)))
}
