//! A bill in the making: one line for each thing that is paid for.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;

use crate::api::{
    choice::Capacity,
    prices::{Price, Prices, Quantity, Rate, Unit, Usd},
    spec::NodePool,
};

/// How many nodes pools have, where that is known; the others have from their min to their max.
pub type Sizes = BTreeMap<String, u64>;

/// Hours in a month: 8,760 in a year, divided by twelve.
pub const HOURS: u64 = 730;

/// The least and the most of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span<T> {
    /// With every pool at its min.
    pub min: T,
    /// With every pool at its max.
    pub max: T,
}

impl Span<u64> {
    /// The same at min and max.
    pub fn always(n: u64) -> Self {
        Self { min: n, max: n }
    }

    /// Both times `n`.
    pub fn times(self, n: u64) -> Self {
        self.map(|value| value.saturating_mul(n))
    }

    /// Both changed in one way.
    pub fn map(self, change: impl Fn(u64) -> u64) -> Self {
        Self {
            min: change(self.min),
            max: change(self.max),
        }
    }

    /// Both added.
    pub fn plus(self, other: Self) -> Self {
        Self {
            min: self.min.saturating_add(other.min),
            max: self.max.saturating_add(other.max),
        }
    }
}

/// A line of a bill.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item<'a> {
    /// What is paid for.
    pub item: &'static str,
    /// The pool that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<&'a str>,
    /// The price's name in the book.
    pub sku: Cow<'a, str>,
    /// What the price is for one of.
    pub unit: Unit,
    /// The price.
    pub usd: Rate,
    /// How many of it a month has.
    pub quantity: Span<Quantity>,
    /// Price times quantity, to the cent.
    pub monthly_usd: Span<Usd>,
    /// Whether the price was read at its source.
    #[serde(skip)]
    pub verified: bool,
}

/// A bill in the making, in one region.
pub struct Bill<'a, 's> {
    prices: Prices<'a>,
    region: &'a str,
    sizes: &'s Sizes,
    items: Vec<Item<'a>>,
    missing: Vec<String>,
}

impl<'a, 's> Bill<'a, 's> {
    pub(super) fn new(prices: Prices<'a>, region: &'a str, sizes: &'s Sizes) -> Self {
        Self {
            prices,
            region,
            sizes,
            items: Vec::with_capacity(16),
            missing: Vec::new(),
        }
    }

    pub(super) fn into_parts(self) -> (Vec<Item<'a>>, Vec<String>) {
        (self.items, self.missing)
    }

    /// How many nodes a pool has.
    pub fn nodes(&self, pool: &NodePool) -> Span<u64> {
        let known = self.sizes.get(&pool.name).copied();
        known.map_or(
            Span {
                min: pool.min.into(),
                max: pool.max.into(),
            },
            Span::always,
        )
    }

    /// Says that something is not counted, and why.
    pub fn leave_out(&mut self, what: impl Into<String>) {
        self.missing.push(what.into());
    }

    /// Charges for so many units a month. Nothing of something is no line.
    pub fn charge(
        &mut self,
        item: &'static str,
        sku: impl Into<Cow<'a, str>>,
        unit: Unit,
        quantity: Span<u64>,
    ) {
        self.line(item, None, sku.into(), unit, quantity);
    }

    /// Charges for so many things all month.
    pub fn charge_hours(
        &mut self,
        item: &'static str,
        sku: &'static str,
        unit: Unit,
        count: Span<u64>,
    ) {
        self.charge(item, sku, unit, count.times(HOURS));
    }

    /// Charges for a pool's machines and their disks. Without a machine the pool is left out.
    pub fn charge_pool(
        &mut self,
        pool: &'a NodePool,
        machine: Option<Cow<'a, str>>,
        disk: &'a str,
    ) {
        let name = &pool.name;
        let nodes = self.nodes(pool);
        let Some(machine) = machine else {
            self.leave_out(format!("nodes of pool {name}: no machine here is like it"));
            return;
        };
        let sku = match pool.capacity {
            Capacity::OnDemand => machine,
            Capacity::Spot => Cow::Owned(format!("{machine}/spot")),
        };
        let hours = nodes.times(HOURS);
        self.line("nodes", Some(name), sku, Unit::InstanceHour, hours);
        let gib = nodes.times(pool.disk_gib.into());
        self.line("disks", Some(name), disk.into(), Unit::GibMonth, gib);
    }

