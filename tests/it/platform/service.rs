//! The service as every cluster gets it: what its API server takes, by which hosts it is reached, and
//! from where its Pods are.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Registered,
    manifests::taken,
    places::host,
    registered,
    rendering::{rendered, set},
};

/// The service's objects on a cluster.
fn made(cluster: &Registered) -> Vec<Value> {
    rendered(&set("inference").application(cluster))
}

/// The clusters that run it.
fn serving() -> impl Iterator<Item = &'static Registered> {
    let inference = set("inference");
    registered().iter().filter(move |it| inference.selects(it))
}

/// One of a kind and name, where the cluster's cloud has it.
fn find(objects: &[Value], kind: &str, name: &str) -> Option<Value> {
    let mut found = objects
        .iter()
        .filter(|it| it["kind"] == kind && it["metadata"]["name"] == name);
    found.next().cloned()
}

#[test]
fn every_object_is_one_that_its_api_server_takes() {
    let mut checked = 0;
    for cluster in serving() {
        for mut object in made(cluster) {
            // Where Argo CD puts it.
            object["metadata"]["namespace"] = json!("inference");
            taken(&cluster.title, &object);
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The hosts on a cluster, in order.
fn hosts(objects: &[Value]) -> Vec<String> {
    let found = match find(objects, "Ingress", "inference") {
        Some(ingress) => {
            let rules = ingress["spec"]["rules"].as_array().unwrap().clone();
            for rule in &rules {
                assert_eq!(rule["http"], rules[0]["http"], "the same on every host");
            }
            rules.iter().map(|rule| rule["host"].clone()).collect()
        }
        None => find(objects, "HTTPRoute", "inference").unwrap()["spec"]["hostnames"].clone(),
    };
    serde_json::from_value(found).unwrap()
}

#[test]
fn one_host_is_everywhere_and_another_is_the_clusters_own() {
    let host = host();
    let mut seen = BTreeSet::new();
    for cluster in serving() {
        let found = hosts(&made(cluster));
        let [shared, own] = &found[..] else {
            panic!("{}: {found:?}", cluster.title);
        };
        assert_eq!(*shared, host, "{}", cluster.title);
        let label = own.strip_suffix(&format!(".{host}")).unwrap();
        // A certificate for *.HOST covers one label.
        assert!(!label.contains('.') && label.len() <= 63, "{own}");
        assert_eq!(label, cluster.name.replace('.', "-"), "{}", cluster.title);
        seen.insert(own.clone());
    }
    assert!(seen.len() >= 8, "{seen:?}");
}

/// A load balancer of a cluster outside 10.0.0.0/8 would be kept out, too.
#[test]
fn load_balancers_are_let_in_from_where_they_send() {
    for cluster in serving() {
        let objects = made(cluster);
        let policy = |name: &str| find(&objects, "NetworkPolicy", name);
        let (policy, expected) = match &*cluster.labels["xcluster.dev/provider"] {
            "aws" => (
                policy("inference-vpc"),
                vec![&*cluster.annotations["xcluster.dev/network-cidr"]],
            ),
            _ => (
                policy("inference-google"),
                vec!["35.191.0.0/16", "130.211.0.0/22"],
            ),
        };
        let policy = policy.unwrap();
        let rules = policy["spec"]["ingress"].as_array().unwrap();
        let [rule] = &rules[..] else {
            panic!("{rules:?}");
        };
        let ranges: Vec<_> = rule["from"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["ipBlock"]["cidr"].as_str().unwrap())
            .collect();
        assert_eq!(ranges, expected, "{}", cluster.title);
        let base = find(&objects, "NetworkPolicy", "inference").unwrap();
        assert_eq!(policy["spec"]["podSelector"], base["spec"]["podSelector"]);
        assert_eq!(rule["ports"], base["spec"]["ingress"][0]["ports"]);
    }
}

/// A patch that finds nothing on either cloud would be a name that is spelled otherwise.
#[test]
fn every_patch_finds_what_it_is_for_on_one_cloud() {
    let patches =
        set("inference").0["spec"]["template"]["spec"]["source"]["kustomize"]["patches"].clone();
    let clusters: Vec<_> = serving().map(made).collect();
    for patch in patches.as_array().unwrap() {
        let target = &patch["target"];
        let (kind, name) = (
            target["kind"].as_str().unwrap(),
            target["name"].as_str().unwrap(),
        );
        let on = clusters.iter().filter(|it| find(it, kind, name).is_some());
        let on = on.count();
        assert!(
            on > 0 && on < clusters.len(),
            "{target} is on {on} of {}",
            clusters.len()
        );
    }
}
