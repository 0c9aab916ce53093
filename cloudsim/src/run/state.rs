//! The clouds' memory as a file.

use std::{fs, path::Path};

use cloudsim::Simulator;

use super::Fault;

/// Reads it; a file that is not there is a world in which nothing exists.
pub(crate) fn load(path: &Path) -> Result<Simulator, Fault> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            format!(
                "{} is not a state of cloudsim: {error}; remove it to start anew",
                path.display()
            )
            .into()
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Simulator::default()),
        Err(error) => Err(format!("cannot read {}: {error}", path.display()).into()),
    }
}

/// Writes it whole or not at all.
pub(crate) fn store(path: &Path, simulator: &Simulator) -> Result<(), Fault> {
    let new = path.with_extension("new");
    fs::write(&new, serde_json::to_vec(simulator)?)
        .and_then(|()| fs::rename(&new, path))
        .map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

/// Prints what exists.
pub(crate) fn list(path: &Path, deletable: bool) -> Result<(), Fault> {
    let simulator = load(path)?;
    for (_, thing) in simulator
        .things()
        .filter(|(_, thing)| !(deletable && thing.kept))
    {
        let text = |pointer: &str| thing.object.pointer(pointer).and_then(|v| v.as_str());
        println!(
            "{} {} {}",
            text("/kind").unwrap_or("-"),
            if thing.id.is_empty() { "-" } else { &thing.id },
            text("/metadata/name").unwrap_or("-"),
        );
    }
    Ok(())
}

/// Prints what happened.
pub(crate) fn log(path: &Path) -> Result<(), Fault> {
    for event in load(path)?.events() {
        let (what, kind) = (&event.what, &event.kind);
        println!(
            "{} {what} {kind} {} {}",
            event.tick, event.object, event.detail
        );
    }
    Ok(())
}
