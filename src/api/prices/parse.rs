//! Reading a book out of a file: strictly, since a price that is misread is believed.

use std::fmt;

use super::{
    book::Book,
    money::Rate,
    row::{Row, Unit},
    rules,
};
use crate::api::{choice::Choice, provider::Provider, reader::Rule, violation::printable};

const COLUMNS: [&str; 8] = [
    "provider", "region", "sku", "unit", "usd", "source", "date", "verified",
];
/// Most problems that are told at once.
const MOST: usize = 20;

/// Why a file is no price book: every line that is wrong, with what is wrong and the fix.
#[derive(Debug, Default, thiserror::Error)]
pub struct BookError(Vec<String>);

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().take(MOST).cloned().collect::<Vec<_>>();
        write!(f, "{}", shown.join("; "))?;
        match self.0.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl Book {
    /// Reads a book with prices of these clouds: lines of fields that tabs divide.
    ///
    /// # Errors
    /// [`BookError`] with every line that is wrong.
    pub fn parse(text: &str, clouds: &[Provider]) -> Result<Book, BookError> {
        let mut problems = BookError::default();
        let lines = text.lines().enumerate();
        let mut lines = lines
            .map(|(n, line)| (n + 1, line))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let day = lines
            .next()
            .and_then(|(_, line)| line.strip_prefix("book\t"));
        let Some(day) = day.filter(|day| (rules::DAY.holds)(day)) else {
            let problem = "the first line is not \"book\", a tab and a day such as 2026-11-25";
            return Err(BookError(vec![problem.to_owned()]));
        };
        let header = lines.next().map_or("", |(_, line)| line);
        if !header.split('\t').eq(COLUMNS) {
            let problem = format!(
                "the second line is not {} with tabs between",
                COLUMNS.join(", ")
            );
            return Err(BookError(vec![problem]));
        }
        let mut book = Book::new(day, text);
        for (number, line) in lines {
            match row(line, clouds) {
                Ok(row) => {
                    if let Err(row) = book.add(row) {
                        let Row {
                            provider,
                            region,
                            sku,
                            ..
                        } = *row;
                        let name = provider.name();
                        problems.0.push(format!(
                            "line {number}: {sku} of {name} in {region} is there twice; remove one"
                        ));
                    }
                }
                Err(problem) => problems.0.push(format!("line {number}: {problem}")),
            }
        }
        if book.is_empty() && problems.0.is_empty() {
            problems.0.push("it holds no price".to_owned());
        }
        if problems.0.is_empty() {
            Ok(book)
        } else {
            Err(problems)
        }
    }
}

fn row(line: &str, clouds: &[Provider]) -> Result<Row, String> {
    let fields: Vec<_> = line.split('\t').collect();
    let [provider, region, sku, unit, usd, source, date, verified] = fields[..] else {
        let count = fields.len();
        return Err(format!(
            "it has {count} fields; use {}, with tabs between",
            COLUMNS.len()
        ));
    };
    let follows = |name: &str, text: &str, rule: &Rule| {
        if (rule.holds)(text) {
            return Ok(text.to_owned());
        }
        let text = printable(text);
        Err(format!("{name} \"{text}\" {}; {}", rule.problem, rule.fix))
    };
    let usd = follows("usd", usd, &rules::USD)?;
    let usd = Rate::parse(&usd).ok_or(rules::USD.problem)?;
    Ok(Row {
        provider: one_of(
            "provider",
            provider,
            clouds.iter().map(|it| (it.name(), *it)),
        )?,
        region: follows("region", region, &rules::REGION)?,
        sku: follows("sku", sku, &rules::SKU)?,
        unit: one_of("unit", unit, Unit::ALL.iter().copied())?,
        usd,
        source: follows("source", source, &rules::SOURCE)?,
        date: follows("date", date, &rules::DATE)?,
        verified: match verified {
            "yes" => true,
            "no" => false,
            other => {
                let other = printable(other);
                return Err(format!("verified \"{other}\" is neither; use yes or no"));
            }
        },
    })
}

fn one_of<T>(
    name: &str,
    text: &str,
    values: impl Iterator<Item = (&'static str, T)> + Clone,
) -> Result<T, String> {
    let found = values.clone().find(|(known, _)| *known == text);
    found.map(|(_, value)| value).ok_or_else(|| {
        let known: Vec<_> = values.map(|(known, _)| known).collect();
        let text = printable(text);
        format!("{name} \"{text}\" is unknown; use {}", known.join(" or "))
    })
}
