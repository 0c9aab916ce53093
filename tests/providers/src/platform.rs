//! What the platform of a driven cluster knows.

use cloudsim::apply;
use serde_json::{Value, json};
use test_support::examples;
use xcluster::wire::structpb::{Struct, to_struct};

/// The Input of an example, with a minor version of Kubernetes more than the release has: an example runs the newest one.
///
/// # Panics
/// Where the Input has no JSON or protobuf form.
#[expect(clippy::unwrap_used, reason = "the test that asks for it fails")]
pub fn input(example: &str) -> Option<Struct> {
    let rows: Value = json!([
        {"provider": "aws", "minor": "1.37", "addons": {"kubeProxy": "v1.37.0-eksbuild.1"}},
        {"provider": "gcp", "minor": "1.37"},
    ]);
    let mut input = serde_json::to_value(examples::input(example)).unwrap();
    let more = json!({
        "apiVersion": "xcluster.fn.crossplane.io/v1beta1",
        "kind": "Input",
        "kubernetesVersions": rows,
    });
    apply::merge_patch(&mut input, &more);
    Some(to_struct(&input).unwrap())
}
