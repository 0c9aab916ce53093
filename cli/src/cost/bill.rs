//! A bill as people read it: in columns for a terminal, as a table in Markdown.

use std::fmt::Display;

use xcluster::{
    api::choice::Choice,
    cost::{
        Estimate, Report,
        bill::{Item, Span},
    },
};

use crate::table::{Style, Table};

const HEAD: [&str; 7] = [
    "item",
    "pool",
    "sku",
    "unit",
    "price",
    "quantity",
    "USD/month",
];

/// Both ends, or the one that they are.
pub(crate) fn span<T: Display + PartialEq>(span: &Span<T>) -> String {
    let Span { min, max } = span;
    if min == max {
        min.to_string()
    } else {
        format!("{min}-{max}")
    }
}

fn cells(item: &Item<'_>) -> [String; 7] {
    [
        item.item.to_owned(),
        item.pool.unwrap_or_default().to_owned(),
        if item.verified {
            item.sku.to_string()
        } else {
            format!("{}*", item.sku)
        },
        item.unit.name().to_owned(),
        item.usd.to_string(),
        span(&item.quantity),
        span(&item.monthly_usd),
    ]
}

/// What stands under a bill.
fn notes(report: &Report<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let estimate = &report.estimate;
    if estimate.items.iter().any(|item| !item.verified) {
        notes.push("* a price that nobody read at its source".to_owned());
    }
    notes.extend(
        estimate
            .missing
            .iter()
            .map(|what| format!("not counted: {what}")),
    );
    match &report.equivalent {
        Some(other) => {
            notes.push(format!(
                "the same cluster on {}: {} USD a month",
                place(other),
                total(other)
            ));
            let missing = other.missing.iter();
            notes.extend(missing.map(|what| format!("not counted there: {what}")));
        }
        None => notes.push("no region of the other cloud is known to be near".to_owned()),
    }
    notes
}

fn place(estimate: &Estimate<'_>) -> String {
    format!("{} {}", estimate.provider.name(), estimate.region)
}

/// The sum; a plus sign says that something is missing.
pub(crate) fn total(estimate: &Estimate<'_>) -> String {
    let plus = if estimate.missing.is_empty() { "" } else { "+" };
    format!("{}{plus}", span(&estimate.monthly()))
}

/// A bill for a terminal.
pub(super) fn text(name: &str, report: &Report<'_>, style: Style) -> String {
    let estimate = &report.estimate;
    let mut table = Table::new(3);
    table.row(HEAD);
    for item in &estimate.items {
        table.row(cells(item));
    }
    table.row(["sum", "", "", "", "", "", &total(estimate)]);
    let mut lines = vec![style.bold(&format!("{name} on {}", place(estimate)))];
    let rows = table.lines();
    let last = rows.len() - 1;
    lines.extend(rows.into_iter().enumerate().map(|(n, row)| match n {
        0 => style.bold(&format!("  {row}")),
        n if n == last => style.bold(&format!("  {row}")),
        _ => format!("  {row}"),
    }));
    lines.extend(notes(report));
    let (verdict, message) = report.verdict();
    lines.push(match verdict.holds() {
        Some(true) => style.green(&message),
        Some(false) => style.red(&message),
        None => message,
    });
    lines.join("\n") + "\n"
}

/// The lines of a bill as a Markdown table.
pub(super) fn markdown(estimate: &Estimate<'_>) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = row(&HEAD.map(str::to_owned));
    text += "|---|---|---|---|---:|---:|---:|\n";
    for item in &estimate.items {
        // A star would begin emphasis.
        text += &row(&cells(item).map(|cell| cell.replace('*', "\\*")));
    }
    text + &format!("| **sum** | | | | | | **{}** |\n", total(estimate))
}
