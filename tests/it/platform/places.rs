//! What a fork changes stands in one place, and what is named is there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    CLUSTERS, claimed, files, object, objects, relative,
    rendering::{DEPLOYED, Set, sets},
    text,
};
use crate::support::cases::repository;

fn root() -> Value {
    object("argocd/root.yaml", "Application", "root")
}

/// The service's host, where a fork changes it.
pub(super) fn host() -> String {
    let annotations = &root()["metadata"]["annotations"];
    annotations["xcluster.dev/host"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_host_of_the_service_stands_in_one_place() {
    let host = host();
    for path in files("argocd", "yaml").iter().map(|path| relative(path)) {
        assert_eq!(
            text(&path).matches(&host).count(),
            usize::from(path == "argocd/root.yaml"),
            "{path}"
        );
    }
    let kustomization: Value = serde_saphyr::from_str(&text("argocd/kustomization.yaml")).unwrap();
    let replacements = kustomization["replacements"].as_array().unwrap();
    let field = "metadata.annotations.[xcluster.dev/host]";
    let mut found = replacements
        .iter()
        .filter(|it| it["source"]["fieldPath"] == field);
    assert_eq!(
        found.next().unwrap()["targets"],
        json!([{
            "select": {"kind": "ApplicationSet", "name": "inference"},
            "fieldPaths": ["spec.generators.0.clusters.values.host"],
        }])
    );
    assert!(
        text("bootstrap/lib/settings.sh").contains(&format!("example_host={host}\n")),
        "up.sh refuses it"
    );
}

#[test]
fn the_repository_stands_in_one_place() {
    let root = root();
    let address = root["spec"]["source"]["repoURL"].as_str().unwrap();
    for path in files("argocd", "yaml").iter().map(|path| relative(path)) {
        assert_eq!(
            text(&path).matches(address).count(),
            usize::from(path == "argocd/root.yaml"),
            "{path}"
        );
    }
    let kustomization: Value = serde_saphyr::from_str(&text("argocd/kustomization.yaml")).unwrap();
    for (index, (field, place)) in [("repoURL", "repoURL"), ("targetRevision", "targetRevision")]
        .iter()
        .enumerate()
    {
        let replacement = &kustomization["replacements"][index];
        assert_eq!(
            replacement["source"]["fieldPath"],
            format!("spec.source.{field}")
        );
        let copied: BTreeSet<_> = replacement["targets"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|target| target["select"]["name"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(copied, reading_the_repository(place), "{field}");
    }
}

/// The names of what has a source in this repository.
fn reading_the_repository(field: &str) -> BTreeSet<String> {
    let all = DEPLOYED.map(|name| objects(&format!("argocd/{name}.yaml")));
    let reading = all.iter().flatten().filter(|object| {
        super::manifests::sources(object)
            .iter()
            .any(|source| source[field] == "from-root")
    });
    reading
        .map(|object| object["metadata"]["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_folder_that_a_source_names_is_there() {
    let paths = |set: &Set| {
        let applications = CLUSTERS
            .map(claimed)
            .into_iter()
            .filter(|it| set.selects(it))
            .map(|it| set.application(it));
        applications
            .filter_map(|it| it["spec"]["source"]["path"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let all: BTreeSet<_> = sets().iter().flat_map(paths).collect();
    for path in &all {
        assert!(
            repository(path).join("kustomization.yaml").exists(),
            "{path}"
        );
    }
    assert_eq!(all.len(), 8, "{all:?}");
}
