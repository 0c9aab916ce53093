//! Text in columns, and emphasis where a terminal shows it.

use std::fmt::Write;

/// Whether to emphasize.
#[derive(Clone, Copy)]
pub(super) struct Style(bool);

impl Style {
    /// Emphasis if standard output is a terminal and nobody asked for none (`NO_COLOR`).
    pub(super) fn of_stdout() -> Self {
        use std::io::IsTerminal;
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(std::io::stdout().is_terminal() && !unwanted)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// A heading.
    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What is wrong or cannot be undone.
    pub(super) fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    /// What is new or well.
    pub(super) fn green(self, text: &str) -> String {
        self.with("32", text)
    }
}

/// Rows in columns.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    /// How many columns on the right hold numbers.
    numbers: usize,
}

impl Table {
    /// A table whose last columns hold numbers.
    pub(super) fn new(numbers: usize) -> Self {
        Self {
            rows: Vec::new(),
            numbers,
        }
    }

    /// Adds a row.
    pub(super) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The lines, each as wide as it has to be.
    pub(super) fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let (width, gap) = (widths[column], if column == 0 { "" } else { "  " });
                // Writing to a String cannot fail.
                let _ = if column + self.numbers >= columns {
                    write!(line, "{gap}{cell:>width$}")
                } else {
                    write!(line, "{gap}{cell:<width$}")
                };
            }
            line.trim_end().to_owned()
        };
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_at_the_right_and_nothing_trails() {
        let mut table = Table::new(1);
        table.row(["a", "", "1.00"]);
        table.row(["long", "b", "10.00"]);
        table.row(["x", "", ""]);
        assert_eq!(table.lines(), ["a         1.00", "long  b  10.00", "x"]);
    }

    #[test]
    fn only_a_terminal_gets_escapes() {
        assert_eq!(Style(false).red("x"), "x");
        assert_eq!(Style(true).red("x"), "\u{1b}[31mx\u{1b}[0m");
        assert_ne!(Style(true).bold("x"), Style(true).green("x"));
    }
}