    /// Charges a share of what machines cost, which is on top of it.
    pub fn charge_share(
        &mut self,
        item: &'static str,
        sku: &'static str,
        machine: &str,
        hours: Span<u64>,
    ) {
        let share = self.price(item, sku, Unit::Percent);
        // A machine without a price is named once, with its own line.
        let whole = self.prices.get(machine);
        if let (Some(share), Some(whole)) = (share, whole) {
            let price = Price {
                unit: Unit::InstanceHour,
                usd: whole.usd.percent(share.usd),
                verified: share.verified && whole.verified,
            };
            self.add(item, None, sku.into(), &price, hours);
        }
    }

    /// Charges for an amount whose price depends on how much it is.
    pub fn charge_tiers(&mut self, item: &'static str, sku: &'static str, gib: u64) {
        if gib == 0 {
            return;
        }
        let tiers = self.prices.tiers(sku);
        if tiers.is_empty() {
            let region = self.region;
            self.leave_out(format!("{item}: no price of {sku} in {region}"));
        }
        let ends: Vec<_> = tiers.iter().skip(1).map(|(from, _, _)| *from).collect();
        for (n, (from, sku, price)) in tiers.into_iter().enumerate() {
            let end = ends.get(n).copied().unwrap_or(u64::MAX);
            let within = gib.min(end).saturating_sub(from);
            if within > 0 && is_per(price, Unit::Gib) {
                self.add(item, None, sku.into(), price, Span::always(within));
            } else if within > 0 {
                self.wrong_unit(item, &sku, price, Unit::Gib);
            }
        }
    }

    fn line(
        &mut self,
        item: &'static str,
        pool: Option<&'a str>,
        sku: Cow<'a, str>,
        unit: Unit,
        quantity: Span<u64>,
    ) {
        // At its min alone is where few machines behind NAT become many.
        if (quantity.min, quantity.max) == (0, 0) {
            return;
        }
        if let Some(price) = self.price(item, &sku, unit) {
            self.add(item, pool, sku, price, quantity);
        }
    }

    /// The price of a sku; or says that there is none.
    fn price(&mut self, item: &'static str, sku: &str, unit: Unit) -> Option<&'a Price> {
        match self.prices.get(sku) {
            Some(price) if is_per(price, unit) => Some(price),
            Some(price) => {
                self.wrong_unit(item, sku, price, unit);
                None
            }
            None => {
                let region = self.region;
                self.leave_out(format!("{item}: no price of {sku} in {region}"));
                None
            }
        }
    }

    fn wrong_unit(&mut self, item: &str, sku: &str, price: &Price, unit: Unit) {
        use crate::api::choice::Choice as _;
        let (found, wanted) = (price.unit.name(), unit.name());
        let region = self.region;
        self.leave_out(format!(
            "{item}: the price of {sku} in {region} is per {found}, not per {wanted}"
        ));
    }

    fn add(
        &mut self,
        item: &'static str,
        pool: Option<&'a str>,
        sku: Cow<'a, str>,
        price: &Price,
        quantity: Span<u64>,
    ) {
        let quantity = Span {
            min: Quantity::whole(quantity.min),
            max: Quantity::whole(quantity.max),
        };
        self.items.push(Item {
            item,
            pool,
            sku,
            unit: price.unit,
            usd: price.usd,
            quantity,
            monthly_usd: Span {
                min: price.usd.times(quantity.min),
                max: price.usd.times(quantity.max),
            },
            verified: price.verified,
        });
    }
}

fn is_per(price: &Price, unit: Unit) -> bool {
    price.unit == unit
}
