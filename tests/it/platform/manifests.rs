//! Every manifest is one that its API server takes, pins what it installs, and holds no secret.

use std::path::Path;

use k8s_openapi::api::{
    admissionregistration::v1::{ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding},
    apps::v1::Deployment,
    autoscaling::v2::HorizontalPodAutoscaler,
    core::v1::{ConfigMap, Namespace, Service, ServiceAccount},
    networking::v1::{Ingress, IngressClass, NetworkPolicy},
    policy::v1::PodDisruptionBudget,
    rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding},
    storage::v1::StorageClass,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{files, objects, relative, text};
use crate::conformance;

const FOLDERS: [&str; 3] = ["argocd", "bootstrap", "clusters"];

/// YAML that no API server reads.
fn is_manifest(path: &str) -> bool {
    let name = Path::new(path).file_name().unwrap().to_str().unwrap();
    !name.starts_with("values")
        && name != "kustomization.yaml"
        && path != "bootstrap/kind/cluster.yaml"
}

/// Every object with the file that it is in.
fn manifests() -> Vec<(String, Value)> {
    let paths = FOLDERS.iter().flat_map(|folder| files(folder, "yaml"));
    let paths = paths.map(|path| relative(&path));
    paths
        .filter(|path| is_manifest(path))
        .flat_map(|path| objects(&path).into_iter().map(move |it| (path.clone(), it)))
        .collect()
}

/// Panics with what Kubernetes' own type does not know or lacks.
fn typed<T: DeserializeOwned + Serialize>(path: &str, object: &Value) {
    let typed: T =
        serde_json::from_value(object.clone()).unwrap_or_else(|it| panic!("{path}: {it}"));
    assert_eq!(&serde_json::to_value(typed).unwrap(), object, "{path}");
}

/// Panics with what an API server would not take.
pub(super) fn taken(path: &str, object: &Value) {
    let version = object["apiVersion"].as_str().unwrap();
    match (version, object["kind"].as_str().unwrap()) {
        ("admissionregistration.k8s.io/v1", kind) => match kind {
            "ValidatingAdmissionPolicy" => typed::<ValidatingAdmissionPolicy>(path, object),
            _ => typed::<ValidatingAdmissionPolicyBinding>(path, object),
        },
        ("apps/v1", "Deployment") => typed::<Deployment>(path, object),
        ("autoscaling/v2", _) => typed::<HorizontalPodAutoscaler>(path, object),
        ("v1", "ConfigMap") => typed::<ConfigMap>(path, object),
        ("v1", "Namespace") => typed::<Namespace>(path, object),
        ("v1", "Service") => typed::<Service>(path, object),
        ("v1", "ServiceAccount") => typed::<ServiceAccount>(path, object),
        ("networking.k8s.io/v1", "Ingress") => typed::<Ingress>(path, object),
        ("networking.k8s.io/v1", "NetworkPolicy") => typed::<NetworkPolicy>(path, object),
        ("networking.k8s.io/v1", "IngressClass") => typed::<IngressClass>(path, object),
        ("storage.k8s.io/v1", "StorageClass") => typed::<StorageClass>(path, object),
        ("policy/v1", "PodDisruptionBudget") => typed::<PodDisruptionBudget>(path, object),
        ("rbac.authorization.k8s.io/v1", kind) => match kind {
            "ClusterRole" => typed::<ClusterRole>(path, object),
            "ClusterRoleBinding" => typed::<ClusterRoleBinding>(path, object),
            "Role" => typed::<Role>(path, object),
            _ => typed::<RoleBinding>(path, object),
        },
        _ => conformance::check(object),
    }
}

#[test]
fn every_manifest_is_one_that_its_api_server_takes() {
    let mut checked = 0;
    for (path, object) in manifests() {
        let kind = object["kind"]
            .as_str()
            .unwrap_or_else(|| panic!("{path} has no kind"));
        let group = object["apiVersion"].as_str().unwrap();
        let name = object["metadata"]["name"].as_str();
        assert!(
            name.is_some_and(|name| !name.is_empty()),
            "{path}: {kind} has no name"
        );
        match (group, kind) {
            // Their schema is the XRD, which other tests compare them with; and the XRD's is its own.
            ("xcluster.dev/v1alpha1", "Cluster") | (_, "CompositeResourceDefinition") => {}
            _ => taken(&path, &object),
        }
        checked += 1;
    }
    assert!(checked > 60, "only {checked} objects were found");
}

