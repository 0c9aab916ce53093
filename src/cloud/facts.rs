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
}

/// What follows the control plane to another version of Kubernetes: first the add-ons, then the node pools.
#[derive(Clone, Debug, Default)]
pub struct Followers {
    /// The node pools of the spec, none in mode auto.
    pub pools: Vec<PoolFacts>,
    /// The add-ons whose versions this function sets.
    pub addons: Vec<AddonFacts>,
}

/// What a cloud reports about an add-on.
#[derive(Clone, Debug)]
pub struct AddonFacts {
    /// Its field in `spec.addons`.
    pub field: &'static str,
    /// The key of its resource.
    pub key: Key,
    /// The version that it has.
    pub version: Option<String>,
    /// Whether its resource exists.
    pub exists: bool,
    /// The version that its author chose.
    pub pinned: Option<String>,
    /// Where it is older than what goes with the Kubernetes that runs.
    pub behind: Option<Behind>,
}

impl AddonFacts {
    /// Whether it may still be on its way: it is older than it should be, or exists and reports no version. What is lost for a
    /// moment lets nothing begin.
    pub fn may_lag(&self) -> bool {
        let is_silent = self.exists && self.version.is_none() && self.pinned.is_none();
        self.behind.is_some() || is_silent
    }
}

/// Something that is older than it should be.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The version that it has.
    pub has: String,
    /// The version that it should have, or a newer one.
    pub needs: String,
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
    /// The release of the nodes' image: of EKS' image, or GKE's version, which comes with one.
    pub release: Option<String>,
    /// Where the image is older than the platform wants it.
    pub image_behind: Option<Behind>,
    /// Whether the cluster needs it to be ready.
    pub required: bool,
    /// Whether it is ready.
    pub ready: bool,
    /// Whether it ever had nodes.
    pub had_nodes: bool,
}

/// Where a cloud has no equivalent of a field that is set.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Parity {
    /// The field.
    pub field: String,
    /// What this cloud does instead, and why.
    pub note: String,
}
