//! Google Cloud: what it needs in which order, and what it reports.

mod gke;
mod kinds;
mod needs;

use crate::{
    object::{field, name_of, text},
    regions,
    rules::{Kind, Reference, Rules, Subject},
};
use serde_json::Value;

const NUMBER: &str = "123456789012";

pub(crate) static RULES: Rules = Rules {
    cloud: "gcp",
    group: ".gcp.",
    kinds: kinds::KINDS,
    other: Kind::PLAIN,
    references: REFERENCES,
    no_credentials: NO_CREDENTIALS,
    no_region,
    refuses: |object, clouds| needs::api_off(object, clouds).or_else(|| gke::panics(object)),
    report,
};

const NO_CREDENTIALS: &str = "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get \
     terraform setup: cannot extract credentials: cannot get credentials secret: Secret \"gcp-credentials\" not found";

const REFERENCES: &[Reference] = &[
    refers("cluster", "Cluster", None),
    refers("cryptoKeyId", "CryptoKey", Some("id")),
    refers("keyRing", "KeyRing", Some("id")),
    refers("network", "Network", Some("selfLink")),
    refers("router", "Router", None),
    refers("serviceAccount", "ServiceAccount", Some("email")),
    refers("subnetwork", "Subnetwork", Some("selfLink")),
];

const fn refers(
    field: &'static str,
    kind: &'static str,
    reported: Option<&'static str>,
) -> Reference {
    Reference {
        field,
        kind,
        reported,
    }
}

/// A region by itself, or as the location of what has one.
fn no_region(object: &Value) -> Option<String> {
    let region = ["region", "location"]
        .map(|name| field(object, name))
        .into_iter()
        .find(|region| !region.is_empty())?;
    (!regions::GCP.contains(&region)).then(|| {
        format!("create failed: googleapi: Error 403: Permission denied on 'locations/{region}' (or it may not exist).")
    })
}

/// Everything has a path.
fn report(subject: &Subject<'_>, at: &mut Value) {
    let object = subject.object;
    let (project, name) = (field(object, "project"), name_of(object));
    let (region, location) = (field(object, "region"), field(object, "location"));
    let path = match text(object, "/kind") {
        "Network" => format!("projects/{project}/global/networks/{name}"),
        "Subnetwork" => format!("projects/{project}/regions/{region}/subnetworks/{name}"),
        "Router" => format!("projects/{project}/regions/{region}/routers/{name}"),
        "KeyRing" => format!("projects/{project}/locations/{location}/keyRings/{name}"),
        "CryptoKey" => format!("{}/cryptoKeys/{name}", field(object, "keyRing")),
        "Cluster" => format!("projects/{project}/locations/{location}/clusters/{name}"),
        _ => name.to_owned(),
    };
    at["selfLink"] = format!("https://www.googleapis.com/compute/v1/{path}").into();
    at["id"] = path.into();
}
