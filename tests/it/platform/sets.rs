//! The ApplicationSets, against the Secrets that the function writes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    CLUSTERS, Registered, claimed, object, registered,
    rendering::{set, sets},
    text,
};
use crate::support::cases::runs;

/// Every Secret of every step of every example, and those of clusters/.
fn every_secret() -> Vec<Registered> {
    let steps = runs()
        .iter()
        .flat_map(|run| run.steps.iter().map(move |step| (run, step)));
    steps
        .filter_map(|(run, step)| Registered::among(&run.title(), &step.desired()))
        .collect()
}

#[test]
fn every_label_that_a_template_reads_is_guarded_and_on_every_cluster() {
    let secrets = every_secret();
    assert!(secrets.len() > 20, "{}", secrets.len());
    for set in sets() {
        let reads = set.reads();
        let labels = reads.iter().filter_map(|read| read.strip_prefix("labels "));
        for label in labels {
            assert!(
                set.guarded().contains(label),
                "{} reads {label} without a guard",
                set.name()
            );
        }
        assert!(
            set.guarded().contains("xcluster.dev/provider"),
            "{} is for every Secret, those of others too",
            set.name()
        );
        for guarded in set
            .guarded()
            .iter()
            .filter(|label| label.starts_with("xcluster.dev/"))
        {
            for secret in secrets.iter().chain(registered()) {
                assert!(
                    secret.labels.contains_key(guarded),
                    "{} lacks {guarded}",
                    secret.title
                );
            }
        }
        // A selector cannot guard an annotation. The function writes it whatever the cluster is.
        for annotation in reads
            .iter()
            .filter_map(|read| read.strip_prefix("annotations "))
        {
            for secret in secrets.iter().chain(registered()) {
                assert!(
                    secret.annotations.contains_key(annotation),
                    "{} lacks {annotation}",
                    secret.title
                );
            }
        }
    }
}

#[test]
fn each_cluster_gets_what_it_needs() {
    let rows = [
        ("auto-mode", &[][..], "neither EKS cluster is in Auto Mode"),
        (
            "external-secrets",
            &["prod-eu", "prod-us", "staging-eu", "staging-us"],
            "every cluster",
        ),
        (
            "inference",
            &["prod-eu", "prod-us", "staging-eu", "staging-us"],
            "they are labeled with it",
        ),
        // AWS-14.
        (
            "standard-mode",
            &["prod-us", "staging-us"],
            "EKS in mode standard",
        ),
        (
            "load-balancer-controller",
            &["prod-us", "staging-us"],
            "EKS in mode standard",
        ),
        (
            "load-balancer-identity",
            &["prod-us", "staging-us"],
            "where the controller is",
        ),
        (
            "management-aws",
            &["prod-us", "staging-us"],
            "a place to push to",
        ),
        (
            "management-gcp",
            &["prod-eu", "staging-eu"],
            "a place to push to",
        ),
        (
            "metrics-server",
            &["prod-us", "staging-us"],
            "GKE has its own, and neither asks EKS for its add-on",
        ),
        (
            "nvidia-device-plugin",
            &["prod-us", "staging-us"],
            "EKS with GPUs; Autopilot has its own",
        ),
        ("stores-aws", &["prod-us", "staging-us"], "Secrets Manager"),
        ("stores-gcp", &["prod-eu", "staging-eu"], "Secret Manager"),
    ];
    for (name, expected, reason) in rows {
        let set = set(name);
        let selected: Vec<_> = CLUSTERS
            .into_iter()
            .filter(|cluster| set.selects(claimed(cluster)))
            .collect();
        assert_eq!(selected, expected, "{name}: {reason}");
    }
    assert_eq!(sets().len(), rows.len(), "every set has a row");
}

#[test]
fn the_device_plugin_goes_only_where_it_is_needed() {
    let plugin = set("nvidia-device-plugin");
    let example = |name: &str| {
        let mut found = every_secret().into_iter();
        found
            .find(|secret| secret.title == format!("{name} as claims"))
            .unwrap()
    };
    let rows = [
        (
            "aws-standard",
            true,
            "GPU nodes of EKS have the driver alone",
        ),
        ("aws-auto", false, "Auto Mode brings the plugin"),
        ("gcp-standard", false, "GKE brings the plugin"),
        ("gcp-autopilot", false, "GKE brings the plugin"),
    ];
    for (name, expected, reason) in rows {
        assert_eq!(plugin.selects(&example(name)), expected, "{name}: {reason}");
    }
    let mut without = example("aws-standard");
    without
        .labels
        .insert("xcluster.dev/gpu".to_owned(), "false".to_owned());
    assert!(!plugin.selects(&without), "a cluster without GPUs");
}

#[test]
fn the_chart_of_the_metrics_server_keeps_away_from_the_clouds_own() {
    let metrics = set("metrics-server");
    let mut cluster = Registered {
        title: "prod-us with the add-on".to_owned(),
        name: claimed("prod-us").name.clone(),
        labels: claimed("prod-us").labels.clone(),
        annotations: BTreeMap::new(),
    };
    assert!(metrics.selects(&cluster));
    let label = "xcluster.dev/metrics-server".to_owned();
    cluster.labels.insert(label, "cloud".to_owned());
    assert!(!metrics.selects(&cluster));
}

