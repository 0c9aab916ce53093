//! Node pools.

use serde_json::{Value, json};

use super::{Container, Place, groups, nodes};
use crate::google::{fill, iam::Iam, refusal::Refusal};

/// The fields of a pool's configuration that are updated in place or by new nodes: the fields of
/// UpdateNodePoolRequest, with their places in the pool.
const CONFIGURED: [&str; 16] = [
    "imageType",
    "workloadMetadataConfig",
    "tags",
    "taints",
    "labels",
    "linuxNodeConfig",
    "kubeletConfig",
    "gcfsConfig",
    "confidentialNodes",
    "gvnic",
    "fastSocket",
    "resourceLabels",
    "windowsNodeConfig",
    "machineType",
    "diskType",
    "storagePools",
];

/// A pool with what GKE fills in.
pub(super) fn completed(pool: &Value, cluster: &Value, place: &Place) -> Value {
    let mut pool = pool.clone();
    let name = pool["name"].as_str().unwrap_or_default().to_owned();
    let pods = cluster["ipAllocationPolicy"]["clusterSecondaryRangeName"].clone();
    fill(
        &mut pool,
        json!({
            "status": "PROVISIONING",
            "version": cluster["currentMasterVersion"],
            "locations": cluster["locations"],
            "podIpv4CidrSize": 25,
            "etag": "5f5c7ddc",
            "selfLink": format!("https://container.googleapis.com/v1/{}/nodePools/{name}", place.cluster_path()),
            "maxPodsConstraint": cluster["defaultMaxPodsConstraint"],
            "management": {"autoUpgrade": true, "autoRepair": true},
            "upgradeSettings": {"maxSurge": 1, "strategy": "SURGE"},
            "networkConfig": {
                "podRange": pods,
                "podIpv4CidrBlock": "10.41.0.0/17",
                "enablePrivateNodes": cluster["privateClusterConfig"]["enablePrivateNodes"],
            },
            // Reported although it was not asked for: provider-upjet-gcp#1019.
            "nodeDrainConfig": {},
        }),
    );
    let links = groups::links(&place.project, &place.cluster, &pool);
    pool["instanceGroupUrls"] = json!(links);
    pool
}

impl Container {
    pub(super) fn create_pool(
        &mut self,
        place: &Place,
        wanted: &Value,
        iam: &Iam,
    ) -> Result<Value, Refusal> {
        let found = self.get(place)?;
        if found.cluster["status"] != "RUNNING" {
            let message = format!("{} is not running.", place.cluster_path());
            return Err(Refusal::precondition(&message));
        }
        let name = wanted["name"].as_str().unwrap_or_default().to_owned();
        if found.pool(&name).is_ok() {
            return Err(Refusal::exists(&format!("nodePools/{name}")));
        }
        let mut pool = wanted.clone();
        pool["config"] = nodes::completed(&wanted["config"], iam)?;
        let pool = completed(&pool, &found.cluster, place);
        let end = self.faults.end_of_pool(&name);
        let problem = end.problem.clone();
        let answer = self.begin(place, "CREATE_NODE_POOL", problem, false, move |cluster| {
            let mut pools = cluster.pools.iter_mut();
            if let Some(pool) = pools.find(|pool| pool["name"] == *name) {
                end.apply(pool);
            }
        })?;
        if let Some(cluster) = self.clusters.get_mut(&place.cluster_path()) {
            let first = pool["initialNodeCount"].as_u64().unwrap_or_default();
            let name = wanted["name"].as_str().unwrap_or_default();
            cluster.nodes.insert(name.to_owned(), first);
            cluster.pools.push(pool);
        }
        Ok(answer)
    }

    pub(super) fn delete_pool(&mut self, place: &Place) -> Result<Value, Refusal> {
        self.get(place)?.pool(&place.pool)?;
        let name = place.pool.clone();
        let answer = self.start(place, "DELETE_NODE_POOL", move |cluster| {
            cluster.pools.retain(|pool| pool["name"] != *name);
        })?;
        let cluster = self.clusters.get_mut(&place.cluster_path());
        for pool in cluster.into_iter().flat_map(|cluster| &mut cluster.pools) {
            if pool["name"] == *place.pool {
                pool["status"] = "STOPPING".into();
            }
        }
        Ok(answer)
    }

    pub(super) fn update_pool(&mut self, place: &Place, request: &Value) -> Result<Value, Refusal> {
        let request = request.clone();
        let master = self.get(place)?.cluster["currentMasterVersion"].clone();
        self.change_pool(place, "UPDATE_CLUSTER", move |pool| {
            for (field, value) in request.as_object().into_iter().flatten() {
                match field.as_str() {
                    // "-" and "" mean what the control plane runs.
                    "nodeVersion" if *value == "-" || *value == "" => {
                        pool["version"] = master.clone();
                    }
                    "nodeVersion" => pool["version"] = value.clone(),
                    // A 64-bit integer here, a 32-bit one in the pool.
                    "diskSizeGb" => {
                        let size = value.as_str().and_then(|size| size.parse::<u32>().ok());
                        pool["config"]["diskSizeGb"] = size.into();
                    }
                    // Wrapped in a message of their own.
                    "labels" => pool["config"]["labels"] = value["labels"].clone(),
                    "taints" => pool["config"]["taints"] = value["taints"].clone(),
                    "tags" => pool["config"]["tags"] = value["tags"].clone(),
                    "resourceLabels" => own_labels(&mut pool["config"], &value["labels"]),
                    "locations" | "upgradeSettings" | "nodeDrainConfig" => {
                        pool[field] = value.clone();
                    }
                    "nodeNetworkConfig" => pool["networkConfig"] = value.clone(),
                    _ if CONFIGURED.contains(&field.as_str()) => {
                        pool["config"][field] = value.clone();
                    }
                    _ => {}
                }
            }
        })
    }
}

/// New labels beside the one that is GKE's own.
fn own_labels(config: &mut Value, labels: &Value) {
    let own = "goog-gke-node-pool-provisioning-model";
    let had = config["resourceLabels"][own].clone();
    config["resourceLabels"] = labels.clone();
    config["resourceLabels"][own] = had;
}
