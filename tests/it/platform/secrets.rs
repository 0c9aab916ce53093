//! The way of a secret from the management cluster to a Pod, on both clouds.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    CLUSTERS, claimed, files,
    manifests::taken,
    object, objects, registered, relative,
    rendering::{rendered, set, sets},
    text,
};
use crate::{conformance, support::cases::runs};

/// The objects of a set's Application for a cluster.
fn made(name: &str, cluster: &str) -> Vec<Value> {
    rendered(&set(name).application(claimed(cluster)))
}

/// The cloud of a cluster of clusters/.
fn cloud(cluster: &str) -> &'static str {
    if cluster.ends_with("us") {
        "aws"
    } else {
        "gcp"
    }
}

fn of_kind(objects: &[Value], kind: &str) -> Value {
    let found: Vec<_> = objects
        .iter()
        .filter(|object| object["kind"] == kind)
        .collect();
    assert_eq!(found.len(), 1, "{kind}");
    found[0].clone()
}

#[test]
fn every_rendered_object_is_one_that_its_api_server_takes() {
    let mut checked = 0;
    for set in sets() {
        for cluster in registered().iter().filter(|cluster| set.selects(cluster)) {
            let application = set.application(cluster);
            let path = application["spec"]["source"]["path"]
                .as_str()
                .unwrap_or_default();
            if !path.starts_with("argocd/") {
                continue;
            }
            for object in rendered(&application) {
                let left = object.to_string();
                assert!(
                    !left.contains("from-the-cluster"),
                    "{} for {}: {left}",
                    set.name(),
                    cluster.title
                );
                taken(path, &object);
                checked += 1;
            }
        }
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn each_store_is_its_clouds() {
    let store = |cluster: &str, cloud: &str| {
        of_kind(
            &made(&format!("stores-{cloud}"), cluster),
            "ClusterSecretStore",
        )
    };
    assert_eq!(
        store("prod-us", "aws")["spec"]["provider"],
        json!({"aws": {"service": "SecretsManager", "region": "us-east-1"}}),
        "no `auth`: it could not be Pod Identity then"
    );
    assert_eq!(
        store("prod-eu", "gcp")["spec"]["provider"],
        json!({"gcpsm": {"projectID": "acme-prod", "auth": {"workloadIdentity": {
            "clusterName": claimed("prod-eu").annotations["xcluster.dev/cloud-name"],
            "clusterLocation": "europe-west1",
            "serviceAccountRef": {"name": "external-secrets", "namespace": "external-secrets"},
        }}}})
    );
}

/// A GKE cluster's location, which the label says, is its region: the function makes regional clusters.
#[test]
fn the_region_is_where_the_cluster_is() {
    let mut checked = 0;
    for run in runs() {
        let composed = run.last().desired();
        let cluster = &composed["cluster"]["spec"]["forProvider"];
        if let Some(location) = cluster["location"].as_str() {
            assert_eq!(
                run.case.composite["spec"]["region"],
                location,
                "{}",
                run.title()
            );
            checked += 1;
        }
    }
    assert!(checked > 5, "{checked}");
}

/// The service's ExternalSecret: one file for both clouds, which no overlay changes.
fn external() -> Value {
    let folder = "model-server/deploy";
    let reading = |path: &String| text(path).contains("ExternalSecret");
    let paths = files(folder, "yaml")
        .into_iter()
        .map(|path| relative(&path));
    let found: Vec<_> = paths.filter(reading).collect();
    assert_eq!(found, [format!("{folder}/base/external-secret.yaml")]);
    object(&found[0], "ExternalSecret", "inference-tokens")
}

#[test]
fn what_reads_secrets_is_the_same_on_both_clouds() {
    conformance::check(&{
        let mut external = external();
        // Where Argo CD puts it.
        external["metadata"]["namespace"] = json!("inference");
        external
    });
    let besides = |cluster: &str, cloud: &str| {
        let mut objects = made(&format!("stores-{cloud}"), cluster);
        objects.retain(|object| object["kind"] != "ClusterSecretStore");
        serde_json::to_string(&objects).unwrap()
    };
    assert_eq!(besides("prod-us", "aws"), besides("prod-eu", "gcp"));
}

#[test]
fn a_secret_is_pushed_to_where_every_cluster_reads_it() {
    for name in CLUSTERS {
        let cloud = cloud(name);
        let managed = made(&format!("management-{cloud}"), name);
        let push = of_kind(&managed, "PushSecret");
        let target = of_kind(&managed, "ClusterSecretStore");
        let namespaces = &target["spec"]["conditions"][0]["namespaces"];
        assert_eq!(
            namespaces,
            &json!([push["metadata"]["namespace"]]),
            "only from there"
        );
        let reading = made(&format!("stores-{cloud}"), name);
        let mut source = of_kind(&reading, "ClusterSecretStore")["spec"]["provider"].clone();
        if let Some(google) = source.get_mut("gcpsm") {
            // The management cluster is itself, whichever cluster it pushes for.
            google.as_object_mut().unwrap().remove("auth");
        }
        assert_eq!(
            target["spec"]["provider"], source,
            "{name} reads what is pushed for it"
        );
        let external = external();
        let pushed = &push["spec"]["data"][0]["match"];
        let read = &external["spec"]["data"][0];
        assert_eq!(read["secretKey"], pushed["secretKey"], "{name}");
        assert_eq!(
            read["remoteRef"]["key"], pushed["remoteRef"]["remoteKey"],
            "{name}"
        );
        assert_eq!(
            read["remoteRef"]["property"], pushed["remoteRef"]["property"],
            "{name}"
        );
        assert_eq!(
            external["spec"]["secretStoreRef"]["name"], "platform",
            "{name}"
        );
        assert_eq!(
            push["spec"]["deletionPolicy"], "None",
            "clusters go on reading"
        );
        let key = pushed["remoteRef"]["remoteKey"].as_str().unwrap();
        assert!(
            key.chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '-'),
            "{key}: GCP takes no other"
        );
    }
}

/// What the pushed secrets are called in the clouds.
pub(super) fn pushed_keys() -> Vec<String> {
    let mut found = Vec::new();
    for name in CLUSTERS {
        let push = of_kind(
            &made(&format!("management-{}", cloud(name)), name),
            "PushSecret",
        );
        for data in push["spec"]["data"].as_array().unwrap() {
            let key = &data["match"]["remoteRef"]["remoteKey"];
            found.push(key.as_str().unwrap().to_owned());
            // Either would take more rights than External Secrets has.
            assert!(data.get("metadata").is_none(), "{name}");
        }
        assert_eq!(push["spec"]["deletionPolicy"], "None", "{name}");
    }
    found
}

/// External Secrets does not try a PushSecret again that selects stores by a label and finds none. So each is made
/// with its store and names it: a store that is not there yet is an error, which is tried again.
#[test]
fn what_pushes_names_the_store_that_is_made_with_it() {
    let mut names = BTreeSet::new();
    for name in CLUSTERS {
        let managed = made(&format!("management-{}", cloud(name)), name);
        let store = of_kind(&managed, "ClusterSecretStore");
        let push = of_kind(&managed, "PushSecret");
        assert_eq!(
            push["spec"]["secretStoreRefs"],
            json!([{"kind": "ClusterSecretStore", "name": store["metadata"]["name"]}]),
            "{name}"
        );
        // The token, which bootstrap/up.sh makes once and a person rotates.
        assert_eq!(
            push["spec"]["selector"]["secret"]["name"], "inference-tokens",
            "{name}"
        );
        names.insert(push["metadata"]["name"].clone().to_string());
    }
    assert_eq!(names.len(), CLUSTERS.len(), "one a cluster");
    for path in files("argocd", "yaml").iter().map(|path| relative(path)) {
        for push in objects(&path) {
            if push["kind"] == "PushSecret" {
                let stores = push["spec"]["secretStoreRefs"].to_string();
                assert!(!stores.contains("labelSelector"), "{path}: {stores}");
                assert!(path.starts_with("argocd/management/"), "{path}");
            }
        }
    }
}

/// External Secrets on an EKS cluster is the role that bootstrap/eks makes.
#[test]
fn external_secrets_has_an_identity_on_every_eks_cluster() {
    let association = of_kind(
        &made("management-aws", "staging-us"),
        "PodIdentityAssociation",
    );
    assert_eq!(
        association["metadata"]["name"], "ml-platform.staging-us-external-secrets",
        "one a cluster"
    );
    assert_eq!(
        association["spec"]["forProvider"],
        json!({
            "region": "us-east-2",
            "clusterName": claimed("staging-us").annotations["xcluster.dev/cloud-name"],
            "namespace": "external-secrets",
            "serviceAccount": "external-secrets",
            "roleArn": "arn:aws:iam::111122223333:role/external-secrets-reader",
        })
    );
    let chart = set("external-secrets").application(claimed("staging-us"));
    assert_eq!(
        chart["spec"]["destination"]["namespace"],
        "external-secrets"
    );
    assert_eq!(
        chart["spec"]["source"]["helm"]["valuesObject"]["serviceAccount"]["name"],
        "external-secrets"
    );
}

/// External Secrets on a GKE cluster is its name in the project's pool of identities, which Google makes with the first
/// cluster: so the grant comes with a cluster.
#[test]
fn external_secrets_has_an_identity_on_every_gke_cluster() {
    let member = of_kind(&made("management-gcp", "staging-eu"), "ProjectIAMMember");
    assert_eq!(
        member["metadata"]["name"], "ml-platform.staging-eu-external-secrets",
        "one a cluster"
    );
    let reading = made("stores-gcp", "staging-eu");
    let store = of_kind(&reading, "ClusterSecretStore");
    let account =
        &store["spec"]["provider"]["gcpsm"]["auth"]["workloadIdentity"]["serviceAccountRef"];
    let (namespace, name) = (&account["namespace"], &account["name"]);
    let member_name = format!(
        "serviceAccount:acme-prod.svc.id.goog[{}/{}]",
        namespace.as_str().unwrap(),
        name.as_str().unwrap()
    );
    assert_eq!(
        member["spec"]["forProvider"],
        json!({
            "project": "acme-prod",
            "role": "roles/secretmanager.secretAccessor",
            "member": member_name,
            "condition": {
                "title": "pushed-secrets",
                "expression": "resource.name.extract(\"/secrets/{name}\").startsWith(\"inference-\")",
            },
        })
    );
    assert_eq!(
        member["spec"]["managementPolicies"],
        json!(["Observe", "Create", "Update", "LateInitialize"]),
        "the project's other clusters have the same grant"
    );
    let terraform = files("bootstrap/gcp", "tf");
    for path in terraform.iter().map(|path| relative(path)) {
        assert!(
            !text(&path).contains("svc.id.goog"),
            "{path}: before the pool exists"
        );
    }
}