#[test]
fn no_cluster_that_leaves_takes_its_workload_along() {
    for set in sets() {
        let spec = &set.0["spec"];
        assert_eq!(spec["goTemplate"], true, "{}", set.name());
        assert_eq!(
            spec["goTemplateOptions"],
            json!(["missingkey=error"]),
            "{}",
            set.name()
        );
        assert_eq!(
            spec["syncPolicy"]["preserveResourcesOnDeletion"],
            true,
            "{}",
            set.name()
        );
        assert_eq!(
            spec["syncPolicy"]["applicationsSync"],
            "create-update",
            "{}",
            set.name()
        );
        let metadata = &spec["template"]["metadata"];
        assert!(
            metadata.get("finalizers").is_none(),
            "{} would cascade",
            set.name()
        );
        let sync = &spec["template"]["spec"]["syncPolicy"];
        assert_eq!(
            sync["automated"],
            json!({"prune": true, "selfHeal": true}),
            "{}",
            set.name()
        );
        assert_eq!(
            sync["retry"]["limit"],
            -1,
            "{}: a new cluster takes minutes",
            set.name()
        );
        assert_eq!(sync["retry"]["refresh"], true, "{}", set.name());
        assert!(
            spec["template"]["spec"]["destination"]
                .get("server")
                .is_none(),
            "an endpoint may change"
        );
    }
}

/// What goes on while a cluster lives is never in a selector: a cluster that stops matching is forgotten.
#[test]
fn nothing_that_changes_selects() {
    let stays = [
        "xcluster.dev/provider",
        "xcluster.dev/mode",
        "xcluster.dev/region",
        "xcluster.dev/environment",
        "xcluster.dev/cluster",
        // These may change, and what they selected then stays: docs/platform.md says what to do.
        "xcluster.dev/workload",
        "xcluster.dev/gpu",
        "xcluster.dev/metrics-server",
    ];
    for set in sets() {
        let any_value = |label: &str| {
            let mut expressions = set.expressions().filter(|it| it["key"] == label);
            expressions.any(|it| it["operator"] == "Exists")
        };
        for label in set.guarded() {
            // Every cluster has it, whatever it says.
            if label == "xcluster.dev/traffic" && any_value(&label) {
                continue;
            }
            assert!(
                stays.contains(&label.as_str()),
                "{} selects by {label}",
                set.name()
            );
        }
    }
}

#[test]
fn a_revision_reaches_production_last_and_one_cluster_at_a_time() {
    let inference = set("inference");
    let steps = inference.0["spec"]["strategy"]["rollingSync"]["steps"]
        .as_array()
        .unwrap()
        .clone();
    let matches = |step: &Value, environment: &str| {
        step["matchExpressions"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| {
                assert_eq!(it["key"], "environment");
                let named = it["values"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|value| value == environment);
                named == (it["operator"] == "In")
            })
    };
    // An Application that no step matches is never synced.
    for (environment, expected) in [("staging", 0), ("test", 0), ("prod", 1)] {
        let found: Vec<_> = (0..steps.len())
            .filter(|index| matches(&steps[*index], environment))
            .collect();
        assert_eq!(found, [expected], "{environment}");
    }
    assert_eq!(steps[1]["maxUpdate"], 1);
    let application = inference.application(claimed("prod-us"));
    assert_eq!(
        application["metadata"]["labels"]["environment"], "prod",
        "what the steps match"
    );
    let rolling = sets()
        .iter()
        .filter(|set| set.0["spec"].get("strategy").is_some())
        .count();
    assert_eq!(rolling, 1, "only the service's revisions go in steps");
}

#[test]
fn the_service_knows_where_it_runs() {
    let application = set("inference").application(claimed("prod-us"));
    assert_eq!(
        application["spec"]["destination"],
        json!({"name": "ml-platform.prod-us", "namespace": "inference"})
    );
    assert_eq!(
        application["spec"]["source"]["path"],
        "model-server/deploy/overlays/aws"
    );
    assert_eq!(
        application["spec"]["source"]["kustomize"]["commonAnnotations"],
        json!({
            "xcluster.dev/cluster": "ml-platform.prod-us",
            "xcluster.dev/provider": "aws",
            "xcluster.dev/region": "us-east-1",
        })
    );
    assert_eq!(
        application["spec"]["source"]["kustomize"]["components"],
        json!(["../../traffic/active"])
    );
    // What the service reads is what it is given.
    let deployment = text("model-server/deploy/base/deployment.yaml");
    for name in ["cluster", "provider", "region"] {
        let read = format!("metadata.annotations['xcluster.dev/{name}']");
        assert!(deployment.contains(&read), "{read}");
    }
    assert_eq!(
        application["spec"]["ignoreDifferences"],
        json!([{"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}])
    );
}

#[test]
fn no_two_applications_have_one_name() {
    for scope in ["claims", "cluster", "namespaced"] {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for cluster in registered().iter().filter(|it| it.title.ends_with(scope)) {
            for set in sets().iter().filter(|set| set.selects(cluster)) {
                let name = set.application(cluster)["metadata"]["name"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                assert!(name.len() <= 63, "{name} becomes a label");
                let other = seen.insert(name.clone(), set.name().to_owned());
                assert_eq!(other, None, "{name} of {}", set.name());
            }
        }
    }
}

/// AWS-14: the add-on's class encrypts only where the account does.
#[test]
fn the_default_class_of_volumes_encrypts() {
    let class = object(
        "argocd/standard-mode/storage-class.yaml",
        "StorageClass",
        "encrypted",
    );
    assert_eq!(class["parameters"]["encrypted"], "true");
    let default = "storageclass.kubernetes.io/is-default-class";
    assert_eq!(class["metadata"]["annotations"][default], "true");
}
