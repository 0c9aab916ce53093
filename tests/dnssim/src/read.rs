//! The Route 53 Records of a control plane.

use dnssim::{Data, Record};
use kube::{
    Api, Client,
    api::ListParams,
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::Value;

use crate::Fault;

/// The kinds of Record: one of them for each scope of managed resources.
const KINDS: [(&str, &str); 2] = [
    ("route53.aws.upbound.io", "v1beta2"),
    ("route53.aws.m.upbound.io", "v1beta1"),
];

/// All records that the provider has made.
pub(crate) async fn records(client: &Client) -> Result<Vec<Record>, Fault> {
    let mut found = Vec::new();
    for (group, version) in KINDS {
        let mut kind = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, "Record"));
        "records".clone_into(&mut kind.plural);
        let api: Api<DynamicObject> = Api::all_with(client.clone(), &kind);
        match api.list(&ListParams::default()).await {
            Ok(list) => found.extend(list.items.iter().filter_map(|object| record(&object.data))),
            // The kind is not installed in this scope.
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            Err(error) => return Err(error.into()),
        }
    }
    found.sort();
    Ok(found)
}

/// One record, as the provider has made it; none before that.
fn record(object: &Value) -> Option<Record> {
    let made = object.pointer("/status/atProvider")?;
    made.get("id")?;
    let plain = |name: &str| name.trim_end_matches('.').to_lowercase();
    let to = made["records"].get(0)?.as_str()?;
    let data = match made["type"].as_str()? {
        "A" => Data::Address(to.parse().ok()?),
        "CNAME" => Data::Name(plain(to)),
        _ => return None,
    };
    let policy = &made["weightedRoutingPolicy"];
    let weight = policy.get("weight").map_or(Some(1), Value::as_u64)?;
    Some(Record {
        name: plain(made["name"].as_str()?),
        data,
        weight: weight.try_into().ok()?,
        ttl: made["ttl"].as_u64()?.try_into().ok()?,
    })
}
