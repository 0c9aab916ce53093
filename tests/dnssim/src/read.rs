//! Where records come from.

use std::net::IpAddr;

use async_trait::async_trait;
use dnssim::Weighted;
use kube::{
    Api, Client,
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::Value;

use crate::Fault;

/// A record with the address that its cloud gave it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) host: String,
    pub(crate) address: String,
    pub(crate) weight: u32,
    pub(crate) ttl: u32,
}

impl Found {
    /// The same on this machine.
    pub(crate) fn here(&self, at: &[(String, IpAddr)]) -> Option<Weighted> {
        let (_, address) = at.iter().find(|(cloud, _)| *cloud == self.address)?;
        Some(Weighted {
            host: self.host.trim_end_matches('.').to_lowercase(),
            address: *address,
            weight: self.weight,
            ttl: self.ttl,
        })
    }
}

/// Reads records.
#[async_trait]
pub(crate) trait Read: Send + Sync {
    async fn read(&self) -> Result<Vec<Found>, Fault>;
}

async fn list(
    client: &Client,
    api_version: &str,
    kind: &str,
    plural: &str,
) -> Result<Vec<Value>, Fault> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let mut resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
    plural.clone_into(&mut resource.plural);
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &resource);
    match api.list(&kube::api::ListParams::default()).await {
        Ok(list) => list
            .items
            .into_iter()
            .map(|item| Ok(serde_json::to_value(item)?))
            .collect(),
        // The kind is not installed in this scope.
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The records that the function composes.
pub(crate) struct FromRecords {
    client: Client,
}

impl FromRecords {
    pub(crate) fn new(client: Client) -> FromRecords {
        FromRecords { client }
    }
}

/// One address of a Route 53 record with a weight. What the provider has not made is not answered.
fn route53(object: &Value) -> Option<Found> {
    let parameters = object.pointer("/spec/forProvider")?;
    let policy = &parameters["weightedRoutingPolicy"];
    let weight = policy
        .get("weight")
        .or_else(|| policy.get(0)?.get("weight"))?;
    let is_there = object.pointer("/status/atProvider/id").is_some();
    is_there.then_some(Found {
        host: parameters["name"].as_str()?.to_owned(),
        address: parameters["records"].get(0)?.as_str()?.to_owned(),
        weight: weight.as_u64()?.try_into().ok()?,
        ttl: parameters["ttl"].as_u64()?.try_into().ok()?,
    })
}

/// The parts of a Cloud DNS record set with weights.
fn cloud_dns(object: &Value) -> Vec<Found> {
    let parameters = object.pointer("/spec/forProvider").unwrap_or(&Value::Null);
    let parts = parameters
        .pointer("/routingPolicy/wrr")
        .or_else(|| parameters.pointer("/routingPolicy/0/wrr"));
    let parts = parts.and_then(Value::as_array).into_iter().flatten();
    let read = |part: &Value| {
        Some(Found {
            host: parameters["name"].as_str()?.to_owned(),
            address: part["rrdatas"].get(0)?.as_str()?.to_owned(),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a weight is a small number"
            )]
            weight: part["weight"].as_f64()? as u32,
            ttl: parameters["ttl"].as_u64()?.try_into().ok()?,
        })
    };
    parts.filter_map(read).collect()
}

#[async_trait]
impl Read for FromRecords {
    async fn read(&self) -> Result<Vec<Found>, Fault> {
        let mut found = Vec::new();
        for api_version in [
            "route53.aws.upbound.io/v1beta2",
            "route53.aws.upbound.io/v1beta1",
            "route53.aws.m.upbound.io/v1beta1",
        ] {
            let records = list(&self.client, api_version, "Record", "records").await?;
            found.extend(records.iter().filter_map(route53));
            if !found.is_empty() {
                break;
            }
        }
        for api_version in [
            "dns.gcp.upbound.io/v1beta2",
            "dns.gcp.upbound.io/v1beta1",
            "dns.gcp.m.upbound.io/v1beta1",
        ] {
            let records = list(&self.client, api_version, "RecordSet", "recordsets").await?;
            let more: Vec<_> = records.iter().flat_map(cloud_dns).collect();
            if !more.is_empty() {
                found.extend(more);
                break;
            }
        }
        Ok(found)
    }
}

/// What the clusters say is in force.
pub(crate) struct FromClusters {
    client: Client,
    ttl: u32,
}

impl FromClusters {
    pub(crate) fn new(client: Client, ttl: u32) -> FromClusters {
        FromClusters { client, ttl }
    }
}

#[async_trait]
impl Read for FromClusters {
    async fn read(&self) -> Result<Vec<Found>, Fault> {
        let mut clusters =
            list(&self.client, "xcluster.dev/v1alpha1", "Cluster", "clusters").await?;
        if clusters.is_empty() {
            clusters = list(
                &self.client,
                "xcluster.dev/v1alpha1",
                "XCluster",
                "xclusters",
            )
            .await?;
        }
        let read = |cluster: &Value| {
            let traffic = cluster.pointer("/status/traffic")?;
            Some(Found {
                host: traffic["host"].as_str()?.to_owned(),
                address: traffic["address"].as_str()?.to_owned(),
                weight: traffic["weight"].as_u64()?.try_into().ok()?,
                ttl: self.ttl,
            })
        };
        Ok(clusters.iter().filter_map(read).collect())
    }
}
