//! Compute Engine: networks, subnetworks, routers and addresses
//! (<https://cloud.google.com/compute/docs/reference/rest/v1>).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{fill, refusal::Refusal};
use crate::discovery::Call;

/// Where self links are.
const API: &str = "https://www.googleapis.com/compute/v1/";

/// Everything by its path below the API.
#[derive(Default)]
pub(super) struct Compute {
    things: BTreeMap<String, Value>,
    operations: BTreeMap<String, Value>,
}

impl Compute {
    pub(super) fn answer(&mut self, call: &Call) -> Result<Value, Refusal> {
        let mut method = call.method.split('.').skip(1);
        let (collection, verb) = (
            method.next().unwrap_or_default(),
            method.next().unwrap_or_default(),
        );
        if collection.ends_with("Operations") {
            let name = call.path.last().map_or("", String::as_str);
            let missing = || Refusal::not_found(&format!("no operation {name}"));
            return self.operations.get(name).cloned().ok_or_else(missing);
        }
        let place = Place::of(collection, &call.path)?;
        match verb {
            "insert" => self.insert(&place, &call.body),
            "get" => self.get(&place.path()).cloned(),
            "patch" => self.patch(&place, &call.body),
            "delete" => self.delete(&place),
            "setLabels" => {
                let mut thing = self.get(&place.path())?.clone();
                thing["labels"] = call.body["labels"].clone();
                self.things.insert(place.path(), thing);
                Ok(self.operation(&place, "setLabels"))
            }
            _ => Err(Refusal::unimplemented(&call.method)),
        }
    }

    fn insert(&mut self, place: &Place, body: &Value) -> Result<Value, Refusal> {
        let name = body["name"].as_str().unwrap_or_default();
        let place = Place {
            name: name.to_owned(),
            ..place.clone()
        };
        let path = place.path();
        if self.things.contains_key(&path) {
            return Err(Refusal::exists(&format!("The resource '{path}'")));
        }
        let mut thing = body.clone();
        if thing.get("network").is_some() {
            let network = relative(thing["network"].as_str().unwrap_or_default());
            self.get(&network)?;
            thing["network"] = link(&network).into();
        }
        thing["id"] = format!("{}", 1_000_000 + self.things.len() + self.operations.len()).into();
        thing["selfLink"] = link(&path).into();
        thing["creationTimestamp"] = "2026-01-01T00:00:00.000-08:00".into();
        thing["kind"] = place.kind().into();
        if let Some(region) = &place.region {
            thing["region"] = link(&format!("projects/{}/regions/{region}", place.project)).into();
        }
        fill(&mut thing, place.defaults());
        self.things.insert(path, thing);
        Ok(self.operation(&place, "insert"))
    }

    /// A patch replaces the fields that it has, lists as a whole.
    fn patch(&mut self, place: &Place, body: &Value) -> Result<Value, Refusal> {
        let mut thing = self.get(&place.path())?.clone();
        cloudsim::apply::merge_patch(&mut thing, body);
        if place.collection == "routers" {
            // Each NAT gateway gets the defaults of one.
            for nat in thing["nats"].as_array_mut().into_iter().flatten() {
                fill(
                    nat,
                    json!({
                        "type": "PUBLIC",
                        "endpointTypes": ["ENDPOINT_TYPE_VM"],
                        "udpIdleTimeoutSec": 30,
                        "icmpIdleTimeoutSec": 30,
                        "tcpEstablishedIdleTimeoutSec": 1200,
                        "tcpTransitoryIdleTimeoutSec": 30,
                        "tcpTimeWaitTimeoutSec": 120,
                        "autoNetworkTier": "PREMIUM",
                    }),
                );
            }
        }
        self.things.insert(place.path(), thing);
        Ok(self.operation(place, "patch"))
    }

