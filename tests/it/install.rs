//! What bootstrap/crossplane installs, against the types of Kubernetes and Crossplane and against the server.

use std::{path::Path, time::Duration};

use clap::Parser;
use k8s_openapi::{
    api::{apps::v1::DeploymentSpec, policy::v1::PodDisruptionBudget},
    apimachinery::pkg::util::intstr::IntOrString,
};
use manifests::load;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use xcluster::server::{Timeouts, args::Args};

use crate::{
    conformance,
    support::cases::{repository, text},
};

fn installed() -> Vec<Value> {
    let folder = repository("bootstrap/crossplane");
    let files = ["function.yaml", "verification.yaml"].map(|name| folder.join(name));
    let load = |file: &Path| load(file).unwrap_or_else(|error| panic!("{error}"));
    files.iter().flat_map(|file| load(file)).collect()
}

fn object(kind: &str) -> Value {
    let mut found = installed();
    found.retain(|object| object["kind"] == kind);
    assert_eq!(found.len(), 1, "{kind}");
    found.remove(0)
}

/// Its name, everywhere, and what keeps it out of the package manager's lock.
#[test]
fn a_second_release_differs_in_its_name_alone() {
    let folder = repository("bootstrap/crossplane");
    let read = |name: &str| load(&folder.join(name)).unwrap_or_else(|error| panic!("{error}"));
    let mut second = read("function-next.yaml");
    for object in &second {
        assert_eq!(object["metadata"]["name"], "function-xcluster-next");
        if object["kind"] != "PodDisruptionBudget" {
            conformance::check(object);
        }
    }
    let text = serde_json::to_string(&read("function.yaml")).unwrap();
    let text = text.replace("\"function-xcluster\"", "\"function-xcluster-next\"");
    let first: Vec<Value> = serde_json::from_str(&text).unwrap();
    for (second, first) in second.iter_mut().zip(&first) {
        if second["kind"] != "Function" {
            continue;
        }
        let spec = second["spec"].as_object_mut().unwrap();
        assert_eq!(spec.remove("skipDependencyResolution"), Some(true.into()));
        let repository = |package: &Value| {
            let package = package.as_str().unwrap().rsplit_once(':').unwrap();
            package.0.to_owned()
        };
        let package = &first["spec"]["package"];
        assert_eq!(repository(&spec["package"]), repository(package));
        spec["package"] = package.clone();
    }
    assert_eq!(second, first);
}

/// What keeps the second release out of the lock is right only as long as there is nothing to resolve.
#[test]
fn the_package_depends_on_nothing() {
    let package = load(&repository("package/crossplane.yaml")).unwrap();
    assert_eq!(package[0]["kind"], "Function");
    assert!(package[0]["spec"].get("dependsOn").is_none());
}

/// `fleet/publish.sh` names the channels, and the Composition is published as stable from the beginning.
#[test]
fn the_shipped_composition_is_in_a_channel() {
    for name in ["composition.yaml", "composition-namespaced.yaml"] {
        let composition = load(&repository("clusters").join(name)).unwrap().remove(0);
        assert_eq!(
            composition["metadata"]["labels"]["channel"], "stable",
            "{name}"
        );
        let function = &composition["spec"]["pipeline"][0]["functionRef"]["name"];
        assert_eq!(function, &object("Function")["metadata"]["name"], "{name}");
    }
}

/// A value as its type. What the type does not know would be lost on the way back.
fn typed<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    let typed: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(&serde_json::to_value(&typed).unwrap(), value);
    typed
}

fn deployment() -> DeploymentSpec {
    typed(&object("DeploymentRuntimeConfig")["spec"]["deploymentTemplate"]["spec"])
}

#[test]
fn crossplane_takes_every_object() {
    for object in installed() {
        if object["kind"] != "PodDisruptionBudget" {
            conformance::check(&object);
        }
    }
}

