//! The price book: list prices by cloud, region and sku.

use std::collections::BTreeMap;

use super::{
    money::Rate,
    row::{Row, Unit},
};
use crate::api::{
    names::hash,
    provider::{PerCloud, Provider},
};

/// A price without its place.
#[derive(Clone, Debug)]
pub struct Price {
    /// What it is for one of.
    pub unit: Unit,
    /// The price.
    pub usd: Rate,
    /// Whether it was read at its source.
    pub verified: bool,
}

/// Prices by region and sku.
type Regions = BTreeMap<String, BTreeMap<String, Price>>;

/// Prices of a day.
#[derive(Clone, Debug, Default)]
pub struct Book {
    label: String,
    prices: PerCloud<Regions>,
    rows: usize,
}

impl Book {
    /// A book without prices yet. `text` is what its hash is of.
    pub fn new(date: &str, text: &str) -> Self {
        Self {
            label: format!("{date} sha256:{}", hash(text, 8)),
            ..Self::default()
        }
    }

    /// Adds a price; gives it back if there is one of that cloud, region and sku already.
    ///
    /// # Errors
    /// The row.
    pub fn add(&mut self, row: Row) -> Result<(), Box<Row>> {
        let regions = self.prices.entry(row.provider).or_default();
        let prices = regions.entry(row.region.clone()).or_default();
        if prices.contains_key(&row.sku) {
            return Err(Box::new(row));
        }
        let price = Price {
            unit: row.unit,
            usd: row.usd,
            verified: row.verified,
        };
        prices.insert(row.sku, price);
        self.rows += 1;
        Ok(())
    }

    /// Its day and the beginning of its hash.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// How many prices it has.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The prices that hold in a region, the most particular first.
    pub(super) fn of(&self, provider: Provider, region: &str) -> Vec<&BTreeMap<String, Price>> {
        let Some(regions) = self.prices.get(&provider) else {
            return Vec::new();
        };
        // China and GovCloud have price lists of their own: no star reaches into them.
        let apart = ["cn-", "us-gov-"].into_iter();
        let apart = apart.filter(|start| region.starts_with(start)).max();
        let holds = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => {
                region.starts_with(start) && apart.is_none_or(|apart| start.starts_with(apart))
            }
            None => pattern == region,
        };
        let mut found: Vec<_> = regions.iter().filter(|(name, _)| holds(name)).collect();
        // The region itself is as long as a pattern can be, and has no star.
        found.sort_by_key(|(name, _)| std::cmp::Reverse((!name.ends_with('*'), name.len())));
        found.into_iter().map(|(_, prices)| prices).collect()
    }
}

/// The prices in one region.
#[derive(Clone, Debug)]
pub struct Prices<'a>(pub(super) Vec<&'a BTreeMap<String, Price>>);

impl<'a> Prices<'a> {
    /// The price of a sku.
    pub fn get(&self, sku: &str) -> Option<&'a Price> {
        self.0.iter().find_map(|prices| prices.get(sku))
    }

    /// Prices by amount, the lowest first: each begins at so many GiB a month. All tiers come from
    /// the place that has the first one, since tiers of two places do not fit together.
    pub fn tiers(&self, sku: &str) -> Vec<(u64, String, &'a Price)> {
        let first = format!("{sku}/0");
        let Some(prices) = self.0.iter().find(|prices| prices.contains_key(&first)) else {
            return Vec::new();
        };
        let begins = |name: &str| name.strip_prefix(sku)?.strip_prefix('/')?.parse().ok();
        let tiers = prices.range(first..).map_while(|(name, price)| {
            name.starts_with(sku)
                .then(|| Some((begins(name)?, name.clone(), price)))
        });
        let mut tiers: Vec<_> = tiers.flatten().collect();
        tiers.sort_by_key(|(from, _, _)| *from);
        tiers
    }
}
