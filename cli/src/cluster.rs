//! Reading a Cluster and its platform out of files, for the commands that need no control plane.

use std::path::Path;

use manifests::{ManifestError, ScopeArg};
use serde_json::Value;
use xcluster::{
    api::{
        input::{self, InputDraft},
        spec::Spec,
        violation::{Violation, Violations, summary},
    },
    cloud::{interface::Cloud, registry::Clouds},
    compose::read_spec,
    wire::structpb::Struct,
};

/// The Composition that stands in for the user's own.
const BUILT_IN: &str = include_str!("../../clusters/composition.yaml");

/// A Cluster that was read and found sound.
pub(super) struct Cluster {
    /// Its name.
    pub(super) name: String,
    /// The composite that Crossplane would hand over.
    pub(super) composite: Struct,
    /// What it asks for.
    pub(super) spec: Spec,
    /// The cloud that it is on.
    pub(super) cloud: &'static dyn Cloud,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClusterError {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("{path}: {problems}")]
    Unsound { path: String, problems: String },
}

/// The only document of a file.
pub(super) fn document(path: &Path) -> Result<Value, ManifestError> {
    let mut documents = manifests::load(path)?;
    match (documents.pop(), documents.len()) {
        (Some(document), 0) => Ok(document),
        (last, rest) => Err(ManifestError::Content {
            path: path.to_owned(),
            problem: format!(
                "holds {} documents; put one Cluster in it",
                rest + usize::from(last.is_some())
            ),
        }),
    }
}

/// The Input of a Composition, or of the built-in one.
pub(super) fn input(composition: Option<&Path>) -> Result<Option<Struct>, ManifestError> {
    if let Some(path) = composition {
        return manifests::input_of(&manifests::load(path)?, path);
    }
    let path = Path::new("the built-in Composition");
    manifests::input_of(&manifests::parse(BUILT_IN, path)?, path)
}

/// The platform's facts, checked.
pub(super) fn platform(
    input: Option<&Struct>,
    composition: Option<&Path>,
) -> Result<InputDraft, ClusterError> {
    let violations = Violations::default();
    let parsed = input::parse(input, &Clouds::ALL.known(), &violations);
    let path = composition.map_or("the built-in Composition".into(), |path| {
        path.display().to_string()
    });
    let found = violations.into_result();
    found.map_err(|found| unsound(path, found))?;
    Ok(parsed)
}

/// The Cluster of a file, checked like the function would.
pub(super) fn read(
    path: &Path,
    scope: Option<ScopeArg>,
    input: &InputDraft,
) -> Result<Cluster, ClusterError> {
    let document = document(path)?;
    let composite = manifests::composite_of(&document, scope, path)?;
    let (spec, cloud) = read_spec(Clouds::ALL, &composite, input)
        .map_err(|found| unsound(path.display().to_string(), found))?;
    let name = composite
        .str_at("spec.claimRef.name")
        .or(document["metadata"]["name"].as_str())
        .unwrap_or_default()
        .to_owned();
    Ok(Cluster {
        name,
        composite,
        spec,
        cloud,
    })
}

fn unsound(path: String, found: Vec<Violation>) -> ClusterError {
    let problems = summary(found);
    ClusterError::Unsound { path, problems }
}
