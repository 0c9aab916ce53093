//! What a cluster costs: list prices out of a price book times what its spec asks for.
//!
//! Nothing is measured and nothing is fetched: the book is data, and equal specs give equal bills.
//! A price that the book does not have is named, never counted as zero and never taken from another
//! region. What each cloud bills for is in [`crate::provider`]'s `bill`.

pub mod bill;
pub mod book;
pub mod budget;
pub mod money;
mod regions;
mod report;

pub use regions::counterpart;
pub use report::{Report, Status};

use std::collections::BTreeMap;

use self::{
    bill::{Bill, Item, Span},
    book::Books,
    money::Usd,
};
use crate::{
    input::Service,
    provider, traffic,
    xcluster::{Provider, Spec},
};

/// How many nodes pools have, where that is known; the others have from their min to their max.
pub type Sizes = BTreeMap<String, u64>;

/// The monthly bill of a cluster, from all pools at their min to all at their max.
#[derive(Clone, Debug)]
pub struct Estimate<'a> {
    /// The cloud.
    pub provider: Provider,
    /// Its region.
    pub region: &'a str,
    /// The lines.
    pub items: Vec<Item<'a>>,
    /// What is not counted, and why.
    pub missing: Vec<String>,
}

impl<'a> Estimate<'a> {
    /// The bill of a spec.
    pub fn new(spec: &'a Spec, books: &Books<'a>) -> Self {
        Self::of(spec, spec.provider, &spec.region, books, &Sizes::new())
    }

    /// The bill of a spec with pools of known sizes.
    pub fn sized(spec: &'a Spec, books: &Books<'a>, sizes: &Sizes) -> Self {
        Self::of(spec, spec.provider, &spec.region, books, sizes)
    }

    /// The bill of the same cluster on the other cloud, if a region there is near.
    pub fn equivalent(spec: &'a Spec, books: &Books<'a>, sizes: &Sizes) -> Option<Self> {
        let (provider, region) = counterpart(spec.provider, &spec.region)?;
        Some(Self::of(spec, provider, region, books, sizes))
    }

    /// The bill of a spec wherever it would be.
    pub fn of(
        spec: &'a Spec,
        provider: Provider,
        region: &'a str,
        books: &Books<'a>,
        sizes: &Sizes,
    ) -> Self {
        let mut bill = Bill::new(books.prices(provider, region), region, sizes);
        provider::bill(provider, spec, &mut bill);
        let (items, missing) = bill.into_parts();
        Self {
            provider,
            region,
            items,
            missing,
        }
    }

    /// The same bill with the watching of the service's records, where the platform keeps them.
    pub fn watching(mut self, service: Option<&Service>, books: &Books<'a>) -> Self {
        let Some(service) = service else {
            return self;
        };
        let sizes = Sizes::new();
        let prices = books.prices(self.provider, self.region);
        let mut bill = Bill::new(prices, self.region, &sizes);
        traffic::bill(service, &mut bill);
        let (items, missing) = bill.into_parts();
        self.items.extend(items);
        self.missing.extend(missing);
        self
    }

    /// The sum of the lines.
    pub fn monthly(&self) -> Span<Usd> {
        Span {
            min: self.items.iter().map(|item| item.monthly_usd.min).sum(),
            max: self.items.iter().map(|item| item.monthly_usd.max).sum(),
        }
    }

    /// The sum in whole dollars, short enough for a column: `488-2973`. A plus sign says that
    /// something is not counted.
    pub fn per_month(&self) -> String {
        let Span { min, max } = self.monthly();
        let plus = if self.missing.is_empty() { "" } else { "+" };
        match (min.rounded(), max.rounded()) {
            (min, max) if min == max => format!("{min}{plus}"),
            (min, max) => format!("{min}-{max}{plus}"),
        }
    }

    /// The skus whose prices were not read at their source.
    pub fn unverified(&self) -> Vec<&str> {
        let rows = self.items.iter().filter(|item| !item.verified);
        let mut skus: Vec<_> = rows.map(|item| item.sku.as_ref()).collect();
        skus.sort_unstable();
        skus.dedup();
        skus
    }
}

#[cfg(test)]
mod tests;
