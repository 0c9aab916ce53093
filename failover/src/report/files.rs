//! The report as files.

use std::{fs, io, path::Path};

use super::{Report, Theme, markdown, picture};

/// Writes `report.json`, `report.md` and the picture, light and dark, into a folder that is made if it is not there.
///
/// # Errors
/// Which file cannot be written, and why.
pub fn write(report: &Report, folder: &Path) -> Result<(), String> {
    let cannot = |what: &Path, error: io::Error| {
        format!(
            "cannot write {}: {error}; name another folder with --report",
            what.display()
        )
    };
    fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    let json = serde_json::to_string_pretty(report)
        .map_err(|error| format!("cannot encode the report: {error}"))?;
    for (name, text) in [
        ("report.json", json + "\n"),
        ("report.md", markdown(report)),
        ("requests-light.svg", picture(report, Theme::Light)),
        ("requests-dark.svg", picture(report, Theme::Dark)),
    ] {
        let file = folder.join(name);
        fs::write(&file, text).map_err(|error| cannot(&file, error))?;
    }
    Ok(())
}
