//! The book's rules for single fields; the Input has the same.

use super::money::Rate;
use crate::api::reader::Rule;

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
