//! The monthly bill of a cluster.

use super::{
    bill::{Bill, Item, Sizes, Span},
    billing::{Billing, Clouds},
};
use crate::api::{
    input::Service,
    prices::{Books, Usd},
    provider::Provider,
    spec::Spec,
};

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
    /// The bill of a spec wherever it would be, with pools of known sizes.
    pub fn of(
        spec: &'a Spec,
        cloud: &dyn Billing,
        region: &'a str,
        books: &Books<'a>,
        sizes: &Sizes,
    ) -> Self {
        let provider = cloud.provider();
        let mut bill = Bill::new(books.prices(provider, region), region, sizes);
        cloud.bill(spec, &mut bill);
        let (items, missing) = bill.into_parts();
        Self {
            provider,
            region,
            items,
            missing,
        }
    }

    /// The same bill with the watching of the service's records, where the platform keeps them.
    pub fn watching(
        mut self,
        service: Option<&Service>,
        clouds: Clouds<'_>,
        books: &Books<'a>,
    ) -> Self {
        let Some(service) = service else {
            return self;
        };
        let sizes = Sizes::new();
        let prices = books.prices(self.provider, self.region);
        let mut bill = Bill::new(prices, self.region, &sizes);
        for cloud in clouds {
            cloud.bill_records(service, &mut bill);
        }
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
