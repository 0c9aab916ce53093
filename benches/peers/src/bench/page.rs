//! Writes the figures into their page.

use std::{fmt::Write, fs, path::Path};

use crate::{Error, report::Report, table::Table};

const FROM: &str = "<!-- figures: written by make bench-docs -->";
const TO: &str = "<!-- end of the figures -->";

/// Replaces what stands between the two marks.
pub(crate) fn write(path: &Path, report: &Report, tables: &[Table]) -> Result<(), Error> {
    let page = fs::read_to_string(path)?;
    let mut figures = format!("{}\n", report.machine.sentence());
    for table in tables {
        // Writing to a String cannot fail.
        let _ = write!(figures, "\n{}", table.markdown());
    }
    for missing in &report.missing {
        let _ = writeln!(figures, "\nNot measured: {missing}.");
    }
    let page = replace(&page, &figures);
    let page = page.ok_or_else(|| Error::NoPlace(path.to_owned(), FROM, TO))?;
    Ok(fs::write(path, page)?)
}

fn replace(page: &str, figures: &str) -> Option<String> {
    let (before, rest) = page.split_once(FROM)?;
    let (_, after) = rest.split_once(TO)?;
    Some(format!("{before}{FROM}\n\n{figures}\n{TO}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = format!("# Title\n\n{FROM}\nold\n{TO}\nmore\n");
        let once = replace(&page, "new\n");
        let expected = format!("# Title\n\n{FROM}\n\nnew\n\n{TO}\nmore\n");
        assert_eq!(once.as_deref(), Some(expected.as_str()));
        assert_eq!(replace(&expected, "new\n"), once);
        assert_eq!(replace("# Title\n", "new\n"), None);
    }
}
