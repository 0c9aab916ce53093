//! ClusterUpdate: one change a request
//! (<https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/ClusterUpdate>).

use serde_json::Value;

use super::{
    Cluster, Container, Place,
    cluster::{endpoints, patch_of},
};
use crate::google::refusal::Refusal;

/// The fields of an update, and where in a cluster they go.
const FIELDS: [(&str, &str); 15] = [
    ("desiredAddonsConfig", "/addonsConfig"),
    ("desiredClusterAutoscaling", "/autoscaling"),
    (
        "desiredControlPlaneEndpointsConfig",
        "/controlPlaneEndpointsConfig",
    ),
    ("desiredCostManagementConfig", "/costManagementConfig"),
    ("desiredDatabaseEncryption", "/databaseEncryption"),
    ("desiredGatewayApiConfig", "/networkConfig/gatewayApiConfig"),
    ("desiredLoggingConfig", "/loggingConfig"),
    (
        "desiredMasterAuthorizedNetworksConfig",
        "/masterAuthorizedNetworksConfig",
    ),
    ("desiredMonitoringConfig", "/monitoringConfig"),
    ("desiredNotificationConfig", "/notificationConfig"),
    ("desiredPrivateClusterConfig", "/privateClusterConfig"),
    ("desiredReleaseChannel", "/releaseChannel"),
    ("desiredSecurityPostureConfig", "/securityPostureConfig"),
    ("desiredVerticalPodAutoscaling", "/verticalPodAutoscaling"),
    ("desiredWorkloadIdentityConfig", "/workloadIdentityConfig"),
];

impl Container {
    pub(super) fn update(&mut self, place: &Place, update: &Value) -> Result<Value, Refusal> {
        // The pool that another field is about is no change of its own.
        let fields = update.as_object().into_iter().flatten();
        let fields: Vec<_> = fields
            .filter(|(field, _)| *field != "desiredNodePoolId")
            .collect();
        let [(field, value)] = fields[..] else {
            let names: Vec<_> = fields.iter().map(|(field, _)| field.as_str()).collect();
            let message = format!(
                "Exactly one update can be applied, and not {}.",
                names.join(", ")
            );
            return Err(Refusal::invalid(&message));
        };
        if field == "desiredMasterVersion" {
            return self.upgrade(place, value.as_str().unwrap_or_default());
        }
        if field == "desiredNodePoolAutoscaling" {
            let pool = update["desiredNodePoolId"].as_str().unwrap_or_default();
            let value = value.clone();
            return self.change_pool(&place.of_pool(pool), "UPDATE_CLUSTER", |pool| {
                pool["autoscaling"] = value;
            });
        }
        if field == "desiredEnablePrivateEndpoint" {
            let value = value.clone();
            return self.change(place, "UPDATE_CLUSTER", move |found| {
                let ip = &mut found.cluster["controlPlaneEndpointsConfig"]["ipEndpointsConfig"];
                ip["enablePublicEndpoint"] = (value != true).into();
                follow(found);
            });
        }
        let mut known = FIELDS.iter();
        let Some((_, path)) = known.find(|(known, _)| known == field) else {
            return Err(Refusal::unimplemented(field));
        };
        let value = value.clone();
        self.change(place, "UPDATE_CLUSTER", move |found| {
            if let Some(at) = found.cluster.pointer_mut(path) {
                cloudsim::apply::set(at, &value);
            } else if let Some((parent, last)) = path.rsplit_once('/')
                && let Some(parent) = found.cluster.pointer_mut(parent)
            {
                parent[last] = value;
            }
            follow(found);
        })
    }

    /// A manual upgrade of the control plane, by one minor version. Its nodes stay as they are:
    /// <https://cloud.google.com/kubernetes-engine/docs/how-to/upgrading-a-cluster>.
    fn upgrade(&mut self, place: &Place, version: &str) -> Result<Value, Refusal> {
        let now = self.get(place)?.cluster["currentMasterVersion"].clone();
        let (from, to) = (minor(now.as_str().unwrap_or_default()), minor(version));
        if to < from || to > from + 1 {
            let message = format!("Master cannot be upgraded to \"{version}\": it runs {now}.");
            return Err(Refusal::invalid(&message));
        }
        let version = patch_of(version);
        self.change(place, "UPGRADE_MASTER", move |found| {
            found.cluster["currentMasterVersion"] = version.into();
        })
    }
}

/// What follows from other fields.
fn follow(found: &mut Cluster) {
    let text = |name: &str| found.cluster[name].as_str().unwrap_or_default().to_owned();
    let (name, location) = (text("name"), text("location"));
    endpoints(&mut found.cluster, &name, &location);
}

fn minor(version: &str) -> u32 {
    let mut parts = version.split('.').skip(1);
    parts
        .next()
        .and_then(|minor| minor.parse().ok())
        .unwrap_or_default()
}
