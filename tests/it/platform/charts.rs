//! The values of the charts of the management cluster.

use serde_json::{Value, json};

use super::text;

fn values(path: &str) -> Value {
    serde_saphyr::from_str(&text(&format!("bootstrap/{path}.yaml"))).unwrap()
}

/// The numbers of a version such as v3.4.15.
fn numbers(version: &str) -> [u32; 3] {
    let parts = version.strip_prefix('v').unwrap_or(version).split('.');
    let parts: Vec<_> = parts.map(|part| part.parse().unwrap()).collect();
    parts.try_into().unwrap_or_else(|_| panic!("{version}"))
}

/// v3.4.10 fixes CVE-2026-113708, CVE-2026-113709 and CVE-2026-77459, v3.4.15 a crash that needs no login.
const SAFE_ARGO_CD: &str = "v3.4.15";

#[test]
fn argo_cd_has_no_hole_that_is_published_as_critical() {
    let values = values("argocd/values");
    let tag = values["global"]["image"]["tag"].as_str().unwrap();
    assert!(
        numbers(tag) >= numbers(SAFE_ARGO_CD),
        "bootstrap/argocd/values.yaml: global.image.tag is {tag}; use {SAFE_ARGO_CD} or later"
    );
    let page = text("docs/compatibility.md");
    let row = page
        .lines()
        .find(|line| line.starts_with("| Argo CD |"))
        .unwrap();
    assert!(
        row.contains(&format!("| {SAFE_ARGO_CD} and later")),
        "{row}"
    );
    for other in ["values-eks", "values-kind"] {
        let other = super::text(&format!("bootstrap/argocd/{other}.yaml"));
        assert!(!other.contains("tag:"), "{other}");
    }
}

#[test]
fn only_argo_cds_own_pods_reach_its_repositories_and_cache() {
    let policy = &values("argocd/values")["global"]["networkPolicy"];
    assert_eq!(policy, &json!({"create": true}));
}

/// What logs in to clusters signs a request to STS, for which it needs a region. Pod Identity sets one on EKS.
#[test]
fn argo_cd_has_a_region_wherever_it_has_keys() {
    let values = values("argocd/values-kind");
    for component in ["controller", "server"] {
        let environment = values[component]["env"].as_array().unwrap();
        let value = |name: &str| {
            let mut found = environment.iter().filter(|it| it["name"] == name);
            found.next().map(|it| it["value"].as_str().unwrap())
        };
        assert!(
            value("AWS_SHARED_CREDENTIALS_FILE").is_some(),
            "{component}"
        );
        assert_eq!(value("AWS_REGION"), Some("us-east-1"), "{component}");
    }
}

/// Renovate finds each version that a comment names.
#[test]
fn every_version_with_a_comment_for_renovate_is_one_that_it_reads() {
    let configuration: Value = serde_json::from_str(&text("renovate.json")).unwrap();
    let managers = configuration["customManagers"].as_array().unwrap();
    let read: Vec<_> = managers
        .iter()
        .flat_map(|manager| manager["managerFilePatterns"].as_array().unwrap())
        .map(|path| path.as_str().unwrap().to_owned())
        .collect();
    let mut checked = 0;
    for extension in ["yaml", "sh", "tf"] {
        for path in super::files("bootstrap", extension) {
            let path = super::relative(&path);
            if text(&path).contains("# renovate: ") {
                assert!(read.contains(&path), "renovate.json does not read {path}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 3);
}
