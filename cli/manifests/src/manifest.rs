//! Manifests: from YAML files to what the function is called with.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};
use xcluster::{
    api::names::hash,
    compose::resource,
    wire::{
        proto::v1::Resource,
        structpb::{EncodeError, Struct, to_struct},
    },
};

use super::scope::ScopeArg;

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no YAML.
    #[error("{path} is not YAML: {problem}")]
    Yaml {
        /// The file.
        path: PathBuf,
        /// What the parser says, in one line.
        problem: String,
    },
    /// The file holds something else than is asked for.
    #[error("{path}: {problem}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is missing or wrong, and the fix.
        problem: String,
    },
    /// The file holds a number that the function's protocol cannot carry.
    #[error("cannot encode {path}: {source}")]
    Encode {
        /// The file.
        path: PathBuf,
        /// Which.
        source: EncodeError,
    },
}

/// The documents of a YAML file; of all files of a folder, by name, when it is one.
///
/// # Errors
/// [`ManifestError`] when a file cannot be read or parsed.
pub fn load(path: &Path) -> Result<Vec<Value>, ManifestError> {
    load_with(path, parse)
}

/// The same, with what makes documents of a text.
pub(super) fn load_with(
    path: &Path,
    parse: fn(&str, &Path) -> Result<Vec<Value>, ManifestError>,
) -> Result<Vec<Value>, ManifestError> {
    let read = |source| ManifestError::Read {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(read)?.is_dir() {
        let entries = fs::read_dir(path).map_err(read)?;
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        files.retain(|file| file.extension().is_some_and(|e| e == "yaml" || e == "yml"));
        files.sort();
        let documents: Result<Vec<_>, _> =
            files.iter().map(|file| load_with(file, parse)).collect();
        return Ok(documents?.concat());
    }
    let text = fs::read_to_string(path).map_err(read)?;
    parse(&text, path)
}

/// The documents of a YAML text. Messages name the path.
///
/// # Errors
/// [`ManifestError`] when the text is no YAML.
pub fn parse(text: &str, path: &Path) -> Result<Vec<Value>, ManifestError> {
    parse_with(text, path, serde_saphyr::Options::default())
}

/// The same, within other limits.
pub(super) fn parse_with(
    text: &str,
    path: &Path,
    options: serde_saphyr::Options,
) -> Result<Vec<Value>, ManifestError> {
    let documents = serde_saphyr::from_multiple_with_options::<Value>(text, options);
    documents
        .map(|documents| {
            documents
                .into_iter()
                .filter(|document| !document.is_null())
                .collect()
        })
        .map_err(|error| ManifestError::Yaml {
            path: path.to_owned(),
            problem: error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        })
}

/// The composite resource as Crossplane would hand it over: of a claim, the XR that is made for it.
///
/// # Errors
/// [`ManifestError`] when the document is no object with kind and name.
pub fn composite_of(
    document: &Value,
    scope: Option<ScopeArg>,
    path: &Path,
) -> Result<Struct, ManifestError> {
    let text = |pointer: &str| {
        document
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let (Some(api_version), Some(kind), Some(name)) =
        (text("/apiVersion"), text("/kind"), text("/metadata/name"))
    else {
        return Err(ManifestError::Content {
            path: path.to_owned(),
            problem: "holds no Cluster; apiVersion, kind and metadata.name are needed".to_owned(),
        });
    };
    let mut object = document.clone();
    if !matches!(object["spec"], Value::Object(_) | Value::Null) {
        return Err(ManifestError::Content {
            path: path.to_owned(),
            problem: "has a spec that is no object; write it as fields and values".to_owned(),
        });
    }
    let namespace = text("/metadata/namespace");
    let is_composite = document.pointer("/spec/claimRef").is_some()
        || document.pointer("/spec/crossplane").is_some();
    match (scope.unwrap_or(ScopeArg::Claims), namespace) {
        _ if is_composite && scope.is_none() => {}
        (ScopeArg::Claims, Some(namespace)) => {
            let claim = json!({"apiVersion": api_version, "kind": kind, "namespace": namespace, "name": name});
            let suffix = hash(&format!("{namespace}/{name}"), 5);
            object["kind"] = format!("X{kind}").into();
            object["metadata"] =
                without_namespace(&object["metadata"], &format!("{name}-{suffix}"));
            object["spec"]["claimRef"] = claim;
        }
        (ScopeArg::Cluster, _) => {
            if !kind.starts_with('X') {
                object["kind"] = format!("X{kind}").into();
            }
            object["metadata"] = without_namespace(&object["metadata"], &name);
            object["spec"]["crossplane"] = json!({});
        }
        (ScopeArg::Namespaced, None) => {
            return Err(ManifestError::Content {
                path: path.to_owned(),
                problem: "has no metadata.namespace, which the namespaced scope needs".to_owned(),
            });
        }
        (ScopeArg::Namespaced, Some(_)) => object["spec"]["crossplane"] = json!({}),
        (ScopeArg::Claims, None) => {}
    }
    encode(&object, path)
}

fn without_namespace(metadata: &Value, name: &str) -> Value {
    let mut metadata = metadata.as_object().cloned().unwrap_or_default();
    metadata.remove("namespace");
    metadata.insert("name".to_owned(), name.into());
    metadata.into()
}

/// The Input of the function's step in a Composition; of an Input itself, the Input.
///
/// # Errors
/// [`ManifestError`] when the documents hold neither.
pub fn input_of(documents: &[Value], path: &Path) -> Result<Option<Struct>, ManifestError> {
    let of_kind = |kind: &str| documents.iter().find(|document| document["kind"] == kind);
    let input = if let Some(input) = of_kind("Input") {
        Some(input.clone())
    } else if let Some(composition) = of_kind("Composition") {
        let steps = composition
            .pointer("/spec/pipeline")
            .and_then(Value::as_array);
        let is_ours = |step: &&Value| {
            let name = step.pointer("/functionRef/name").and_then(Value::as_str);
            // A second release beside the first has another name: function-xcluster-next.
            name.is_some_and(|name| name.contains("function-xcluster"))
        };
        let Some(step) = steps.into_iter().flatten().find(is_ours) else {
            return Err(ManifestError::Content {
                path: path.to_owned(),
                problem: "has no step whose functionRef is function-xcluster".to_owned(),
            });
        };
        step.get("input").cloned()
    } else {
        return Err(ManifestError::Content {
            path: path.to_owned(),
            problem: "holds no Composition".to_owned(),
        });
    };
    input.map(|input| encode(&input, path)).transpose()
}

/// Observed composed resources by key.
///
/// # Errors
/// [`ManifestError`] when an object does not say which composed resource it is.
pub fn observed_of(
    documents: &[Value],
    path: &Path,
) -> Result<BTreeMap<String, Resource>, ManifestError> {
    const KEY: &str = "/metadata/annotations/crossplane.io~1composition-resource-name";
    let mut observed = BTreeMap::new();
    for document in documents {
        let Some(key) = document.pointer(KEY).and_then(Value::as_str) else {
            let name = document.pointer("/metadata/name").unwrap_or(&Value::Null);
            return Err(ManifestError::Content {
                path: path.to_owned(),
                problem: format!(
                    "object {name} has no annotation crossplane.io/composition-resource-name; add it"
                ),
            });
        };
        observed.insert(key.to_owned(), resource(encode(document, path)?));
    }
    Ok(observed)
}

fn encode(object: &Value, path: &Path) -> Result<Struct, ManifestError> {
    let empty = Map::new();
    to_struct(object.as_object().unwrap_or(&empty)).map_err(|source| ManifestError::Encode {
        path: path.to_owned(),
        source,
    })
}