#[test]
fn the_function_is_this_version_with_that_configuration() {
    let function = object("Function");
    let package = format!(
        "ghcr.io/function-xcluster/function-xcluster:v{}",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(function["spec"]["package"], package);
    let readme = text("README.md");
    assert!(readme.contains(&package), "README.md installs {package}");
    let configuration = &object("DeploymentRuntimeConfig")["metadata"]["name"];
    assert_eq!(&function["spec"]["runtimeConfigRef"]["name"], configuration);
    let images = &object("ImageConfig")["spec"]["matchImages"][0]["prefix"];
    assert!(package.starts_with(images.as_str().unwrap()));
}

/// Crossplane's package manager labels the Pods with `pkg.crossplane.io/function: NAME`, besides the
/// revision, which another version of the package changes.
#[test]
fn the_budget_and_the_spread_select_the_pods() {
    let name = object("Function")["metadata"]["name"].clone();
    let label = ("pkg.crossplane.io/function", name.as_str().unwrap());
    let budget: PodDisruptionBudget = typed(&object("PodDisruptionBudget"));
    assert_eq!(
        budget.metadata.namespace.as_deref(),
        Some("crossplane-system")
    );
    let pods = deployment().template.spec.unwrap();
    let spread = pods.topology_spread_constraints.unwrap();
    let selectors = spread
        .into_iter()
        .map(|constraint| constraint.label_selector);
    let budget = budget.spec.unwrap();
    for selector in selectors.chain([budget.selector]) {
        let labels = selector.unwrap().match_labels.unwrap();
        let labels: Vec<_> = labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        assert_eq!(labels, [label]);
    }
    assert_eq!(budget.max_unavailable, Some(IntOrString::Int(1)));
    assert!(deployment().replicas.unwrap() > 1);
}

#[test]
fn the_pod_asks_what_the_server_answers() {
    let server = Args::try_parse_from(["function-xcluster", "--insecure"]).unwrap();
    let metrics = format!("{:?}", server.metrics_address);
    let pod = deployment().template.spec.unwrap();
    let [container] = &pod.containers[..] else {
        panic!("one container");
    };
    assert_eq!(
        container.name, "package-runtime",
        "the name that Crossplane looks for"
    );
    let probes = [
        (&container.startup_probe, "/readyz"),
        (&container.readiness_probe, "/readyz"),
        (&container.liveness_probe, "/healthz"),
    ];
    for (probe, path) in probes {
        let probe = probe.clone().unwrap().http_get.unwrap();
        assert_eq!(probe.path.as_deref(), Some(path));
        let IntOrString::Int(port) = probe.port else {
            panic!("{:?}", probe.port);
        };
        assert!(metrics.contains(&port.to_string()), "{port} in {metrics}");
    }
    let grace = Duration::from_secs(pod.termination_grace_period_seconds.unwrap().unsigned_abs());
    assert!(grace > Timeouts::default().drain);
}

#[test]
fn the_pod_may_do_nothing_that_it_need_not() {
    let pod = deployment().template.spec.unwrap();
    assert_eq!(pod.automount_service_account_token, Some(false));
    let whole = pod.security_context.unwrap();
    let own = pod.containers[0].security_context.clone().unwrap();
    // Crossplane's defaults are gone as soon as a context is set.
    for (user, group, not_root) in [
        (whole.run_as_user, whole.run_as_group, whole.run_as_non_root),
        (own.run_as_user, own.run_as_group, own.run_as_non_root),
    ] {
        assert_eq!(
            (user, group, not_root),
            (Some(2000), Some(2000), Some(true))
        );
    }
    assert_eq!(own.read_only_root_filesystem, Some(true));
    assert_eq!(own.allow_privilege_escalation, Some(false));
    assert_eq!(own.capabilities.unwrap().drop.unwrap(), ["ALL"]);
    assert_eq!(whole.seccomp_profile.unwrap().type_, "RuntimeDefault");
}
