//! The folders of examples/.

use std::{fs, path::Path};

use manifests::{ScopeArg, composite_of, input_of, load};
use serde_json::{Value, json};
use xcluster::wire::structpb::Struct;

use crate::files::{document, repository};

/// Their names, in order.
pub fn names() -> Vec<String> {
    let entries = fs::read_dir(repository("examples")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    let mut names: Vec<_> = folders
        .filter(|path| path.join("xr.yaml").exists())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 6, "examples/ has {} cases", names.len());
    names
}

/// The composite of one of them: xr.yaml.
pub fn composite(name: &str) -> Value {
    document(&repository("examples").join(name).join("xr.yaml"))
}

/// The Input of one of them: in composition.yaml.
pub fn input(name: &str) -> Option<Struct> {
    let composition = repository("examples").join(name).join("composition.yaml");
    let documents = load(&composition).unwrap_or_else(|error| panic!("{error}"));
    input_of(&documents, &composition).unwrap()
}

/// A composite that belongs to a claim, as the XRD of another scope would have it.
pub fn in_scope(composite: &Value, scope: ScopeArg) -> Value {
    if scope == ScopeArg::Claims {
        return composite.clone();
    }
    let composite = composite_of(&claim(composite), Some(scope), Path::new("claim")).unwrap();
    serde_json::to_value(composite).unwrap()
}

/// What a person would have written for a composite that belongs to a claim.
pub fn claim(composite: &Value) -> Value {
    let mut claim = composite.clone();
    let reference = claim["spec"]["claimRef"].take();
    claim["kind"] = reference["kind"].clone();
    claim["metadata"] = json!({
        "name": reference["name"],
        "namespace": reference["namespace"],
    });
    if let Some(spec) = claim["spec"].as_object_mut() {
        spec.remove("claimRef");
    }
    claim
}
