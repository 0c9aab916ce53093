//! The files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

use manifests::load;
use serde_json::Value;

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.nth(2).unwrap().join(path)
}

/// A file of the repository.
pub fn text(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The only document of a YAML file.
pub fn document(path: &Path) -> Value {
    let documents = load(path).unwrap_or_else(|error| panic!("{error}"));
    let [document] = &documents[..] else {
        panic!("{} holds {} documents", path.display(), documents.len());
    };
    document.clone()
}
