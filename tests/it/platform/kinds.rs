//! What is active and installed on the management cluster, against what is composed, and who the
//! controllers are in the clouds.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::DeploymentSpec;
use serde_json::Value;

use super::{files, object, objects, text};
use crate::support::cases::{SCOPES, runs};

/// The managed resources that are composed in a scope, as `plural.group`.
fn composed(scope: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in runs().iter().filter(|run| run.scope == scope) {
        for step in &run.steps {
            for object in step.desired().values() {
                let (group, _) = object["apiVersion"]
                    .as_str()
                    .unwrap()
                    .split_once('/')
                    .unwrap_or_default();
                // Crossplane's own Usages and Kubernetes' Secret are always there.
                if group.contains(".aws.")
                    || group.contains(".gcp.")
                    || group.starts_with("kubernetes.")
                {
                    let kind = object["kind"].as_str().unwrap().to_lowercase();
                    let plural = match kind.strip_suffix('y') {
                        Some(rest) if !rest.ends_with(['a', 'e', 'o', 'u']) => format!("{rest}ies"),
                        _ if kind.ends_with('s') => format!("{kind}es"),
                        _ => format!("{kind}s"),
                    };
                    found.insert(format!("{plural}.{group}"));
                }
            }
        }
    }
    found
}

fn active(file: &str, name: &str) -> BTreeSet<String> {
    let policy = object(
        &format!("bootstrap/crossplane/{file}.yaml"),
        "ManagedResourceActivationPolicy",
        name,
    );
    let kinds = policy["spec"]["activate"].as_array().unwrap();
    let set: BTreeSet<_> = kinds
        .iter()
        .map(|kind| kind.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(set.len(), kinds.len(), "{file} lists one twice");
    set
}

#[test]
fn just_what_is_composed_is_active() {
    assert_eq!(
        active("activation-claims", "function-xcluster"),
        composed("claims")
    );
    let namespaced: BTreeSet<_> = composed("cluster")
        .union(&composed("namespaced"))
        .cloned()
        .collect();
    assert_eq!(
        active("activation-namespaced", "function-xcluster"),
        namespaced
    );
    let values: Value = serde_saphyr::from_str(&text("bootstrap/crossplane/values.yaml")).unwrap();
    assert_eq!(
        values["provider"]["defaultActivations"],
        serde_json::json!([]),
        "nothing besides"
    );
}

#[test]
fn what_argo_cd_composes_on_the_management_cluster_is_active_too() {
    let mut found = BTreeSet::new();
    for path in files("argocd/management", "yaml")
        .iter()
        .map(|path| super::relative(path))
    {
        if path.ends_with("kustomization.yaml") {
            continue;
        }
        for object in objects(&path) {
            let (group, _) = object["apiVersion"]
                .as_str()
                .unwrap()
                .split_once('/')
                .unwrap();
            if group.contains("upbound.io") {
                found.insert(format!(
                    "{}s.{group}",
                    object["kind"].as_str().unwrap().to_lowercase()
                ));
            }
        }
    }
    assert_eq!(active("activation-platform", "platform"), found);
}

#[test]
fn just_the_providers_of_what_is_composed_are_installed() {
    let mut needed: BTreeSet<_> = ["provider-family-aws", "provider-family-gcp"]
        .map(str::to_owned)
        .into();
    for (_, scope) in SCOPES {
        for kind in composed(scope) {
            let parts: Vec<_> = kind.split('.').collect();
            if parts[1] != "kubernetes" {
                needed.insert(format!("provider-{}-{}", parts[2], parts[1]));
            }
        }
    }
    let mut installed = BTreeSet::new();
    for provider in objects("bootstrap/crossplane/providers.yaml") {
        let package = provider["spec"]["package"].as_str().unwrap();
        let (repository, _) = package.split_once(':').unwrap();
        let (_, repository) = repository.split_once('/').unwrap();
        let name = repository.rsplit('/').next().unwrap().to_owned();
        // Crossplane installs a dependency as this. Under another name it would be there twice.
        let dependency = repository.replace('/', "-");
        let expected = if name.contains("-family-") {
            &dependency
        } else {
            &name
        };
        assert_eq!(&provider["metadata"]["name"], expected, "{package}");
        let cloud = if name.contains("aws") {
            "provider-aws"
        } else {
            "provider-gcp"
        };
        assert_eq!(
            provider["spec"]["runtimeConfigRef"]["name"], cloud,
            "{name}"
        );
        installed.insert(name);
    }
    assert_eq!(installed, needed);
}

/// xpkg.upbound.io gives anonymous users the newest release alone, so a pinned one fails there a month later.
#[test]
fn every_provider_comes_from_a_registry_that_keeps_its_releases() {
    let registry = "xpkg.crossplane.io/crossplane-contrib/provider-";
    let definitions = text("tools/crds.sh");
    let mut checked = 0;
    for file in ["providers", "provider-kubernetes"] {
        let manifests = objects(&format!("bootstrap/crossplane/{file}.yaml"));
        for provider in manifests.iter().filter(|it| it["kind"] == "Provider") {
            let package = provider["spec"]["package"].as_str().unwrap();
            let package = package.strip_prefix(registry).expect(package);
            // The packages are built from the repositories that the definitions come from.
            let (name, release) = package.split_once(':').unwrap();
            let cloud = name
                .trim_start_matches("family-")
                .split('-')
                .next()
                .unwrap();
            let asked = match cloud {
                "kubernetes" => format!("provider-kubernetes@{release} "),
                cloud => format!("provider {cloud} {release}\n"),
            };
            assert!(
                definitions.contains(&asked),
                "tests compare with another {package}"
            );
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}

/// The service accounts of Pods, as `namespace/name`.
fn service_accounts() -> BTreeSet<String> {
    let files = ["runtime", "provider-kubernetes"]
        .map(|name| objects(&format!("bootstrap/crossplane/{name}.yaml")));
    let accounts: BTreeMap<_, _> = files
        .iter()
        .flatten()
        .filter(|object| object["kind"] == "ServiceAccount")
        .map(|object| {
            (
                object["metadata"]["name"].clone().to_string(),
                object["metadata"]["namespace"].clone(),
            )
        })
        .collect();
    let mut found = BTreeSet::new();
    for config in files
        .iter()
        .flatten()
        .filter(|object| object["kind"] == "DeploymentRuntimeConfig")
    {
        let template = &config["spec"]["deploymentTemplate"]["spec"];
        let deployment: DeploymentSpec = serde_json::from_value(template.clone()).unwrap();
        assert_eq!(
            &serde_json::to_value(&deployment).unwrap(),
            template,
            "all of it is known"
        );
        let pod = deployment.template.spec.unwrap();
        let name = pod.service_account_name.unwrap();
        let namespace = &accounts[&format!("{name:?}")];
        assert_eq!(
            pod.containers[0].name, "package-runtime",
            "the name by which Crossplane finds its container"
        );
        found.insert(format!("{}/{name}", namespace.as_str().unwrap()));
    }
    found
}

#[test]
fn the_identities_in_the_clouds_are_those_of_the_pods() {
    let accounts = service_accounts();
    let aws = text("bootstrap/eks/identities.tf");
    assert!(accounts.contains("crossplane-system/provider-aws"));
    for bound in [
        "crossplane-system/provider-aws",
        "argocd/argocd-application-controller",
        "argocd/argocd-server",
        "external-secrets/external-secrets",
    ] {
        assert!(aws.contains(&format!("/{bound}\"")), "{bound} has no role");
    }
    let gcp = text("bootstrap/gcp/federation.tf");
    assert!(accounts.contains("crossplane-system/provider-gcp"));
    assert!(gcp.contains("subjects = [\"provider-gcp\"]"));
    // One audience in every projected token, which Google's side takes.
    let audience = "xcluster.dev/gcp";
    assert!(gcp.contains(&format!("allowed_audiences = [\"{audience}\"]")));
    for path in [
        "crossplane/runtime",
        "argocd/values-eks",
        "external-secrets/values-eks",
    ] {
        assert!(
            text(&format!("bootstrap/{path}.yaml")).contains(&format!("audience: {audience}")),
            "{path}"
        );
    }
    // Where the token is, as the file says that up.sh makes of the output.
    assert!(text("bootstrap/gcp/outputs.tf").contains("file = \"/var/run/gcp/token\""));
    let file = xcluster::api::defaults::CREDENTIALS_FILE;
    assert_eq!(
        file, "/var/run/gcp/credentials.json",
        "where Argo CD reads it in the mode gcpWif"
    );
}

/// A pattern of an IAM policy, which has stars.
fn matches(pattern: &str, value: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == value,
        Some((start, rest)) => value.strip_prefix(start).is_some_and(|value| {
            (0..=value.len())
                .any(|index| value.is_char_boundary(index) && matches(rest, &value[index..]))
        }),
    }
}

#[test]
fn crossplanes_role_may_make_the_roles_that_are_composed() {
    let policies = text("bootstrap/eks/policies.tf");
    let quoted: Vec<_> = policies.split('"').skip(1).step_by(2).collect();
    let allowed: Vec<_> = quoted
        .iter()
        .filter_map(|it| it.strip_prefix("arn:${local.partition}:iam::aws:"))
        .map(|pattern| format!("arn:aws:iam::aws:{pattern}"))
        .collect();
    let suffixes = quoted.iter().position(|it| *it == "control-plane").unwrap();
    let suffixes = &quoted[suffixes..suffixes + 4];
    let mut checked = 0;
    for run in runs() {
        for object in run
            .last()
            .desired()
            .values()
            .filter(|object| object["kind"] == "Role")
        {
            let name = object["metadata"]["annotations"]["crossplane.io/external-name"]
                .as_str()
                .unwrap();
            assert!(
                suffixes
                    .iter()
                    .any(|suffix| name.ends_with(&format!("-{suffix}"))),
                "{name}"
            );
            for policy in object["spec"]["forProvider"]["managedPolicyArns"]
                .as_array()
                .unwrap()
            {
                let policy = policy.as_str().unwrap();
                assert!(
                    allowed.iter().any(|pattern| matches(pattern, policy)),
                    "{policy}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn each_provider_configuration_is_there_for_both_kinds_of_managed_resources() {
    for path in files("bootstrap/providerconfigs", "yaml")
        .iter()
        .map(|path| super::relative(path))
    {
        if path.ends_with("kubernetes.yaml") {
            continue;
        }
        let [cluster, namespaced] = &objects(&path)[..] else {
            panic!("{path}");
        };
        assert_eq!(cluster["kind"], "ProviderConfig", "{path}");
        assert_eq!(namespaced["kind"], "ClusterProviderConfig", "{path}");
        assert_eq!(
            cluster["spec"], namespaced["spec"],
            "{path}: the same account"
        );
        // What the function asks for when nobody names another.
        assert_eq!(cluster["metadata"]["name"], "default", "{path}");
        assert_eq!(namespaced["metadata"]["name"], "default", "{path}");
    }
}
