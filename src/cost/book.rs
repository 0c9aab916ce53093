//! The price book: list prices by cloud, region and sku.

mod parse;

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use serde::Serialize;

use super::money::Rate;
use crate::{
    names::hash,
    reader::{Choice, Rule},
    xcluster::Provider,
};

pub use parse::BookError;

/// The book that comes with the program.
static EMBEDDED: LazyLock<Book> = LazyLock::new(|| {
    // A test reads the file, so there is no other case.
    Book::parse(include_str!("../../prices/book.tsv")).unwrap_or_default()
});

/// What a price is for one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// A control plane for an hour.
    #[serde(rename = "cluster-hour")]
    ClusterHour,
    /// A machine for an hour.
    #[serde(rename = "instance-hour")]
    InstanceHour,
    /// A NAT gateway for an hour.
    #[serde(rename = "gateway-hour")]
    GatewayHour,
    /// A machine behind NAT for an hour.
    #[serde(rename = "VM-hour")]
    VmHour,
    /// An address for an hour.
    #[serde(rename = "IP-hour")]
    IpHour,
    /// A load balancer for an hour.
    #[serde(rename = "LB-hour")]
    LbHour,
    /// A load balancer's capacity unit for an hour.
    #[serde(rename = "LCU-hour")]
    LcuHour,
    /// A vCPU that Pods ask for, for an hour.
    #[serde(rename = "vCPU-hour")]
    VcpuHour,
    /// A GiB of memory that Pods ask for, for an hour.
    #[serde(rename = "GiB-hour")]
    GibHour,
    /// A GiB of disk for a month.
    #[serde(rename = "GiB-month")]
    GibMonth,
    /// A GiB once.
    #[serde(rename = "GiB")]
    Gib,
    /// A key for a month.
    #[serde(rename = "key-month")]
    KeyMonth,
    /// A health check, or an option of one, for a month.
    #[serde(rename = "check-month")]
    CheckMonth,
    /// A share of another price.
    #[serde(rename = "percent")]
    Percent,
}

impl Choice for Unit {
    const ALL: &'static [(&'static str, Self)] = &[
        ("cluster-hour", Self::ClusterHour),
        ("instance-hour", Self::InstanceHour),
        ("gateway-hour", Self::GatewayHour),
        ("VM-hour", Self::VmHour),
        ("IP-hour", Self::IpHour),
        ("LB-hour", Self::LbHour),
        ("LCU-hour", Self::LcuHour),
        ("vCPU-hour", Self::VcpuHour),
        ("GiB-hour", Self::GibHour),
        ("GiB-month", Self::GibMonth),
        ("GiB", Self::Gib),
        ("key-month", Self::KeyMonth),
        ("check-month", Self::CheckMonth),
        ("percent", Self::Percent),
    ];
}

/// One price as it stands in a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The cloud.
    pub provider: Provider,
    /// The region, or how regions begin: `us-*`, `*`.
    pub region: String,
    /// A machine type, or a name of ours.
    pub sku: String,
    /// What the price is for one of.
    pub unit: Unit,
    /// The price.
    pub usd: Rate,
    /// Where it was read.
    pub source: String,
    /// When it was published: a day, a month, a year, or `-`.
    pub date: String,
    /// Whether it was read there as it stands here.
    pub verified: bool,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verified = if self.verified { "yes" } else { "no" };
        let (provider, unit) = (self.provider.name(), self.unit.name());
        write!(
            f,
            "{provider}\t{}\t{}\t{unit}\t{}\t{}\t{}\t{verified}",
            self.region, self.sku, self.usd, self.source, self.date
        )
    }
}

/// The book's rules for single fields; the Input has the same.
pub(crate) mod rules {
    use super::{Rate, Rule};

    pub(crate) const REGION: Rule = Rule {
        holds: |text| {
            let start = text.strip_suffix('*').unwrap_or(text);
            text.len() <= 32
                && !text.is_empty()
                && start
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        },
        problem: "is not a region",
        fix: "use a region such as us-east-1, or the beginning of several such as us-*",
    };
    pub(crate) const SKU: Rule = Rule {
        holds: |text| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|b| {
                    b.is_ascii_lowercase()
                        || b.is_ascii_digit()
                        || matches!(b, b'-' | b'.' | b'/' | b'_')
                })
        },
        problem: "is not a sku",
        fix: "use a machine type such as m7i.xlarge, with /spot for its spot price, or a name of the price book",
    };
    pub(crate) const USD: Rule = Rule {
        holds: |text| Rate::parse(text).is_some(),
        problem: "is not a price",
        fix: "use a quoted decimal number such as \"0.2016\"",
    };
    pub(crate) const SOURCE: Rule = Rule {
        holds: |text| {
            (1..=512).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b))
        },
        problem: "is not a source",
        fix: "say where the price was read, in printable ASCII characters",
    };
    /// Of a price: its source may say less than a day.
    pub(crate) const DATE: Rule = Rule {
        holds: |text| text == "-" || is_date(text, 1),
        problem: "is not a date",
        fix: "use a day (2026-11-25), a month, a year, or - where the source says none",
    };
    /// Of a book.
    pub(crate) const DAY: Rule = Rule {
        holds: |text| is_date(text, 3),
        problem: "is not a day",
        fix: "use a quoted day such as \"2026-11-25\"",
    };

    /// A year of this century, then perhaps a month and a day: at least so many of the three.
    fn is_date(text: &str, least: usize) -> bool {
        let parts: Vec<_> = text.split('-').collect();
        let within = |(n, part): (usize, &&str)| {
            let (length, low, high) = [(4, 2000, 2099), (2, 1, 12), (2, 1, 31)][n];
            part.len() == length
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
        };
        (least..=3).contains(&parts.len()) && parts.iter().enumerate().all(within)
    }
}

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
    aws: Regions,
    gcp: Regions,
    rows: usize,
}

impl Book {
    /// The book that comes with the program.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads a book: lines of fields that tabs divide.
    ///
    /// # Errors
    /// [`BookError`] with every line that is wrong.
    pub fn parse(text: &str) -> Result<Self, BookError> {
        parse::parse(text)
    }

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
        let regions = match row.provider {
            Provider::Aws => &mut self.aws,
            Provider::Gcp => &mut self.gcp,
        };
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
    fn of(&self, provider: Provider, region: &str) -> Vec<&BTreeMap<String, Price>> {
        let regions = match provider {
            Provider::Aws => &self.aws,
            Provider::Gcp => &self.gcp,
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

/// Books on top of each other: a price of an upper one hides those of the lower ones.
#[derive(Clone, Debug)]
pub struct Books<'a>(Vec<&'a Book>);

impl<'a> Books<'a> {
    /// The embedded book below these, the first on top.
    pub fn over_embedded(upper: impl IntoIterator<Item = &'a Book>) -> Self {
        let books = upper.into_iter().chain([Book::embedded()]);
        Self(books.collect())
    }

    /// The prices in a region.
    pub fn prices(&self, provider: Provider, region: &str) -> Prices<'a> {
        let books = self.0.iter();
        Prices(books.flat_map(|book| book.of(provider, region)).collect())
    }

    /// Which books these are.
    pub fn label(&self) -> String {
        let labels: Vec<_> = self.0.iter().map(|book| book.label()).collect();
        labels.join(" over ")
    }
}

/// The prices in one region.
#[derive(Clone, Debug)]
pub struct Prices<'a>(Vec<&'a BTreeMap<String, Price>>);

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

#[cfg(test)]
mod tests;
