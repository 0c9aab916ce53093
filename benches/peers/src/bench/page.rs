//! Writes the figures into their page.

use std::{fmt::Write, fs, path::Path};

use figures::{Place, Table};

use crate::{Error, report::Report};

const PLACE: Place = Place {
    from: "<!-- figures: written by make bench-docs -->",
    to: "<!-- end of the figures -->",
};

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
    let page = PLACE.fill(&page, &figures);
    let page = page.ok_or_else(|| Error::NoPlace(path.to_owned(), PLACE.from, PLACE.to))?;
    Ok(fs::write(path, page)?)
}
