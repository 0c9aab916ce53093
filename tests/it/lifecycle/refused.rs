//! Changes that no cloud can make.

use serde_json::{Value, json};
use xcluster::wire::proto::v1::State;

use crate::support::{
    cases::run,
    simulator::{World, on_wire},
};

/// The example, the change, and the field that the message names.
type Row = (&'static str, Value, &'static str);

fn on_aws() -> Vec<Row> {
    let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let gcp = json!({"provider": "gcp", "region": "europe-west1", "account": "acme-prod"});
    let zones = json!(["us-east-1a", "us-east-1b", "us-east-1d"]);
    let rows = [
        (gcp, "spec.provider"),
        (json!({"region": "us-west-2"}), "spec.region"),
        (
            json!({"network": {"cidr": "10.30.0.0/16"}}),
            "spec.network.cidr",
        ),
        (json!({"mode": "auto", "nodePools": null}), "spec.mode"),
        (
            json!({"kubernetesVersion": "1.35"}),
            "spec.kubernetesVersion",
        ),
        (
            json!({"encryption": {"keyId": key}}),
            "spec.encryption.keyId",
        ),
        (json!({"network": {"zones": 2}}), "spec.network.zoneNames"),
        (
            json!({"network": {"zoneNames": zones}}),
            "spec.network.zoneNames",
        ),
        (json!({"cloudName": "another"}), "spec.cloudName"),
        (
            json!({"providerConfigRef": {"name": "other"}}),
            "spec.providerConfigRef.name",
        ),
    ];
    let more = json!({"network": {"zones": 3}});
    let rows = rows.map(|(edit, field)| ("aws-standard", edit, field));
    rows.into_iter()
        .chain([("aws-minimal", more, "spec.network.zoneNames")])
        .collect()
}

fn on_gcp() -> Vec<Row> {
    let key = "projects/acme-prod/locations/asia-east1/keyRings/r/cryptoKeys/k";
    let aws = json!({"provider": "aws", "region": "us-east-1", "account": "111122223333"});
    // Another provider configuration reaches a project that nobody has named.
    let other = json!({"providerConfigRef": {"name": "other"}, "account": "acme-prod"});
    let rows = [
        (aws, "spec.provider"),
        (json!({"region": "europe-west1"}), "spec.region"),
        (
            json!({"network": {"cidr": "10.30.0.0/16"}}),
            "spec.network.cidr",
        ),
        (json!({"mode": "auto", "nodePools": null}), "spec.mode"),
        (
            json!({"kubernetesVersion": "1.35"}),
            "spec.kubernetesVersion",
        ),
        (
            json!({"encryption": {"keyId": key}}),
            "spec.encryption.keyId",
        ),
        (json!({"network": {"zones": 2}}), "spec.network.zoneNames"),
        (json!({"cloudName": "another"}), "spec.cloudName"),
        (other, "spec.providerConfigRef.name"),
    ];
    let rows = rows.map(|(edit, field)| ("gcp-standard", edit, field));
    let minimal = [
        (json!({"network": {"zones": 3}}), "spec.network.zoneNames"),
        (json!({"account": "acme-other"}), "spec.account"),
    ];
    let minimal = minimal.map(|(edit, field)| ("gcp-minimal", edit, field));
    rows.into_iter().chain(minimal).collect()
}

fn rows() -> Vec<Row> {
    [on_aws(), on_gcp()].concat()
}

fn upstream() -> State {
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "t"}});
    State {
        composite: None,
        resources: [("theirs".to_owned(), on_wire(&theirs))].into(),
    }
}

#[test]
fn a_change_that_no_cloud_can_make_is_fatal_and_leaves_everything_as_it_is() {
    for (name, edit, field) in rows() {
        let mut world: World = run(name).world.clone();
        world.upstream = Some(upstream());
        let before = world.observed();
        world.edit(&edit);
        let step = world.reconcile();
        let message = step
            .fatal()
            .unwrap_or_else(|| panic!("{name} accepts {edit}"));
        assert!(message.contains(field), "{name} {edit}: {message}");
        assert_eq!(step.response.desired, world.upstream, "{name} {edit}");
        assert_eq!(world.observed(), before, "{name} {edit}");
    }
}

#[test]
fn a_change_that_is_taken_back_leaves_no_trace() {
    for (name, edit, _) in rows() {
        let mut world: World = run(name).world.clone();
        let (spec, before) = (world.composite["spec"].clone(), world.observed());
        world.edit(&edit);
        world.reconcile();
        world.composite["spec"] = spec;
        let steps = world.settle();
        assert!(steps.last().unwrap().is_ready(), "{name} {edit}");
        assert_eq!(world.observed(), before, "{name} {edit}");
        assert_eq!(
            steps.last().unwrap().status()["phase"],
            "Ready",
            "{name} {edit}"
        );
    }
}

#[test]
fn a_spec_that_makes_no_sense_is_fatal_before_and_after_creation() {
    let edit = json!({"region": "nowhere", "nodePools": "many", "unknown": 1});
    for name in ["aws-standard", "gcp-standard"] {
        for mut world in [run(name).case.world(), run(name).world.clone()] {
            world.edit(&edit);
            let step = world.reconcile();
            let message = step.fatal().unwrap();
            for field in ["spec.region", "spec.nodePools", "spec.unknown"] {
                assert!(message.contains(field), "{name}: {message}");
            }
            assert_eq!(step.response.desired, None);
        }
    }
}

#[test]
fn a_key_of_the_customers_is_used_and_cannot_be_taken_back() {
    let aws_key = "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let gcp_key = "projects/acme-keys/locations/asia-east1/keyRings/r/cryptoKeys/k";
    for (name, key) in [("aws-standard", aws_key), ("gcp-standard", gcp_key)] {
        let mut world = run(name).case.world();
        world.edit(&json!({"encryption": {"keyId": key}}));
        let steps = world.settle();
        super::assert_healthy(name, &world, &steps);
        let desired = steps.last().unwrap().desired();
        assert!(!desired.contains_key("identity-key"), "{name}");
        assert!(desired["cluster"].to_string().contains(key), "{name}");
        world.edit(&json!({"encryption": null}));
        let step = world.reconcile();
        let message = step.fatal().unwrap_or_default();
        assert!(
            message.contains("spec.encryption.keyId"),
            "{name}: {message}"
        );
    }
}
