//! What somebody who may create a Cluster, and nothing else, tries to reach: the attacks of a review, each by its number, with the
//! platform as it is shipped.

use manifests::ScopeArg;
use serde_json::{Value, json};

use crate::{
    fixture::{self, merge},
    support::{
        cases::{document, repository},
        simulator::{Step, World},
    },
};

/// The Input of the Composition that is shipped.
fn shipped() -> Value {
    let composition = document(&repository("clusters/composition.yaml"));
    composition["spec"]["pipeline"][0]["input"].clone()
}

/// A cluster of an author of a namespace, on the shipped platform.
fn world(namespace: &str, spec: &Value, input: &Value) -> World {
    let mut whole = fixture::aws();
    merge(&mut whole, spec);
    let mut world = fixture::world(ScopeArg::Claims, "prod", &whole, Some(input));
    world.composite["spec"]["claimRef"]["namespace"] = namespace.into();
    world
}

fn settled(namespace: &str, spec: &Value, input: &Value) -> (World, Step) {
    let mut world = world(namespace, spec, input);
    let steps = world.settle();
    (world, steps.into_iter().last().unwrap())
}

fn refused(spec: &Value) -> String {
    let step = world("team-a", spec, &shipped()).reconcile();
    assert!(step.desired().is_empty());
    step.fatal().unwrap_or_default().to_owned()
}

/// The label that the platform's ApplicationSets select by.
fn workload(step: &Step) -> Value {
    let secret = &step.desired()["registration-secret"];
    secret["metadata"]["labels"]["xcluster.dev/workload"].clone()
}

/// TEN-1: the names of the management cluster and of another author's.
#[test]
fn no_author_takes_the_name_of_another_cluster() {
    let told = refused(&json!({
        "cloudName": "management", "mode": "auto", "nodePools": [],
        "access": {"admins": ["arn:aws:iam::111122223333:role/attacker"]},
        "argocd": {"register": false},
    }));
    assert!(
        told.contains("spec.cloudName: \"management\" is a name of your own choice"),
        "{told}"
    );
}

/// TEN-4: the entries of Argo CD's own cluster and of another one.
#[test]
fn no_author_takes_the_place_of_another_cluster_in_argo_cd() {
    for name in ["in-cluster", "ml-platform.prod-us"] {
        let told = refused(&json!({"argocd": {"name": name}}));
        assert!(
            told.contains(&format!("spec.argocd.name: \"{name}\" is")),
            "{told}"
        );
    }
}

/// TEN-6: the credentials of the account that the DNS zone is in, and of another project.
#[test]
fn no_author_uses_credentials_that_are_not_for_clusters() {
    for name in ["dns", "other-project"] {
        let told = refused(&json!({"providerConfigRef": {"name": name}}));
        let start = format!(
            "spec.providerConfigRef.name: \"{name}\" has no account on aws in input.accounts"
        );
        assert!(told.contains(&start), "{told}");
    }
}

/// TEN-3: the workload of production, and the token that comes with it.
#[test]
fn what_the_platform_runs_is_for_whom_it_says() {
    let asks = json!({"argocd": {"labels": {"workload": "inference"}}});
    let told = refused(&asks);
    assert!(
        told.contains("is not for clusters of the namespace team-a in prod"),
        "{told}"
    );
    let (_, step) = settled("ml-platform", &asks, &shipped());
    assert_eq!(workload(&step), "inference");
    // Without the author's word, and by the label that counts.
    let (_, step) = settled("ml-platform", &json!({}), &shipped());
    assert_eq!(workload(&step), "none");
    let told = refused(&json!({"argocd": {"labels": {"xcluster.dev/workload": "inference"}}}));
    assert!(
        told.contains("spec.argocd.labels[xcluster.dev/workload]"),
        "{told}"
    );
    // An environment of the author's own choice.
    let mut elsewhere = asks.clone();
    merge(&mut elsewhere, &json!({"environment": "playground"}));
    let mut world = world("ml-platform", &elsewhere, &shipped());
    let step = world.reconcile();
    assert!(step.fatal().is_some_and(|it| it.contains("in playground")));
}

/// What a cluster has stays while the platform says nothing, and goes when it says no.
#[test]
fn a_workload_goes_by_the_platforms_word_and_not_by_its_silence() {
    let asks = json!({"argocd": {"labels": {"workload": "inference"}}});
    let (mut world, _) = settled("ml-platform", &asks, &shipped());
    let mut silent = shipped();
    silent.as_object_mut().unwrap().remove("workloads");
    world.set_input(&silent);
    let steps = world.settle();
    assert_eq!(workload(steps.last().unwrap()), "inference");
    let mut other = shipped();
    other["workloads"]["inference"]["namespaces"] = json!(["team-b"]);
    world.set_input(&other);
    let steps = world.settle();
    let last = steps.last().unwrap();
    assert_eq!((last.fatal(), workload(last)), (None, json!("none")));
    // It never had one: silence gives none.
    let (_, step) = settled("ml-platform", &asks, &silent);
    assert_eq!(workload(&step), "none");
}
