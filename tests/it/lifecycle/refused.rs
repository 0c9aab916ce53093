//! Changes that no cloud can make.

use serde_json::{Value, json};
use xcluster::wire::proto::v1::State;

use crate::{
    fixture::yaml,
    support::{
        cases::run,
        simulator::{World, on_wire},
    },
};

/// The example, the change, and the field that the message names.
pub(crate) type Row = (&'static str, Value, String);

/// An example of each cloud in each mode.
pub(crate) const SHAPES: [&str; 4] = ["aws-standard", "aws-auto", "gcp-standard", "gcp-autopilot"];

/// A change of every field that cannot change.
const ON_AWS: &str = "
- spec.provider: {provider: gcp, region: europe-west1, account: acme-prod}
- spec.region: {region: us-east-2}
- spec.account: {account: '444455556666'}
- spec.cloudName: {cloudName: another}
- spec.kubernetesVersion: {kubernetesVersion: '1.35'}
- spec.network.cidr: {network: {cidr: 10.30.0.0/16}}
- spec.network.zoneNames: {network: {zones: 2}}
- spec.network.zoneNames: {network: {zoneNames: [REGIONa, REGIONb, REGIONd]}}
- spec.encryption.keyId:
    encryption: {keyId: 'arn:aws:kms:REGION:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'}
- spec.providerConfigRef.name: {providerConfigRef: {name: other}}
- spec.providerConfigRef.kind: {providerConfigRef: {kind: ProviderConfig}}
";

/// The same there. Another provider configuration reaches a project that the platform has not named.
const ON_GCP: &str = "
- spec.provider: {provider: aws, region: us-east-1, account: '111122223333'}
- spec.region: {region: us-central1}
- spec.account: {account: acme-other}
- spec.cloudName: {cloudName: another}
- spec.kubernetesVersion: {kubernetesVersion: '1.35'}
- spec.network.cidr: {network: {cidr: 10.30.0.0/16}}
- spec.network.zoneNames: {network: {zones: 2}}
- spec.network.zoneNames: {network: {zoneNames: [REGION-b, REGION-c]}}
- spec.encryption.keyId:
    encryption: {keyId: projects/acme-prod/locations/REGION/keyRings/r/cryptoKeys/k}
- spec.providerConfigRef.name: {providerConfigRef: {name: other}, account: acme-prod}
- spec.providerConfigRef.kind: {providerConfigRef: {kind: ProviderConfig}}
";

/// The change to the other mode, by the mode.
const MODES: [(&str, &str); 2] = [
    (
        "auto",
        "- spec.mode: {mode: standard, nodePools: [{name: general, min: 1, max: 2}], budget: null}",
    ),
    ("standard", "- spec.mode: {mode: auto, nodePools: null}"),
];

/// A change of every field that cannot change, in the region of an example.
fn changes(example: &'static str) -> Vec<Row> {
    let spec = &run(example).case.composite["spec"];
    let fields = if spec["provider"] == "aws" {
        ON_AWS
    } else {
        ON_GCP
    };
    let mode = spec["mode"].as_str().unwrap_or("standard");
    let (_, mode) = MODES.iter().find(|(from, _)| *from == mode).unwrap();
    let fields = fields.replace("REGION", spec["region"].as_str().unwrap());
    let mut found = Vec::new();
    for row in yaml(&format!("{fields}{mode}")).as_array().unwrap() {
        let (field, edit) = row.as_object().unwrap().iter().next().unwrap();
        found.push((example, edit.clone(), field.clone()));
    }
    found
}

/// Whether nothing in the cloud is made of the changed field: GKE Autopilot chooses its zones itself, and claims have one kind
/// of provider configuration.
fn is_harmless((example, _, field): &Row) -> bool {
    *example == "gcp-autopilot" && field == "spec.network.zoneNames"
        || field == "spec.providerConfigRef.kind"
}

/// Changes that the function refuses.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<_> = SHAPES.into_iter().flat_map(changes).collect();
    rows.retain(|row| !is_harmless(row));
    for example in ["aws-minimal", "gcp-minimal"] {
        let more = json!({"network": {"zones": 3}});
        rows.push((example, more, "spec.network.zoneNames".to_owned()));
    }
    let account = json!({"account": "acme-other"});
    rows.push(("gcp-minimal", account, "spec.account".to_owned()));
    rows
}

/// Changes that the API server alone refuses.
pub(crate) fn harmless() -> Vec<Row> {
    let mut rows: Vec<_> = SHAPES.into_iter().flat_map(changes).collect();
    rows.retain(is_harmless);
    // Nothing in AWS is addressed by the account, where the platform does not say which it is.
    let account = json!({"account": "444455556666"});
    rows.push(("aws-minimal", account, "spec.account".to_owned()));
    rows
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
        assert!(message.contains(&field), "{name} {edit}: {message}");
        assert_eq!(step.response.desired, world.upstream, "{name} {edit}");
        assert_eq!(world.observed(), before, "{name} {edit}");
    }
}

#[test]
fn a_change_that_only_the_api_server_refuses_changes_nothing_that_is_composed() {
    for (name, edit, _) in harmless() {
        let mut world: World = run(name).world.clone();
        let before = world.observed();
        world.edit(&edit);
        let steps = world.settle();
        assert_eq!(steps.last().unwrap().fatal(), None, "{name} {edit}");
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
