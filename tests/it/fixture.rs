//! Requests for tests of everything that a person can write: clusters of both clouds in the three
//! scopes, called once or in a world where everything succeeds at once.

use std::path::Path;

use cloudsim::Pace;
use manifests::{ScopeArg, composite_of};
use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::{
        proto::v1::{RequestMeta, RunFunctionRequest, RunFunctionResponse, Severity, State},
        structpb::{Struct, to_struct},
    },
};

use crate::support::simulator::World;

pub(crate) use cloudsim::{apply::merge_patch as merge, world::desired};

pub(crate) const SCOPES: [ScopeArg; 3] =
    [ScopeArg::Claims, ScopeArg::Cluster, ScopeArg::Namespaced];

/// A YAML text as JSON.
pub(crate) fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The smallest useful cluster on AWS.
pub(crate) fn aws() -> Value {
    yaml(
        "{provider: aws, region: us-east-1, environment: prod, kubernetesVersion: '1.36',
          network: {cidr: 10.20.0.0/16}, nodePools: [{name: general, min: 2, max: 10}]}",
    )
}

/// The same on GCP.
pub(crate) fn gcp() -> Value {
    let mut spec = aws();
    merge(
        &mut spec,
        &json!({"provider": "gcp", "region": "europe-west1", "account": "acme-prod"}),
    );
    spec
}

/// An Input with every platform fact that registration needs.
pub(crate) fn input() -> Value {
    yaml(
        "{apiVersion: xcluster.fn.crossplane.io/v1beta1, kind: Input,
          accounts: {default: {aws: '111122223333', gcp: acme-prod}},
          allowedCidrs: [203.0.113.0/24],
          argocd: {namespace: argocd,
            aws: {principalArn: 'arn:aws:iam::111122223333:role/argocd'},
            gcp: {principal: 'serviceAccount:argocd@acme-prod.iam.gserviceaccount.com'}}}",
    )
}

/// What a person writes, as Crossplane hands it over.
pub(crate) fn composite(scope: ScopeArg, name: &str, spec: &Value) -> Struct {
    let document = json!({
        "apiVersion": "xcluster.dev/v1alpha1",
        "kind": "Cluster",
        "metadata": {"name": name, "namespace": "ml-platform"},
        "spec": spec,
    });
    composite_of(&document, Some(scope), Path::new("cluster.yaml")).unwrap()
}

pub(crate) fn request(composite: Struct, input: Option<&Value>) -> RunFunctionRequest {
    RunFunctionRequest {
        meta: Some(RequestMeta {
            tag: "tag".to_owned(),
            ..RequestMeta::default()
        }),
        observed: Some(State {
            composite: Some(xcluster::compose::resource(composite)),
            ..State::default()
        }),
        input: input.map(|input| to_struct(input).unwrap()),
        ..RunFunctionRequest::default()
    }
}

/// One call with nothing observed.
pub(crate) fn call(scope: ScopeArg, spec: &Value, input: Option<&Value>) -> RunFunctionResponse {
    compose(request(composite(scope, "prod", spec), input))
}

/// The message of the one Fatal result, if there is one.
pub(crate) fn fatal(rsp: &RunFunctionResponse) -> Option<&str> {
    let mut fatal = rsp
        .results
        .iter()
        .filter(|result| result.severity == i32::from(Severity::Fatal));
    let message = fatal.next().map(|result| result.message.as_str());
    assert!(fatal.next().is_none(), "more than one Fatal");
    message
}

/// A cluster whose clouds do at once whatever they are asked for.
pub(crate) fn world(scope: ScopeArg, name: &str, spec: &Value, input: Option<&Value>) -> World {
    let composite = serde_json::to_value(composite(scope, name, spec)).unwrap();
    let input = input.map(|input| to_struct(input).unwrap());
    World::new(composite, input).at_pace(Pace::Instant)
}