    /// What is in use is not deleted: RESOURCE_IN_USE_BY_ANOTHER_RESOURCE.
    fn delete(&mut self, place: &Place) -> Result<Value, Refusal> {
        let path = place.path();
        let own = self.get(&path)?["selfLink"].clone();
        let mut others = self.things.values();
        let user = others.find(|thing| thing["network"] == own || thing["subnetwork"] == own);
        if let Some(user) = user {
            let message = format!(
                "The {path} resource is already being used by {}",
                user["selfLink"]
            );
            return Err(Refusal::new(
                400,
                "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
                &message,
            ));
        }
        self.things.remove(&path);
        Ok(self.operation(place, "delete"))
    }

    fn get(&self, path: &str) -> Result<&Value, Refusal> {
        let missing = || Refusal::not_found(&format!("The resource '{path}' was not found"));
        self.things.get(path).ok_or_else(missing)
    }

    /// Whether there is something at a self link.
    pub(super) fn has(&self, link: &str) -> bool {
        self.things.contains_key(&relative(link))
    }

    /// The paths of what there is.
    pub(super) fn left(&self) -> Vec<String> {
        self.things.keys().cloned().collect()
    }

    /// An operation that is done.
    fn operation(&mut self, place: &Place, kind: &str) -> Value {
        let name = format!("operation-{}", self.operations.len() + 1);
        let scope = match &place.region {
            Some(region) => format!("regions/{region}"),
            None => "global".to_owned(),
        };
        let mut operation = json!({
            "kind": "compute#operation",
            "id": format!("{}", 1000 + self.operations.len()),
            "name": name,
            "operationType": kind,
            "status": "DONE",
            "progress": 100,
            "targetLink": link(&place.path()),
            "selfLink": link(&format!("projects/{}/{scope}/operations/{name}", place.project)),
        });
        if let Some(region) = &place.region {
            operation["region"] =
                link(&format!("projects/{}/regions/{region}", place.project)).into();
        }
        self.operations.insert(name, operation.clone());
        operation
    }
}

/// Where a thing is.
#[derive(Clone)]
struct Place {
    project: String,
    region: Option<String>,
    collection: &'static str,
    name: String,
}

impl Place {
    fn of(collection: &str, path: &[String]) -> Result<Self, Refusal> {
        let part = |index: usize| path.get(index).cloned().unwrap_or_default();
        let (collection, regional) = match collection {
            "networks" => ("networks", false),
            "globalAddresses" => ("addresses", false),
            "subnetworks" => ("subnetworks", true),
            "routers" => ("routers", true),
            other => return Err(Refusal::unimplemented(other)),
        };
        Ok(Self {
            project: part(0),
            region: regional.then(|| part(1)),
            collection,
            name: part(if regional { 2 } else { 1 }),
        })
    }

    fn path(&self) -> String {
        let (project, collection, name) = (&self.project, self.collection, &self.name);
        match &self.region {
            Some(region) => format!("projects/{project}/regions/{region}/{collection}/{name}"),
            None => format!("projects/{project}/global/{collection}/{name}"),
        }
    }

    fn kind(&self) -> &'static str {
        match self.collection {
            "networks" => "compute#network",
            "addresses" => "compute#address",
            "subnetworks" => "compute#subnetwork",
            _ => "compute#router",
        }
    }

    /// What the API fills in.
    fn defaults(&self) -> Value {
        match self.collection {
            "networks" => json!({
                "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
                "routingConfig": {"routingMode": "REGIONAL"},
                "subnetworks": [],
            }),
            "addresses" => json!({
                "address": "203.0.113.20",
                "addressType": "EXTERNAL",
                "networkTier": "PREMIUM",
                "status": "RESERVED",
                "labelFingerprint": "42WmSpB8rSM=",
            }),
            "subnetworks" => json!({
                "purpose": "PRIVATE",
                "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS",
                "stackType": "IPV4_ONLY",
                "fingerprint": "42WmSpB8rSM=",
                "gatewayAddress": "10.0.0.1",
                "enableFlowLogs": false,
                "logConfig": {"enable": false},
            }),
            _ => json!({"encryptedInterconnectRouter": false}),
        }
    }
}

fn link(path: &str) -> String {
    format!("{API}{path}")
}

/// The path below the API of a link, however it is written.
fn relative(link: &str) -> String {
    let from = link.find("projects/").unwrap_or_default();
    link.get(from..).unwrap_or_default().to_owned()
}
