//! Who may do what: Argo CD's projects, and people on the management cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    CLUSTERS, claimed, files,
    manifests::sources,
    object, objects, registered, relative,
    rendering::{DEPLOYED, rendered, sets},
};

fn projects() -> BTreeMap<String, Value> {
    let projects = objects("argocd/projects.yaml").into_iter();
    projects
        .map(|project| {
            (
                project["metadata"]["name"].as_str().unwrap().to_owned(),
                project,
            )
        })
        .collect()
}

/// Every Application: of the sets for each cluster, and those that stand alone.
fn applications() -> Vec<Value> {
    let generated = sets().into_iter().flat_map(|set| {
        let selected = registered()
            .iter()
            .filter(|it| set.selects(it))
            .map(|it| set.application(it));
        selected.collect::<Vec<_>>()
    });
    let root = object("argocd/root.yaml", "Application", "root");
    generated.chain([root]).collect()
}

/// What a project's list of kinds allows, as `group/kind`.
fn kinds(project: &Value, list: &str) -> BTreeSet<String> {
    let items = project["spec"][list].as_array().unwrap().iter();
    items
        .map(|it| {
            format!(
                "{}/{}",
                it["group"].as_str().unwrap(),
                it["kind"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn no_project_allows_everything() {
    for (name, project) in projects() {
        let spec = project["spec"].to_string();
        assert!(!spec.contains('*'), "{name} has a star");
        for destination in project["spec"]["destinations"].as_array().unwrap() {
            let cluster = destination["name"].as_str().unwrap();
            assert!(
                ["in-cluster", "!in-cluster"].contains(&cluster),
                "{name}: {cluster}"
            );
            assert!(
                destination["namespace"]
                    .as_str()
                    .is_some_and(|it| !it.is_empty()),
                "{name}"
            );
        }
        for list in ["clusterResourceWhitelist", "namespaceResourceWhitelist"] {
            assert!(
                project["spec"][list].is_array(),
                "{name}: without {list} every kind is allowed"
            );
        }
        let repositories = project["spec"]["sourceRepos"].as_array().unwrap();
        assert_eq!(
            repositories[0], "from-root",
            "{name}: the first is replaced"
        );
    }
}

#[test]
fn the_service_may_touch_its_own_namespace_and_nothing_else() {
    let project = &projects()["ml-platform"];
    assert_eq!(
        project["spec"]["destinations"],
        json!([{"name": "!in-cluster", "namespace": "inference"}])
    );
    assert_eq!(project["spec"]["clusterResourceWhitelist"], json!([]));
    assert_eq!(project["spec"]["sourceRepos"], json!(["from-root"]));
    let allowed = kinds(project, "namespaceResourceWhitelist");
    for kind in [
        "/Secret",
        "/Pod",
        "rbac.authorization.k8s.io/Role",
        "rbac.authorization.k8s.io/RoleBinding",
    ] {
        assert!(!allowed.contains(kind), "{kind}");
    }
}

#[test]
fn only_the_management_projects_reach_the_management_cluster() {
    for (name, project) in projects() {
        let here = project["spec"]["destinations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["name"] == "in-cluster");
        assert_eq!(
            here,
            ["root", "management"].contains(&name.as_str()),
            "{name}"
        );
    }
    let root = &projects()["root"];
    assert!(
        kinds(root, "namespaceResourceWhitelist")
            .iter()
            .all(|kind| kind.starts_with("argoproj.io/"))
    );
    assert_eq!(root["spec"]["clusterResourceWhitelist"], json!([]));
}

/// What Argo CD itself says about each is asked in the end-to-end case 20-argocd.
#[test]
fn every_application_is_within_its_project() {
    let projects = projects();
    for application in applications() {
        let name = application["metadata"]["name"].as_str().unwrap();
        let project = &projects[application["spec"]["project"].as_str().unwrap()]["spec"];
        let destination = &application["spec"]["destination"];
        let here = destination["name"] == "in-cluster";
        let permitted = project["destinations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| {
                it["namespace"] == destination["namespace"] && (it["name"] == "in-cluster") == here
            });
        assert!(permitted, "{name}: {destination}");
        for source in sources(&application) {
            let repository = &source["repoURL"];
            let own = name == "root"
                || project["sourceRepos"]
                    .as_array()
                    .unwrap()
                    .contains(repository);
            assert!(own, "{name}: {repository}");
        }
    }
}

/// The folders' objects, by the project of the Application that they belong to.
#[test]
fn every_kind_that_is_deployed_is_allowed() {
    let projects = projects();
    let mut checked = 0;
    for application in applications() {
        let path = application["spec"]["source"]["path"]
            .as_str()
            .unwrap_or_default();
        let deployed = match path {
            "argocd" => ["root", "projects"]
                .iter()
                .chain(&DEPLOYED)
                .flat_map(|name| objects(&format!("argocd/{name}.yaml")))
                .collect(),
            path if path.starts_with("argocd/") => rendered(&application),
            // The charts' kinds are known when they are synced, the service's when it is here.
            _ => continue,
        };
        let project = &projects[application["spec"]["project"].as_str().unwrap()];
        for object in deployed {
            let (group, _) = object["apiVersion"]
                .as_str()
                .unwrap()
                .split_once('/')
                .unwrap_or_default();
            let kind = format!("{group}/{}", object["kind"].as_str().unwrap());
            let list = match object["metadata"]["namespace"].as_str() {
                Some(namespace) => {
                    let destinations = project["spec"]["destinations"].as_array().unwrap();
                    assert!(
                        destinations.iter().any(|it| it["namespace"] == namespace),
                        "{path}: {namespace}"
                    );
                    "namespaceResourceWhitelist"
                }
                None => "clusterResourceWhitelist",
            };
            assert!(
                kinds(project, list).contains(&kind),
                "{path}: {kind} is not in {list}"
            );
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked}");
}

#[test]
fn the_service_consists_of_what_its_project_allows() {
    let allowed = kinds(&projects()["ml-platform"], "namespaceResourceWhitelist");
    let paths = files("model-server/deploy", "yaml");
    for path in paths.iter().map(|path| relative(path)) {
        for object in objects(&path) {
            let (group, _) = object["apiVersion"]
                .as_str()
                .unwrap_or_default()
                .split_once('/')
                .unwrap_or_default();
            let kind = format!("{group}/{}", object["kind"].as_str().unwrap_or_default());
            let kustomize = group.starts_with("kustomize.");
            assert!(
                kustomize || allowed.contains(&kind),
                "{path}: {kind} is not allowed in argocd/projects.yaml"
            );
        }
    }
}

/// The rules of a role of bootstrap/people.yaml, as `group/resource verb`.
fn may(role: &str) -> BTreeSet<String> {
    let role = object("bootstrap/people.yaml", "ClusterRole", role);
    let mut found = BTreeSet::new();
    let list = |rule: &Value, field: &str| -> Vec<String> {
        serde_json::from_value(rule[field].clone()).unwrap()
    };
    for rule in role["rules"].as_array().unwrap() {
        for group in list(rule, "apiGroups") {
            for resource in list(rule, "resources") {
                found.extend(
                    list(rule, "verbs")
                        .iter()
                        .map(|verb| format!("{group}/{resource} {verb}")),
                );
            }
        }
    }
    found
}

#[test]
fn authors_create_clusters_and_change_nothing_else() {
    let author = may("xcluster-author");
    assert!(author.contains("xcluster.dev/clusters create"));
    let reads = ["get", "list", "watch"];
    for right in &author {
        let verb = right.rsplit(' ').next().unwrap();
        assert!(
            right.starts_with("xcluster.dev/clusters ") || reads.contains(&verb),
            "{right}"
        );
    }
    assert!(
        may("xcluster-viewer")
            .iter()
            .all(|right| reads.contains(&right.rsplit(' ').next().unwrap()))
    );
    assert!(!may("xcluster-viewer").contains("apiextensions.crossplane.io/compositions update"));
    assert!(may("xcluster-platform").contains("apiextensions.crossplane.io/compositions update"));
    let bindings = objects("bootstrap/people.yaml");
    let author = bindings
        .iter()
        .find(|it| it["roleRef"]["name"] == "xcluster-author")
        .unwrap();
    assert_eq!(author["kind"], "RoleBinding", "in one namespace only");
    for name in CLUSTERS {
        let namespace = claimed(name).labels["xcluster.dev/namespace"].as_str();
        assert_eq!(author["metadata"]["namespace"], namespace, "{name}");
    }
}

#[test]
fn nobody_reads_secrets() {
    for role in ["xcluster-author", "xcluster-viewer", "xcluster-platform"] {
        for right in may(role) {
            let (group, _) = right.split_once('/').unwrap();
            assert!(
                group != "*" && !right.starts_with("/secrets") && !right.starts_with("/*"),
                "{role}: {right}"
            );
        }
    }
}
