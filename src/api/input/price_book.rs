//! `priceBook`: a platform's own prices, such as negotiated ones, or newer ones than the program has.

use serde::Serialize;

use crate::api::{
    defaults,
    draft::{Field, Unsound},
    prices::{Book, Rate, Row, rules},
    provider::{Clouds, names},
    reader::{Object, Optional as _},
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

pub(super) fn read(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> Field<PriceBook> {
    let date = object
        .need(
            "date",
            "say the day of these prices, such as \"2026-11-25\"",
        )
        .string_that(&rules::DAY);
    let rows = object.items("rows", MOST_ROWS, |book, path, item| {
        row(book.child(path, item), clouds)
    });
    let sound: Vec<_> = rows.sound().into_iter().flatten().collect();
    let lines: Vec<_> = sound.iter().map(|(_, row)| row.to_string()).collect();
    let mut prices = Book::new(date.as_deref().unwrap_or_default(), &lines.join("\n"));
    for (n, row) in sound {
        if prices.add(row.clone()).is_err() {
            let path = object.path(&format!("rows[{n}]"));
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
    Ok(PriceBook {
        date: date?,
        rows: rows.0?.into_iter().collect::<Field<_>>()?,
        prices,
    })
}

fn row(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> Field<Row> {
    let provider = object
        .need("provider", format!("set it to {}", names(clouds)))
        .provider(clouds);
    let region = object
        .need("region", "set it to a region such as us-east-1, or to *")
        .string_that(&rules::REGION);
    let sku = object
        .need(
            "sku",
            "set it to a machine type or a name of the price book",
        )
        .string_that(&rules::SKU);
    let unit = object
        .need(
            "unit",
            "say what the price is for one of, such as instance-hour",
        )
        .choice();
    let usd = object
        .need(
            "usd",
            "set it to a quoted decimal number such as \"0.2016\"",
        )
        .string_that(&rules::USD);
    let source = object
        .string_that("source", &rules::SOURCE)
        .default_to(defaults::PRICE_SOURCE);
    let date = object
        .string_that("date", &rules::DATE)
        .default_to(defaults::PRICE_DATE);
    let verified = object.boolean("verified", defaults::PRICE_VERIFIED);
    object.finish();
    Ok(Row {
        provider: provider?,
        region: region?,
        sku: sku?,
        unit: unit?,
        usd: Rate::parse(&usd?).ok_or(Unsound)?,
        source: source?,
        date: date?,
        verified: verified?,
    })
}
