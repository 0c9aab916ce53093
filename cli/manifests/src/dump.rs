//! What `kubectl get` prints of many objects.

use std::path::Path;

use serde_json::Value;

use super::manifest::{self, ManifestError};

/// Nodes and events of YAML in a dump of ten thousand clusters. A file that a person wrote has a few hundred.
const MOST_NODES: usize = 50_000_000;
/// Bytes of text in it.
const MOST_BYTES: usize = 4 * 1024 * 1024 * 1024;

/// The objects that `kubectl get --output yaml` or `--output json` wrote into a file, or into the files of a folder. A list
/// stands for its items.
///
/// # Errors
/// [`ManifestError`] when a file cannot be read or parsed.
pub fn dump(path: &Path) -> Result<Vec<Value>, ManifestError> {
    let documents = manifest::load_with(path, parse)?;
    Ok(documents.into_iter().flat_map(items).collect())
}

fn parse(text: &str, path: &Path) -> Result<Vec<Value>, ManifestError> {
    // JSON is YAML, too, but has a parser that is many times as fast.
    if let Ok(document) = serde_json::from_str::<Value>(text) {
        return Ok(vec![document]);
    }
    let budget = serde_saphyr::budget! {
        max_events: 2 * MOST_NODES,
        max_nodes: MOST_NODES,
        max_documents: MOST_NODES,
        max_total_scalar_bytes: MOST_BYTES,
    };
    let options = serde_saphyr::options! { budget: budget };
    manifest::parse_with(text, path, options)
}

fn items(mut document: Value) -> Vec<Value> {
    let is_list = |kind: &str| kind.ends_with("List");
    if !document["kind"].as_str().is_some_and(is_list) {
        return vec![document];
    }
    match document["items"].take() {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}