#[test]
fn no_manifest_stands_twice() {
    let mut seen = std::collections::BTreeMap::new();
    for (path, object) in manifests() {
        // Of these, one file of several is installed.
        let alternatives = [
            "providerconfigs/",
            "activation-",
            "clusters/",
            "argocd/stores/",
            "argocd/management/",
        ];
        if alternatives.iter().any(|part| path.contains(part)) {
            continue;
        }
        let (kind, name) = (object["kind"].to_string(), object["metadata"].to_string());
        if let Some(other) = seen.insert((kind, name), path.clone()) {
            panic!(
                "{other} and {path} hold the same object: {}",
                object["metadata"]
            );
        }
    }
}

#[test]
fn values_and_settings_of_tools_are_yaml() {
    let mut checked = 0;
    for folder in FOLDERS {
        for path in files(folder, "yaml").iter().map(|path| relative(path)) {
            if !is_manifest(&path) {
                let _: Value = serde_saphyr::from_str(&text(&path))
                    .unwrap_or_else(|error| panic!("{path}: {error}"));
                checked += 1;
            }
        }
    }
    assert!(checked > 10, "{checked}");
}

/// Whether it is MAJOR.MINOR.PATCH.
fn is_exact(version: &str) -> bool {
    let parts: Vec<_> = version.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

/// The sources of an Application or an ApplicationSet.
pub(super) fn sources(object: &Value) -> Vec<&Value> {
    let spec = object
        .pointer("/spec/template/spec")
        .unwrap_or(&object["spec"]);
    let several = spec["sources"].as_array().into_iter().flatten();
    several.chain(spec.get("source")).collect()
}

#[test]
fn whatever_is_installed_has_one_version() {
    let mut pinned = 0;
    for (path, object) in manifests() {
        if let Some(package) = object["spec"]["package"].as_str() {
            let version = package.rsplit_once(":v").map(|(_, version)| version);
            assert!(version.is_some_and(is_exact), "{path}: {package}");
            pinned += 1;
        }
        for source in sources(&object)
            .into_iter()
            .filter(|source| source.get("chart").is_some())
        {
            let version = source["targetRevision"].as_str().unwrap();
            assert!(is_exact(version), "{path}: {} {version}", source["chart"]);
            pinned += 1;
        }
    }
    for line in text("bootstrap/lib/settings.sh").lines() {
        if let Some((name, version)) = line.split_once("_chart=") {
            assert!(is_exact(version), "{name}: {version}");
            pinned += 1;
        }
    }
    assert!(text("bootstrap/kind/cluster.yaml").contains("@sha256:"));
    assert!(pinned > 15, "{pinned}");
}

/// The chart's version in bootstrap/lib/settings.sh.
fn chart(name: &str) -> String {
    let settings = text("bootstrap/lib/settings.sh");
    let mut lines = settings.lines();
    let line = lines.find_map(|line| line.strip_prefix(&format!("{name}_chart=")));
    line.unwrap_or_else(|| panic!("no {name}_chart")).to_owned()
}

#[test]
fn what_is_installed_is_what_was_tested() {
    let crossplane = format!(
        "github.com/crossplane/crossplane/v2 v{}",
        chart("crossplane")
    );
    assert!(
        text("tools/crossplane-core/go.mod").contains(&crossplane),
        "{crossplane}"
    );
    let [release] = conformance::releases("external-secrets.io") else {
        panic!("one release");
    };
    let version = chart("external_secrets");
    assert!(
        format!("external-secrets-v{version}").starts_with(&format!("{release}.")),
        "{version}"
    );
    let sets = objects("argocd/platform.yaml");
    let on_clusters = sets
        .iter()
        .flat_map(sources)
        .find(|source| source["chart"] == "external-secrets");
    assert_eq!(
        on_clusters.unwrap()["targetRevision"],
        version,
        "the same on every cluster"
    );
    for object in objects("bootstrap/crossplane/providers.yaml") {
        let package = object["spec"]["package"].as_str().unwrap();
        let (name, version) = package.rsplit_once(':').unwrap();
        let cloud = if name.contains("aws") { "aws" } else { "gcp" };
        let tested = conformance::releases(&format!("{cloud}.upbound.io"));
        let release = format!("provider-{cloud}-{version}");
        assert!(tested.contains(&release.as_str()), "{package}");
    }
}

/// Beginnings of keys, and fields that hold one.
const SECRETS: [&str; 9] = [
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "ghp_",
    "private_key\"",
    "bearerToken",
    "stringData",
    "password:",
    "ya29.",
];

#[test]
fn nothing_holds_a_secret() {
    let mut looked_at = 0;
    for folder in FOLDERS {
        for extension in ["yaml", "tf", "sh", "json"] {
            for path in files(folder, extension).iter().map(|path| relative(path)) {
                let text = text(&path);
                for secret in SECRETS {
                    assert!(!text.contains(secret), "{path} holds {secret}");
                }
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 50, "{looked_at}");
    for (path, object) in manifests() {
        assert_ne!(object["kind"], "Secret", "{path}");
    }
}
