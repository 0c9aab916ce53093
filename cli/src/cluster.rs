//! Reading a Cluster and its platform out of files, for the commands that need no control plane.

use std::path::Path;

use manifests::{ManifestError, ScopeArg};
use serde_json::Value;
use xcluster::{
    api::{
        input::{self, Input},
        spec::Spec,
        violation::{Violations, summary},
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
) -> Result<Input, ClusterError> {
    let violations = Violations::default();
    let parsed = input::parse(input, &Clouds::ALL.known(), &violations);
    let path = composition.map_or("the built-in Composition".into(), |path| {
        path.display().to_string()
    });
    sound(violations, path)?;
    Ok(parsed)
}

/// The Cluster of a file, checked like the function would.
pub(super) fn read(
    path: &Path,
    scope: Option<ScopeArg>,
    input: &Input,
) -> Result<Cluster, ClusterError> {
    let document = document(path)?;
    let composite = manifests::composite_of(&document, scope, path)?;
    let violations = Violations::default();
    let spec = read_spec(Clouds::ALL, &composite, input, &violations);
    let shown = path.display().to_string();
    sound(violations, shown.clone())?;
    let name = composite
        .str_at("spec.claimRef.name")
        .or(document["metadata"]["name"].as_str())
        .unwrap_or_default()
        .to_owned();
    // Without violations there is a spec.
    let (spec, cloud) = spec.ok_or(ClusterError::Unsound {
        path: shown,
        problems: "has no spec".to_owned(),
    })?;
    Ok(Cluster {
        name,
        composite,
        spec,
        cloud,
    })
}

fn sound(violations: Violations, path: String) -> Result<(), ClusterError> {
    let found = violations.into_inner();
    if found.is_empty() {
        return Ok(());
    }
    Err(ClusterError::Unsound {
        path,
        problems: summary(found),
    })
}
