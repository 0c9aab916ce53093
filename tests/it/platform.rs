//! What a platform team installs besides the function: argocd/, bootstrap/ and clusters/, against the
//! definitions of their kinds, against each other, and against what the function composes.

mod accounts;
mod alerts;
mod balancers;
mod charts;
mod kinds;
mod management;
mod manifests;
mod places;
mod rendering;
mod rights;
mod script;
mod secrets;
mod service;
mod sets;
mod terraform;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use ::manifests::{composite_of, input_of, load};
use k8s_openapi::ByteString;
use serde_json::Value;

use crate::support::{
    cases::{SCOPES, document, repository, run, text},
    simulator::World,
};

/// The clusters that we show, all of which run the service.
const CLUSTERS: [&str; 4] = ["prod-eu", "prod-us", "staging-eu", "staging-us"];

/// Every file below a folder of the repository, by name.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    fn below(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What Terraform keeps beside its files.
            let hidden = path.file_name().unwrap().to_str().unwrap().starts_with('.');
            if path.is_dir() && !hidden {
                below(&path, extension, found);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    below(&repository(folder), extension, &mut found);
    found.sort();
    found
}

/// A path as it is in the repository.
fn relative(path: &Path) -> String {
    let path = path.strip_prefix(repository("")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The objects of a file.
fn objects(path: &str) -> Vec<Value> {
    load(&repository(path)).unwrap_or_else(|error| panic!("{error}"))
}

/// The object of this kind and name in a file.
fn object(path: &str, kind: &str, name: &str) -> Value {
    let mut found = objects(path);
    found.retain(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    assert_eq!(found.len(), 1, "{kind} {name} in {path}");
    found.remove(0)
}

/// Labels, annotations or data as strings.
fn strings(value: &Value) -> BTreeMap<String, String> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// A cluster as Argo CD's generator knows it.
#[derive(Debug)]
struct Registered {
    /// What it is called here: the cluster's name and the scope.
    title: String,
    /// Its name in Argo CD.
    name: String,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

impl Registered {
    fn new(title: &str, secret: &Value) -> Self {
        let name: ByteString = serde_json::from_value(secret["data"]["name"].clone()).unwrap();
        Self {
            title: title.to_owned(),
            name: String::from_utf8(name.0).unwrap(),
            labels: strings(&secret["metadata"]["labels"]),
            annotations: strings(&secret["metadata"]["annotations"]),
        }
    }

    /// The Secret among composed objects: itself, or carried by an Object of provider-kubernetes.
    fn among(title: &str, composed: &BTreeMap<String, Value>) -> Option<Self> {
        let carried = composed.get("registration-object");
        let carried = carried.map(|object| &object["spec"]["forProvider"]["manifest"]);
        let secret = composed.get("registration-secret").or(carried)?;
        Some(Self::new(title, secret))
    }
}

/// Examples in the modes that no cluster of clusters/ has.
const OTHER_MODES: [&str; 2] = ["aws-auto", "gcp-standard"];

/// The clusters of clusters/ in the three scopes, and one of each mode besides, as they are registered
/// once they are ready.
fn registered() -> &'static [Registered] {
    static FOUND: OnceLock<Vec<Registered>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let composition = repository("clusters/composition.yaml");
        let input = input_of(&objects("clusters/composition.yaml"), &composition).unwrap();
        let mut found = Vec::new();
        for name in CLUSTERS {
            let path = repository(&format!("clusters/{name}.yaml"));
            for (scope, scope_name) in SCOPES {
                let composite = composite_of(&document(&path), Some(scope), &path).unwrap();
                let mut world = World::new(serde_json::to_value(composite).unwrap(), input.clone());
                let last = world.settle().pop().unwrap();
                let title = format!("{name} as {scope_name}");
                assert_eq!(last.fatal(), None, "{title}");
                assert!(
                    last.is_ready(),
                    "{title}: {:#}",
                    last.status()["waitingFor"]
                );
                let secret = Registered::among(&title, &last.desired());
                found.push(secret.unwrap_or_else(|| panic!("{title} is not registered")));
            }
        }
        for run in OTHER_MODES.map(run) {
            let secret = Registered::among(&run.title(), &run.last().desired());
            found.push(secret.unwrap_or_else(|| panic!("{} is not registered", run.title())));
        }
        found
    })
}

/// One of them as a claim.
fn claimed(name: &str) -> &'static Registered {
    let title = format!("{name} as claims");
    let mut found = registered().iter();
    found.find(|it| it.title == title).unwrap()
}
