//! Mistakes in the spec of a cluster that exists: what cannot change is told with all the rest.

use manifests::ScopeArg;
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{RequestMeta, Resources},
        structpb::to_struct,
    },
};

use super::problems;
use crate::{
    fixture::{self, fatal, merge},
    support::simulator::World,
};

fn settled(spec: &Value) -> World {
    let mut input = fixture::input();
    let service = json!({"host": "a.example.com", "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {"zoneId": "Z1"}}});
    merge(&mut input, &json!({ "traffic": service }));
    let mut world = fixture::world(ScopeArg::Claims, "prod", spec, Some(&input));
    world.settle();
    world
}

/// What is said when a patch is merged into the spec.
pub(super) fn said(world: &World, patch: &Value) -> Vec<String> {
    let mut request = world.request();
    let mut changed = world.composite.clone();
    merge(&mut changed["spec"], patch);
    let changed = resource(to_struct(&changed).unwrap());
    let itself = Resources {
        items: vec![changed.clone()],
    };
    request.required_resources = [("siblings".to_owned(), itself)].into();
    request.meta = Some(RequestMeta::default());
    request.observed.as_mut().unwrap().composite = Some(changed);
    problems(fatal(&compose(request)).unwrap_or_default())
}

#[test]
fn mistakes_of_every_kind_are_told_together() {
    let patch = json!({
        // A type, and a field that is missing.
        "tags": 5,
        "environment": null,
        // A rule that spans fields.
        "nodePools": [{"name": "general", "min": 5, "max": 2}],
        // The cloud's format.
        "access": {"admins": ["group:ml@example.com"]},
        // What the platform allows.
        "account": "444455556666",
        "argocd": {"name": "mine"},
        // What cannot change.
        "network": {"cidr": "10.30.0.0/16"},
        // The last cluster that serves.
        "traffic": {"state": "drained"},
    });
    let told = said(&settled(&fixture::aws()), &patch);
    let expected = [
        "spec.access.admins[0]: \"group:ml@example.com\" is not the ARN of an IAM role or user; use an ARN such as \
         arn:aws:iam::111122223333:role/ml-platform",
        "spec.account: \"444455556666\" is not the account of the providerConfigRef; remove it, or use the \
         providerConfigRef of that account; this one reaches 111122223333",
        "spec.argocd.name: \"mine\" is a name of your own choice, which the platform does not allow; remove it, or ask the \
         platform to set allowNameOverrides in the function's Input",
        "spec.environment: is missing; set it to a name such as prod",
        "spec.network.cidr: \"10.30.0.0/16\" cannot change once the cluster exists; set it back to 10.20.0.0/16, or make a \
         new cluster",
        "spec.nodePools[0].min: 5 is more than max, 2; lower min or raise max",
        "spec.tags: 5 is not an object; write it as keys and values",
        "spec.traffic.state: \"drained\" would leave nobody to serve a.example.com: no other cluster of it is active \
         and Serving; make another cluster active first and wait until it is Serving; or set spec.traffic.force: true, which \
         takes the service down",
    ];
    assert_eq!(told, expected);
}

/// A change of what other fields depend on is told alone. It is to be set back, and then the others are right.
#[test]
fn what_follows_from_a_change_is_not_told() {
    let (aws, gcp) = (settled(&fixture::aws()), settled(&fixture::gcp()));
    let rows = [
        (
            &aws,
            json!({"provider": "gcp"}),
            "spec.provider: \"gcp\" cannot change once the cluster exists; set it back to aws, or make a new cluster",
        ),
        (
            &gcp,
            json!({"provider": "aws"}),
            "spec.provider: \"aws\" cannot change once the cluster exists; set it back to gcp, or make a new cluster",
        ),
        (
            &aws,
            json!({"region": "eu-nowhere-9", "network": {"zoneNames": ["us-east-1a", "us-east-1b", "us-east-1c"]}}),
            "spec.region: \"eu-nowhere-9\" cannot change once the cluster exists; set it back to us-east-1, or make a new cluster",
        ),
        (
            &gcp,
            json!({"region": "us-east-1", "network": {"zoneNames": ["europe-west1-b", "europe-west1-c"]}}),
            "spec.region: \"us-east-1\" cannot change once the cluster exists; set it back to europe-west1, or make a new cluster",
        ),
        (
            &aws,
            json!({"mode": "auto"}),
            "spec.mode: \"auto\" cannot change once the cluster exists; set it back to standard, or make a new cluster",
        ),
        (
            &gcp,
            json!({"mode": "auto"}),
            "spec.mode: \"auto\" cannot change once the cluster exists; set it back to standard, or make a new cluster",
        ),
        (
            &aws,
            json!({"providerConfigRef": {"name": "dns"}}),
            "spec.providerConfigRef.name: \"dns\" cannot change once the cluster exists; set it back to default, or make a new cluster",
        ),
        (
            &gcp,
            json!({"network": {"zoneNames": ["europe-west1-b", "europe-west1-c"]}}),
            "spec.network.zoneNames: \"europe-west1-b,europe-west1-c\" cannot change once the cluster exists; remove it, or make a new cluster",
        ),
        (
            &gcp,
            json!({"argocd": {"namespace": 5}}),
            "spec.argocd.namespace: 5 is not a string; put it in quotes",
        ),
        (
            &gcp,
            json!({"network": {"cidr": "10.30.0.0"}}),
            "spec.network.cidr: \"10.30.0.0\" is not an IPv4 range; use one such as 10.20.0.0/16",
        ),
        (
            &aws,
            json!({"network": {"zoneNames": ["us-east-1a", "B"]}}),
            "spec.network.zoneNames[1]: \"B\" is not a zone; use full zone names such as us-east-1a (aws) or europe-west1-b (gcp)",
        ),
    ];
    for (world, patch, expected) in rows {
        assert_eq!(said(world, &patch), [expected], "{patch}");
    }
}

#[test]
fn a_settled_cluster_has_nothing_wrong() {
    for spec in [fixture::aws(), fixture::gcp()] {
        assert_eq!(said(&settled(&spec), &json!({})), [""; 0]);
    }
}
