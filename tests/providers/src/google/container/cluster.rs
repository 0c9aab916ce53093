//! How a cluster begins and ends.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Cluster, Container, Place, name_in, nodes};
use crate::google::{NUMBER, compute::Compute, fill, iam::Iam, refusal::Refusal};

/// The certificate authority of every cluster: base64 of some text.
const AUTHORITY: &str = "QSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkK";

impl Container {
    pub(super) fn create(
        &mut self,
        place: &Place,
        wanted: &Value,
        compute: &Compute,
        iam: &Iam,
    ) -> Result<Value, Refusal> {
        let place = Place {
            cluster: wanted["name"].as_str().unwrap_or_default().to_owned(),
            project: place.project.clone(),
            location: place.location.clone(),
            pool: String::new(),
        };
        let path = place.cluster_path();
        if self.clusters.contains_key(&path) {
            return Err(Refusal::exists(&path));
        }
        for field in ["network", "subnetwork"] {
            let link = wanted[field].as_str().unwrap_or_default();
            if !compute.has(link) {
                return Err(Refusal::invalid(&format!(
                    "{field} \"{link}\" does not exist."
                )));
            }
        }
        let mut cluster = wanted.clone();
        complete(&mut cluster, &place);
        let mut pools = Vec::new();
        if !is_autopilot(&cluster) {
            let config = nodes::completed(&cluster["nodeConfig"], iam)?;
            let pool = json!({
                "name": "default-pool",
                "config": config,
                "initialNodeCount": cluster["initialNodeCount"],
            });
            pools.push(super::pool::completed(&pool, &cluster, &place));
        }
        let end = self.faults.end_of(&place.cluster);
        let problem = end.problem.clone();
        let nodes = BTreeMap::new();
        let created = Cluster {
            cluster,
            pools,
            nodes,
        };
        self.clusters.insert(path, created);
        self.begin(&place, "CREATE_CLUSTER", problem, false, move |it| {
            end.apply(&mut it.cluster);
            for pool in &mut it.pools {
                pool["status"] = end.status().into();
            }
        })
    }

    pub(super) fn delete(&mut self, place: &Place) -> Result<Value, Refusal> {
        self.get(place)?;
        let answer = self.begin(place, "DELETE_CLUSTER", String::new(), true, |_| {})?;
        if let Some(found) = self.clusters.get_mut(&place.cluster_path()) {
            found.cluster["status"] = "STOPPING".into();
        }
        Ok(answer)
    }
}

pub(super) fn is_autopilot(cluster: &Value) -> bool {
    cluster["autopilot"]["enabled"] == true
}

/// The version that GKE takes for a minor version.
pub(super) fn patch_of(version: &str) -> String {
    if version.contains("-gke.") {
        version.to_owned()
    } else {
        format!("{version}.1-gke.1000000")
    }
}

/// The zones that GKE takes in a region: <https://cloud.google.com/compute/docs/regions-zones>.
pub(super) fn zones(region: &str) -> Vec<String> {
    let letters = match region {
        "europe-west1" | "us-east1" => ["b", "c", "d"],
        _ => ["a", "b", "c"],
    };
    letters.map(|letter| format!("{region}-{letter}")).into()
}

fn complete(cluster: &mut Value, place: &Place) {
    let version = cluster["initialClusterVersion"].as_str().unwrap_or("1.36");
    let version = patch_of(version);
    let name = place.cluster.clone();
    let own_network = relative(&cluster["network"]);
    let own_subnetwork = relative(&cluster["subnetwork"]);
    cluster["network"] = name_in(&own_network).into();
    cluster["subnetwork"] = name_in(&own_subnetwork).into();
    fill(
        cluster,
        json!({
            "id": "0123456789abcdef",
            "status": "PROVISIONING",
            "location": place.location,
            "zone": place.location,
            "locations": zones(&place.location),
            "currentMasterVersion": version,
            "currentNodeVersion": version,
            "selfLink": format!("https://container.googleapis.com/v1/{}", place.cluster_path()),
            "createTime": "2026-01-01T00:00:00+00:00",
            "etag": "5f5c7ddc",
            "labelFingerprint": "a9dc16a7",
            "legacyAbac": {},
            "loggingService": "logging.googleapis.com/kubernetes",
            "monitoringService": "monitoring.googleapis.com/kubernetes",
            "masterAuth": {"clientCertificateConfig": {}},
            "networkConfig": {
                "network": own_network,
                "subnetwork": own_subnetwork,
                "serviceExternalIpsConfig": {"enabled": false},
                "defaultSnatStatus": {},
            },
            "addonsConfig": {
                "httpLoadBalancing": {},
                "horizontalPodAutoscaling": {},
                "kubernetesDashboard": {"disabled": true},
                "networkPolicyConfig": {"disabled": true},
                "gcePersistentDiskCsiDriverConfig": {"enabled": true},
            },
            "databaseEncryption": {"state": "DECRYPTED"},
            "shieldedNodes": {"enabled": true},
            "notificationConfig": {"pubsub": {}},
            "nodePoolDefaults": {"nodeConfigDefaults": {
                "loggingConfig": {"variantConfig": {"variant": "DEFAULT"}},
            }},
            "securityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_DISABLED"},
            "loggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"]}},
            "monitoringConfig": {
                "componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS"]},
                "managedPrometheusConfig": {"enabled": true},
            },
            "enterpriseConfig": {"clusterTier": "STANDARD"},
            "anonymousAuthenticationConfig": {"mode": "ENABLED"},
        }),
    );
    cluster["masterAuth"]["clusterCaCertificate"] = AUTHORITY.into();
    if is_autopilot(cluster) {
        autopilot(cluster, place);
    } else {
        fill(
            cluster,
            json!({"defaultMaxPodsConstraint": {"maxPodsPerNode": "110"}}),
        );
    }
    endpoints(cluster, &name, &place.location);
}

