//! What the README promises.

use serde_json::Value;
use xcluster::api::spec::Version;

use crate::support::cases::{Case, document, repository, run, text};

/// EKS ends standard support of 1.34 on 2026-12-02, and of 1.36 on 2027-08-02
/// (EKS user guide, release calendar). `supportType: STANDARD` lets EKS upgrade what is older.
const OLDEST: Version = Version { minor: 36 };

fn readme() -> String {
    text("README.md")
}

#[test]
fn the_first_example_is_prod_us() {
    let text = readme();
    let yaml = text
        .split("```yaml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert_eq!(yaml.lines().count(), 12, "a dozen lines");
    let shown: Value = serde_saphyr::from_str(yaml).unwrap();
    let mut shipped = document(&repository("clusters/prod-us.yaml"));
    shipped["spec"].as_object_mut().unwrap().remove("argocd");
    assert_eq!(shown, shipped);
}

#[test]
fn as_many_objects_come_out_as_it_says() {
    let count = run("aws-standard").steps.last().unwrap().desired().len();
    assert!(
        readme().contains(&format!("in {count} objects")),
        "{count} objects"
    );
}

#[test]
fn it_stays_short() {
    assert!(readme().lines().count() <= 200);
}

#[test]
fn the_compositions_differ_in_the_kind_alone() {
    let mut composition = document(&repository("clusters/composition.yaml"));
    composition["spec"]["compositeTypeRef"]["kind"] = "Cluster".into();
    let namespaced = document(&repository("clusters/composition-namespaced.yaml"));
    assert_eq!(namespaced, composition);
}

#[test]
fn whatever_is_shipped_has_a_supported_version() {
    let mut files: Vec<_> = ["clusters", "docs/cost"]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(repository(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .map(|path| document(&path))
        .collect();
    files.extend(Case::all().into_iter().map(|case| case.composite));
    let mut versions = 0;
    for file in files {
        let Some(version) = file["spec"]["kubernetesVersion"].as_str() else {
            continue;
        };
        let name = &file["metadata"]["name"];
        assert!(
            Version::parse(version).unwrap() >= OLDEST,
            "{name}: {version}"
        );
        versions += 1;
    }
    assert!(versions >= 15, "{versions}");
}
