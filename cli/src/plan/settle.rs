//! What a cluster becomes on a cloud where everything succeeds at once.
//!
//! A single call sends only what can be made now. So the function is called until it asks for nothing
//! new, and whatever it sends is taken as made. What the cloud would report is made up; since it is
//! made up in the same way before and after a change, it makes no difference between the two.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{Resource, RunFunctionRequest, RunFunctionResponse, Severity, State},
        structpb::{Struct, to_struct},
    },
};

/// More calls than any cluster needs: each minor version of an upgrade is a few.
const MOST_CALLS: usize = 200;

/// A cluster that asks for nothing new.
pub(super) struct Settled {
    status: Value,
    /// What exists.
    resources: BTreeMap<String, Resource>,
    /// What was sent last.
    desired: BTreeMap<String, Resource>,
}

impl Settled {
    /// What was sent, by key.
    pub(super) fn objects(&self) -> BTreeMap<String, Value> {
        let desired = self.desired.iter();
        desired
            .map(|(key, held)| (key.clone(), json(held)))
            .collect()
    }
}

/// Calls the function until nothing changes, from what exists on.
///
/// # Errors
/// Why it refuses the cluster.
pub(super) fn settle(
    composite: &Struct,
    input: Option<&Struct>,
    from: Option<&Settled>,
) -> Result<Settled, String> {
    let mut settled = Settled {
        status: from.map_or(Value::Null, |from| from.status.clone()),
        resources: from.map(|from| from.resources.clone()).unwrap_or_default(),
        desired: BTreeMap::new(),
    };
    for _ in 0..MOST_CALLS {
        let response = call(composite, input, &settled)?;
        let desired = response.desired.unwrap_or_default();
        let status = json(&desired.composite.unwrap_or_default())["status"].take();
        let made = made(&desired.resources)?;
        let same = desired.resources == settled.desired && status == settled.status;
        settled = Settled {
            status,
            resources: made,
            desired: desired.resources,
        };
        if same {
            return Ok(settled);
        }
    }
    Err("it still changes after many calls; please report this".to_owned())
}

fn call(
    composite: &Struct,
    input: Option<&Struct>,
    settled: &Settled,
) -> Result<RunFunctionResponse, String> {
    let mut whole = serde_json::to_value(composite).unwrap_or_default();
    if !settled.status.is_null() {
        whole["status"] = settled.status.clone();
    }
    let composite = to_struct(&whole).map_err(|error| error.to_string())?;
    let response = compose(RunFunctionRequest {
        observed: Some(State {
            composite: Some(resource(composite)),
            resources: settled.resources.clone(),
        }),
        input: input.cloned(),
        ..RunFunctionRequest::default()
    });
    let mut results = response.results.iter();
    match results.find(|result| result.severity() == Severity::Fatal) {
        Some(fatal) => Err(fatal.message.clone()),
        None => Ok(response),
    }
}

fn json(held: &Resource) -> Value {
    serde_json::to_value(&held.resource).unwrap_or_default()
}

/// The objects as if the cloud had made them.
fn made(desired: &BTreeMap<String, Resource>) -> Result<BTreeMap<String, Resource>, String> {
    let make = |(key, wanted): (&String, &Resource)| {
        let mut object = json(wanted);
        object["status"] = json!({
            "conditions": [{"type": "Ready", "status": "True"}],
            "atProvider": reported(key, &object["spec"]),
        });
        let object = to_struct(&object).map_err(|error| error.to_string())?;
        Ok((key.clone(), resource(object)))
    };
    desired.iter().map(make).collect()
}

/// What the cloud reports of an object of any kind.
fn reported(key: &str, spec: &Value) -> Value {
    let (wanted, first) = (&spec["forProvider"], &spec["initProvider"]);
    let version = wanted["minMasterVersion"]
        .as_str()
        .or(wanted["version"].as_str());
    // A node pool of GKE follows the control plane by itself and is sent without a version.
    let version = version.map_or(Value::Null, Value::from);
    let is_gke = wanted["minMasterVersion"].is_string();
    let account = format!("{key}@project.iam.gserviceaccount.com");
    let mut found = json!({
        "status": "ACTIVE",
        "state": "active",
        "id": format!("id-of-{key}"),
        "arn": format!("arn:aws:x:region:000000000000:{key}"),
        "email": account,
        "member": format!("serviceAccount:{account}"),
        "number": "0",
        "selfLink": format!("https://www.googleapis.com/compute/v1/{key}"),
        "mainRouteTableId": format!("rtb-of-{key}"),
        "latestVersion": 1,
        "masterVersion": version,
        "endpoint": if is_gke { "192.0.2.1" } else { "https://192.0.2.1" },
        "certificateAuthority": [{"data": "Q0E="}],
        "masterAuth": {"clusterCaCertificate": "Q0E="},
        "identity": [{"oidc": [{"issuer": "https://oidc.example.com/1"}]}],
        "vpcConfig": {"clusterSecurityGroupId": "sg-1"},
        "controlPlaneEndpointsConfig": {"dnsEndpointConfig": {"endpoint": "gke.example.com"}},
    });
    if !version.is_null() {
        found["version"] = version;
    }
    // A size that is sent goes before the one of the creation.
    for (field, of_creation) in [
        ("scalingConfig", "scalingConfig"),
        ("nodeCount", "initialNodeCount"),
    ] {
        let size = [&wanted[field], &first[of_creation]];
        if let Some(size) = size.into_iter().find(|size| !size.is_null()) {
            found[field] = size.clone();
        }
    }
    found
}
