//! A table, for a terminal or for a page.

use std::fmt::Write;

/// A heading and rows under it. The first column is text, the others are figures.
#[derive(Clone, Debug)]
pub struct Table {
    /// What stands above it.
    pub title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(title: impl Into<String>, header: &[&str]) -> Self {
        let header = header.iter().map(|&cell| cell.to_owned()).collect();
        Self {
            title: title.into(),
            rows: vec![header],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        (0..columns).map(width).collect()
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let widths = self.widths();
        let mut text = format!("{}\n", self.title);
        for row in &self.rows {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let pad = " ".repeat(width - cell.chars().count());
                let (before, after) = if column == 0 {
                    ("", pad.as_str())
                } else {
                    (pad.as_str(), "")
                };
                // Writing to a String cannot fail.
                let _ = write!(line, "  {before}{cell}{after}");
            }
            text += line.trim_end();
            text.push('\n');
        }
        text
    }

    /// For a page.
    pub fn markdown(&self) -> String {
        let mut text = format!("**{}**\n\n", self.title);
        for (at, row) in self.rows.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "| {} |", row.join(" | "));
            if at == 0 {
                let _ = writeln!(text, "|---|{}", "--:|".repeat(row.len().saturating_sub(1)));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_figures_stand_on_the_right() {
        let mut table = Table::new("Costs", &["who", "µs"]);
        table.row(["floor".to_owned(), "150".to_owned()]);
        table.row(["a longer name".to_owned(), "9".to_owned()]);
        let text = "Costs\n  who             µs\n  floor          150\n  a longer name    9\n";
        assert_eq!(table.text(), text);
        let markdown =
            "**Costs**\n\n| who | µs |\n|---|--:|\n| floor | 150 |\n| a longer name | 9 |\n";
        assert_eq!(table.markdown(), markdown);
    }
}
