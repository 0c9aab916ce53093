//! Changes that no cloud can make.

use serde_json::{Value, json};
use xcluster::proto::v1::State;

use crate::support::{
    cases::run,
    simulator::{World, on_wire},
};

/// The example, the change, and the field that the message names.
fn rows() -> Vec<(&'static str, Value, &'static str)> {
    let aws_key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let gcp_key = "projects/acme-prod/locations/asia-east1/keyRings/r/cryptoKeys/k";
    let to_gcp = json!({"provider": "gcp", "region": "europe-west1", "account": "acme-prod"});
    let to_aws = json!({"provider": "aws", "region": "us-east-1", "account": "111122223333"});
    let auto = json!({"mode": "auto", "nodePools": null});
    let (aws, gcp) = ("aws-standard", "gcp-standard");
    vec![
        (aws, to_gcp, "spec.provider"),
        (gcp, to_aws, "spec.provider"),
        (aws, json!({"region": "us-west-2"}), "spec.region"),
        (gcp, json!({"region": "europe-west1"}), "spec.region"),
        (
            aws,
            json!({"network": {"cidr": "10.30.0.0/16"}}),
            "spec.network.cidr",
        ),
        (
            gcp,
            json!({"network": {"cidr": "10.30.0.0/16"}}),
            "spec.network.cidr",
        ),
        (aws, auto.clone(), "spec.mode"),
        (gcp, auto, "spec.mode"),
        (
            aws,
            json!({"kubernetesVersion": "1.33"}),
            "spec.kubernetesVersion",
        ),
        (
            gcp,
            json!({"kubernetesVersion": "1.33"}),
            "spec.kubernetesVersion",
        ),
        (
            aws,
            json!({"encryption": {"keyId": aws_key}}),
            "spec.encryption.keyId",
        ),
        (
            gcp,
            json!({"encryption": {"keyId": gcp_key}}),
            "spec.encryption.keyId",
        ),
        (
            aws,
            json!({"network": {"zones": 2}}),
            "spec.network.zoneNames",
        ),
        (
            gcp,
            json!({"network": {"zones": 2}}),
            "spec.network.zoneNames",
        ),
        (
            "aws-minimal",
            json!({"network": {"zones": 3}}),
            "spec.network.zoneNames",
        ),
        (
            "gcp-minimal",
            json!({"network": {"zones": 3}}),
            "spec.network.zoneNames",
        ),
        (
            aws,
            json!({"network": {"zoneNames": ["us-east-1a", "us-east-1b", "us-east-1d"]}}),
            "spec.network.zoneNames",
        ),
        (aws, json!({"cloudName": "another"}), "spec.cloudName"),
        (gcp, json!({"cloudName": "another"}), "spec.cloudName"),
        (
            "gcp-minimal",
            json!({"account": "acme-other"}),
            "spec.account",
        ),
        (
            aws,
            json!({"providerConfigRef": {"name": "other"}}),
            "spec.providerConfigRef.name",
        ),
    ]
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
