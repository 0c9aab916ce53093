//! `priceBook`: a platform's own prices, such as negotiated ones, or newer ones than the program has.

use serde::Serialize;

use crate::{
    cost::{
        book::{Book, Row, rules},
        money::Rate,
    },
    reader::Object,
    violation::Violation,
};

/// Most prices: as many as the embedded book has, and room.
const MOST_ROWS: usize = 500;

/// A price book in the Input.
#[derive(Clone, Debug, Serialize)]
pub struct PriceBook {
    /// Its day.
    pub date: String,
    /// Its prices.
    pub rows: Vec<Row>,
    /// The same, to look up.
    #[serde(skip)]
    pub prices: Book,
}

pub(super) fn read(mut object: Object<'_, '_>) -> Option<PriceBook> {
    let date = object.string_that("date", &rules::DAY);
    if object.value("date").is_none() {
        object.missing(
            "date",
            "say the day of these prices, such as \"2026-11-25\"",
        );
    }
    let mut rows = Vec::new();
    for (path, item) in object.list("rows", MOST_ROWS) {
        rows.extend(row(object.child(path.clone(), item)).map(|row| (path, row)));
    }
    let lines: Vec<_> = rows.iter().map(|(_, row)| row.to_string()).collect();
    let mut prices = Book::new(date.as_deref().unwrap_or_default(), &lines.join("\n"));
    for (path, row) in &rows {
        if prices.add(row.clone()).is_err() {
            let problem = "is the price of a sku that has one here";
            object.violation(Violation::quoting(
                path,
                &row.sku,
                problem,
                "remove one of them",
            ));
        }
    }
    object.finish();
    Some(PriceBook {
        date: date?,
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        prices,
    })
}

fn row(mut object: Object<'_, '_>) -> Option<Row> {
    let provider = object.choice("provider");
    let region = object.string_that("region", &rules::REGION);
    let sku = object.string_that("sku", &rules::SKU);
    let unit = object.choice("unit");
    let usd = object.string_that("usd", &rules::USD);
    for (key, fix) in [
        ("provider", "set it to aws or gcp"),
        ("region", "set it to a region such as us-east-1, or to *"),
        (
            "sku",
            "set it to a machine type or a name of the price book",
        ),
        (
            "unit",
            "say what the price is for one of, such as instance-hour",
        ),
        (
            "usd",
            "set it to a quoted decimal number such as \"0.2016\"",
        ),
    ] {
        if object.value(key).is_none() {
            object.missing(key, fix);
        }
    }
    let source = object.string_that("source", &rules::SOURCE);
    let date = object.string_that("date", &rules::DATE);
    let verified = object.boolean("verified", VERIFIED);
    object.finish();
    Some(Row {
        provider: provider?,
        region: region?,
        sku: sku?,
        unit: unit?,
        usd: Rate::parse(&usd?)?,
        source: source.unwrap_or_else(|| SOURCE.to_owned()),
        date: date.unwrap_or_else(|| DATE.to_owned()),
        verified,
    })
}

/// `priceBook.rows[].source`.
const SOURCE: &str = "the platform's Input";
/// `priceBook.rows[].date`.
const DATE: &str = "-";
/// `priceBook.rows[].verified`: who writes a price here has read it somewhere.
const VERIFIED: bool = true;
