//! Requests for tests of everything that a person can write: clusters of both clouds in the three
//! scopes, called once or until nothing changes any more.

use std::{collections::BTreeMap, path::Path};

use manifests::{ScopeArg, composite_of, observed_of};
use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::{
        proto::v1::{Ready, RequestMeta, RunFunctionRequest, RunFunctionResponse, Severity, State},
        structpb::{Struct, to_struct},
    },
};

pub(crate) const SCOPES: [ScopeArg; 3] =
    [ScopeArg::Claims, ScopeArg::Cluster, ScopeArg::Namespaced];

/// A YAML text as JSON.
pub(crate) fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// A JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces.
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(key);
        } else {
            merge(&mut target[key], value);
        }
    }
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

/// The desired objects by key.
pub(crate) fn desired(rsp: &RunFunctionResponse) -> BTreeMap<String, Value> {
    let resources = rsp.desired.iter().flat_map(|desired| &desired.resources);
    resources
        .map(|(key, resource)| {
            let object = resource.resource.as_ref().unwrap();
            (key.clone(), serde_json::to_value(object).unwrap())
        })
        .collect()
}

pub(crate) fn is_ready(rsp: &RunFunctionResponse) -> bool {
    let composite = rsp.desired.as_ref().and_then(|d| d.composite.as_ref());
    composite.is_some_and(|composite| composite.ready == i32::from(Ready::True))
}

/// A cluster whose cloud does at once whatever it is asked for.
pub(crate) struct World {
    pub(crate) spec: Value,
    pub(crate) name: String,
    pub(crate) scope: ScopeArg,
    pub(crate) input: Option<Value>,
    pub(crate) observed: BTreeMap<String, Value>,
    pub(crate) status: Value,
}

impl World {
    pub(crate) fn new(scope: ScopeArg, name: &str, spec: &Value, input: Option<&Value>) -> Self {
        Self {
            spec: spec.clone(),
            name: name.to_owned(),
            scope,
            input: input.cloned(),
            observed: BTreeMap::new(),
            status: Value::Null,
        }
    }

    /// The request for what exists now.
    pub(crate) fn request(&self) -> RunFunctionRequest {
        let composite = composite(self.scope, &self.name, &self.spec);
        let mut object = serde_json::to_value(composite).unwrap();
        if !self.status.is_null() {
            object["status"] = self.status.clone();
        }
        let mut request = request(to_struct(&object).unwrap(), self.input.as_ref());
        let objects: Vec<_> = self.observed.values().cloned().collect();
        let observed = observed_of(&objects, Path::new("observed.yaml")).unwrap();
        request.observed.as_mut().unwrap().resources = observed;
        request
    }

    /// One call, and what the cloud makes of it.
    pub(crate) fn step(&mut self) -> RunFunctionResponse {
        let rsp = compose(self.request());
        if fatal(&rsp).is_none() {
            let version = self.spec["kubernetesVersion"].as_str().unwrap_or_default();
            self.observed = desired(&rsp)
                .into_iter()
                .map(|(key, object)| {
                    let object = observed(&key, object, version);
                    (key, object)
                })
                .collect();
            let composite = rsp.desired.as_ref().and_then(|d| d.composite.as_ref());
            let composite = composite.and_then(|c| c.resource.as_ref()).unwrap();
            self.status = serde_json::to_value(composite).unwrap()["status"].take();
        }
        rsp
    }

    /// Calls until a call changes nothing. All answers, in order.
    pub(crate) fn settle(&mut self) -> Vec<RunFunctionResponse> {
        const MOST: usize = 30;
        let mut answers: Vec<RunFunctionResponse> = Vec::new();
        while answers.len() < MOST {
            let rsp = self.step();
            let same = answers
                .last()
                .is_some_and(|last| last.desired == rsp.desired);
            answers.push(rsp);
            if same {
                return answers;
            }
        }
        panic!("nothing has settled after {MOST} calls");
    }
}

/// A desired object as it is observed once its cloud has done everything.
fn observed(key: &str, mut object: Value, version: &str) -> Value {
    let region = object["spec"]["forProvider"]["region"].as_str();
    let region = region.unwrap_or("eu-west-1").to_owned();
    object["metadata"]["uid"] = json!("0d2c4a4e-0000-4000-8000-000000000000");
    object["metadata"]["annotations"]["crossplane.io/composition-resource-name"] = json!(key);
    if object["kind"] == "Secret" {
        return object;
    }
    let gcp = object["apiVersion"].as_str().unwrap().contains("gcp");
    let scaling = &object["spec"]["initProvider"]["scalingConfig"];
    let mut at_provider = json!({
        "arn": format!("arn:aws:any:{region}:111122223333:{key}"),
        "id": format!("id-of-{key}"),
        "status": "ACTIVE",
        "state": if key.contains("route") { "active" } else { "available" },
        "mainRouteTableId": "rtb-0123",
        "latestVersion": 1,
        "address": "203.0.113.20",
        "number": "123456789012",
        "email": "nodes@acme-prod.iam.gserviceaccount.com",
        "member": "serviceAccount:nodes@acme-prod.iam.gserviceaccount.com",
        "selfLink": format!("https://www.googleapis.com/compute/v1/{key}"),
        "version": version,
        "masterVersion": format!("{version}.1-gke.100"),
        "endpoint": if gcp { "192.0.2.7" } else { "https://0A1B.gr7.us-east-1.eks.amazonaws.com" },
        "certificateAuthority": [{"data": "Q0E="}],
        "masterAuth": {"clusterCaCertificate": "Q0E="},
        "controlPlaneEndpointsConfig": {"dnsEndpointConfig": {"endpoint": "gke-1.europe-west1.gke.goog"}},
        "deletionProtection": object["spec"]["forProvider"]["deletionProtection"],
    });
    for field in ["minSize", "maxSize", "desiredSize"] {
        at_provider["scalingConfig"][field] = scaling[field].clone();
    }
    object["status"] = json!({
        "conditions": [
            {"type": "Synced", "status": "True", "reason": "ReconcileSuccess"},
            {"type": "Ready", "status": "True", "reason": "Available"},
        ],
        "atProvider": at_provider,
    });
    object
}
