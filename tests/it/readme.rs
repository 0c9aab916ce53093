//! What the README promises.

use serde_json::Value;

use crate::support::cases::{document, repository, run, text};

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
