//! `kubectl` is called as people call it. A script stands in for it, and writes down what it was asked.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use failover::{
    cluster::{Cluster, ClusterApi},
    kubectl::Kubectl,
};
use xcluster::api::choice::TrafficState;

struct Stand {
    folder: PathBuf,
    kubectl: Kubectl,
}

impl Stand {
    fn new(name: &str, script: &str) -> Stand {
        let folder =
            std::env::temp_dir().join(format!("failover-kubectl-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("kubectl");
        fs::write(
            &program,
            format!(
                "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'{}/asked'\n{script}\n",
                folder.display()
            ),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let kubectl = Kubectl {
            program: Some(program),
            context: Some("management".to_owned()),
            argocd_namespace: "argocd".to_owned(),
            ..Kubectl::default()
        };
        Stand { folder, kubectl }
    }

    fn asked(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("asked")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn cluster(namespace: Option<&str>) -> Cluster {
    Cluster::read(&serde_json::json!({"metadata": {"name": "prod-us", "namespace": namespace}}))
        .unwrap()
}

#[tokio::test]
async fn the_installed_xrd_decides_what_is_read_and_written() {
    for (installed, namespace, kind) in [
        (
            "clusters.xcluster.dev\\nxclusters.xcluster.dev",
            Some("ml-platform"),
            "clusters.xcluster.dev",
        ),
        ("xclusters.xcluster.dev", None, "xclusters.xcluster.dev"),
    ] {
        let script = format!(
            "case \"$*\" in *api-resources*) printf '{installed}\\n' ;; *) printf '{{\"items\": [{{\"metadata\": {{\"name\": \"prod-us\"}}}}]}}' ;; esac"
        );
        let stand = Stand::new(kind, &script);
        let found = stand.kubectl.clusters().await.unwrap();
        assert_eq!(found[0].name, "prod-us");
        stand
            .kubectl
            .set_state(&cluster(namespace), Some(TrafficState::Drained))
            .await
            .unwrap();
        stand
            .kubectl
            .set_state(&cluster(namespace), None)
            .await
            .unwrap();
        let asked = stand.asked();
        let flags = "--request-timeout=15s --context management";
        let namespace = namespace.map_or(String::new(), |namespace| {
            format!(" --namespace={namespace}")
        });
        let patch = format!(
            "{flags} patch {kind} prod-us{namespace} --type=merge --field-manager=xcluster-failover --output=name --patch="
        );
        assert_eq!(
            asked[1..],
            [
                format!("{flags} get {kind} --all-namespaces --output=json"),
                format!("{patch}{{\"spec\":{{\"traffic\":{{\"state\":\"drained\"}}}}}}"),
                format!("{patch}{{\"spec\":{{\"traffic\":{{\"state\":null}}}}}}"),
            ]
        );
    }
}

#[tokio::test]
async fn what_kubectl_complains_about_is_passed_on() {
    let stand = Stand::new(
        "complains",
        "echo 'error: You must be logged in to the server' >&2; exit 1",
    );
    let error = stand.kubectl.applications().await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("--output=json: error: You must be logged in to the server"),
        "{error}"
    );
}

#[tokio::test]
async fn another_cluster_than_the_management_cluster_is_noticed() {
    let stand = Stand::new("other", "exit 0");
    let error = stand.kubectl.clusters().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("name the management cluster with --context"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_kubectl_is_named() {
    let kubectl = Kubectl {
        program: Some("/nonexistent/kubectl".into()),
        ..Kubectl::default()
    };
    let error = kubectl.clusters().await.unwrap_err();
    assert!(error.to_string().contains("install kubectl"), "{error}");
}

#[tokio::test]
async fn the_ttl_is_the_records_own() {
    let script = r#"case "$*" in
      *api-resources*) printf 'records.route53.aws.upbound.io\nclusters.eks.aws.upbound.io\n' ;;
      *records.route53*) printf '{"items": [
        {"spec": {"forProvider": {"name": "inference.acme.example.", "ttl": 45}}},
        {"spec": {"forProvider": {"name": "other.acme.example", "ttl": 300}}}]}' ;;
      *) exit 1 ;;
    esac"#;
    let stand = Stand::new("ttl", script);
    let ttl = stand
        .kubectl
        .record_ttl("inference.acme.example")
        .await
        .unwrap();
    assert_eq!(ttl.map(|ttl| ttl.as_secs()), Some(45));
    assert_eq!(
        stand.kubectl.record_ttl("unknown.example").await.unwrap(),
        None
    );
}
