//! Calls the function until nothing changes any more, on a cloud where everything succeeds at once.

use std::collections::BTreeMap;

use prost::Message;
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{Resource, RunFunctionRequest, RunFunctionResponse, Severity, State},
        structpb::{Struct, to_struct},
    },
};

/// More calls than any cluster needs.
const MOST_CALLS: usize = 40;

/// The answers to all calls, or the refusal.
pub(super) fn settle(spec: &Value, input: &Value) -> Result<Vec<RunFunctionResponse>, String> {
    let mut status = json!({});
    let mut observed = BTreeMap::new();
    let mut answers: Vec<RunFunctionResponse> = Vec::new();
    loop {
        let answer = compose(request(spec, input, &status, observed));
        let fatal = answer
            .results
            .iter()
            .find(|r| r.severity() == Severity::Fatal);
        if let Some(fatal) = fatal {
            return Err(fatal.message.clone());
        }
        status = status_of(&answer);
        observed = made(&answer);
        let settled = answers
            .last()
            .is_some_and(|last| last.desired == answer.desired);
        answers.push(answer);
        if settled {
            return Ok(answers);
        }
        assert!(answers.len() < MOST_CALLS, "it does not settle");
    }
}

/// The answer once everything that it asks for first exists and no provider has looked at it.
pub(super) fn unreported(spec: &Value, input: &Value) -> RunFunctionResponse {
    let first = compose(request(spec, input, &json!({}), BTreeMap::new()));
    let status = status_of(&first);
    let created = first.desired.unwrap_or_default().resources;
    compose(request(spec, input, &status, created))
}

fn request(
    spec: &Value,
    input: &Value,
    status: &Value,
    resources: BTreeMap<String, Resource>,
) -> RunFunctionRequest {
    let mut composite = json!({
        "apiVersion": "xcluster.dev/v1alpha1",
        "kind": "XCluster",
        "metadata": {"name": "prod", "uid": "00000000-0000-0000-0000-000000000001"},
        "spec": spec,
        "status": status,
    });
    // Only modern XRs have it.
    composite["spec"]["crossplane"] = json!({});
    RunFunctionRequest {
        observed: Some(State {
            composite: Some(resource(to_struct(&composite).unwrap())),
            resources,
        }),
        input: Some(to_struct(input).unwrap()),
        ..RunFunctionRequest::default()
    }
}

/// The status that an answer writes.
pub(super) fn status_of(answer: &RunFunctionResponse) -> Value {
    let desired = answer.desired.as_ref().unwrap();
    let composite = desired.composite.as_ref().unwrap();
    let mut object = serde_json::to_value(&composite.resource).unwrap();
    object["status"].take()
}

/// The composed resources of an answer, as objects that the cloud has made.
fn made(answer: &RunFunctionResponse) -> BTreeMap<String, Resource> {
    let desired = answer.desired.iter().flat_map(|state| &state.resources);
    desired
        .map(|(key, wanted)| {
            let mut object = wanted.resource.clone().unwrap();
            let status = to_struct(&json!({"status": {
                "conditions": [{"type": "Ready", "status": "True"}],
                "atProvider": reported(key, &object),
            }}));
            // A message that follows another one adds its fields.
            object.merge(&status.unwrap().encode_to_vec()[..]).unwrap();
            (key.clone(), resource(object))
        })
        .collect()
}

/// What the cloud reports about any kind of object.
fn reported(key: &str, object: &Struct) -> Value {
    let gke = object.str_at("spec.forProvider.minMasterVersion");
    let version = gke.or(object.str_at("spec.forProvider.version"));
    let version = version.unwrap_or("1.36");
    let account = format!("{key}@acme-prod.iam.gserviceaccount.com");
    json!({
        "status": "ACTIVE",
        "state": "active",
        "id": format!("id-of-{key}"),
        "arn": format!("arn:aws:x:us-east-1:111122223333:{key}"),
        "email": account,
        "member": format!("serviceAccount:{account}"),
        "address": "203.0.113.20",
        "number": "123456789012",
        "selfLink": format!("https://www.googleapis.com/compute/v1/{key}"),
        "mainRouteTableId": "rtb-1",
        "latestVersion": 1,
        "version": version,
        "masterVersion": format!("{version}.1-gke.1"),
        "endpoint": if gke.is_some() { "192.0.2.1" } else { "https://192.0.2.1" },
        "certificateAuthority": [{"data": "Q0E="}],
        "masterAuth": {"clusterCaCertificate": "Q0E="},
        "identity": [{"oidc": [{"issuer": "https://oidc.example.com/1"}]}],
        "vpcConfig": {"clusterSecurityGroupId": "sg-1"},
        "controlPlaneEndpointsConfig": {"dnsEndpointConfig": {"endpoint": "gke-1.example.com"}},
    })
}