/// What Autopilot decides: <https://cloud.google.com/kubernetes-engine/docs/resources/autopilot-standard-feature-comparison>.
fn autopilot(cluster: &mut Value, place: &Place) {
    let defaults = cluster["autoscaling"]["autoprovisioningNodePoolDefaults"].clone();
    cluster["autoscaling"] = json!({
        "enableNodeAutoprovisioning": true,
        "autoscalingProfile": "OPTIMIZE_UTILIZATION",
        "resourceLimits": [
            {"resourceType": "cpu", "maximum": "1000000000"},
            {"resourceType": "memory", "maximum": "1000000000"},
        ],
        "autoprovisioningNodePoolDefaults": defaults,
    });
    let defaults = &mut cluster["autoscaling"]["autoprovisioningNodePoolDefaults"];
    if let Some(defaults) = defaults.as_object_mut() {
        defaults.remove("minCpuPlatform");
    }
    fill(
        defaults,
        json!({
            "imageType": "COS_CONTAINERD",
            "management": {"autoUpgrade": true, "autoRepair": true},
            "upgradeSettings": {"maxSurge": 1, "strategy": "SURGE"},
        }),
    );
    cluster["workloadIdentityConfig"] =
        json!({"workloadPool": format!("{}.svc.id.goog", place.project)});
    cluster["verticalPodAutoscaling"] = json!({"enabled": true});
    cluster["networkConfig"]["datapathProvider"] = "ADVANCED_DATAPATH".into();
    cluster["networkConfig"]["enableIntraNodeVisibility"] = true.into();
    cluster["defaultMaxPodsConstraint"] = json!({"maxPodsPerNode": "110"});
    fill(
        &mut cluster["addonsConfig"],
        json!({
            "dnsCacheConfig": {"enabled": true},
            "gcpFilestoreCsiDriverConfig": {"enabled": true},
            "gcsFuseCsiDriverConfig": {"enabled": true},
        }),
    );
}

/// Who reaches the control plane: `controlPlaneEndpointsConfig` is what counts, and the older fields follow it.
///
/// Without IP endpoints GKE says that the endpoint is private (terraform-provider-google#27901), and reports the host
/// name of DNS as the endpoint (provider-upjet-gcp, config/cluster/container/config.go, `servesDNSEndpoint`).
pub(super) fn endpoints(cluster: &mut Value, name: &str, location: &str) {
    let host = format!("gke-{name}-{NUMBER}.{location}.gke.goog");
    fill(
        cluster,
        json!({
            "controlPlaneEndpointsConfig": {
                "dnsEndpointConfig": {"endpoint": host, "allowExternalTraffic": false},
                "ipEndpointsConfig": {
                    "enabled": true,
                    "enablePublicEndpoint": true,
                    "privateEndpoint": "10.0.0.2",
                    "publicEndpoint": "203.0.113.10",
                },
            },
            "privateClusterConfig": {"privateEndpoint": "10.0.0.2", "publicEndpoint": "203.0.113.10"},
        }),
    );
    let ip = &mut cluster["controlPlaneEndpointsConfig"]["ipEndpointsConfig"];
    let by_ip = ip["enabled"] == true;
    if !by_ip {
        ip["enablePublicEndpoint"] = false.into();
    }
    let ip = ip.clone();
    let is_public = by_ip && ip["enablePublicEndpoint"] == true;
    cluster["privateClusterConfig"]["enablePrivateEndpoint"] = (!is_public).into();
    if ip["authorizedNetworksConfig"].is_object() {
        cluster["masterAuthorizedNetworksConfig"] = ip["authorizedNetworksConfig"].clone();
    }
    cluster["endpoint"] = match (by_ip, is_public) {
        (false, _) => host.into(),
        (true, false) => "10.0.0.2".into(),
        (true, true) => "203.0.113.10".into(),
    };
}

fn relative(link: &Value) -> String {
    let link = link.as_str().unwrap_or_default();
    let from = link.find("projects/").unwrap_or_default();
    link.get(from..).unwrap_or_default().to_owned()
}
