//! What a cloud reports about its cluster, and what it has no equivalent of.

use crate::plan::key::Key;

/// What a cloud reports about its cluster.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The control plane's URL, with its scheme.
    pub endpoint: Option<String>,
    /// The certificate authority behind it, base64 of PEM; none where a public one signs.
    pub certificate_authority: Option<String>,
    /// Whether the endpoint's certificate is signed by a public authority.
    pub publicly_trusted: bool,
    /// The cluster's id: its ARN on AWS, its resource name on GCP.
    pub id: Option<String>,
    /// The control plane's version as the cloud writes it.
    pub version: Option<String>,
    /// The OIDC issuer, on AWS.
    pub oidc_issuer: Option<String>,
    /// The workload identity pool, on GCP.
    pub workload_pool: Option<String>,
    /// What the cloud's controllers call the network: its id on AWS, its name on GCP.
    pub network_name: Option<String>,
    /// Names and ids of the network, for the status.
    pub network: Vec<(&'static str, String)>,
    /// The node pools.
    pub pools: Vec<PoolFacts>,
}

/// What a cloud reports about a node pool.
#[derive(Clone, Debug)]
pub struct PoolFacts {
    /// The pool's name in the spec.
    pub name: String,
    /// The machine type that the nodes have, the first where there are several.
    pub machine_type: Option<String>,
    /// The key of the resource that is the pool.
    pub key: Key,
    /// The nodes' version as the cloud writes it.
    pub version: Option<String>,
}

/// Where a cloud has no equivalent of a field that is set.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Parity {
    /// The field.
    pub field: String,
    /// What this cloud does instead, and why.
    pub note: String,
}
