//! The managed instance groups that a pool's nodes are in: one in each zone
//! (<https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagers>).

use serde_json::{Value, json};

use super::Container;

/// Where self links are.
const API: &str = "https://www.googleapis.com/compute/v1";

/// The links of a pool's groups.
pub(super) fn links(project: &str, cluster: &str, pool: &Value) -> Vec<String> {
    let zones = pool["locations"].as_array().into_iter().flatten();
    let zones = zones.filter_map(Value::as_str);
    let name = name(cluster, pool["name"].as_str().unwrap_or_default());
    zones
        .map(|zone| format!("{API}/projects/{project}/zones/{zone}/instanceGroupManagers/{name}"))
        .collect()
}

fn name(cluster: &str, pool: &str) -> String {
    format!("gke-{cluster}-{pool}-grp")
}

impl Container {
    /// The groups in a zone, with their sizes.
    pub(in crate::google) fn groups(&self, project: &str, zone: &str) -> Value {
        let mut items = Vec::new();
        for (cluster, found) in self.clusters() {
            for pool in &found.pools {
                let place = format!("/zones/{zone}/");
                let links = links(project, cluster, pool);
                let link = links.iter().find(|link| link.contains(&place));
                let size = pool["name"].as_str().and_then(|name| found.nodes.get(name));
                items.extend(link.map(|link| {
                    json!({
                        "name": link.rsplit('/').next(),
                        "selfLink": link,
                        "instanceGroup": link.replace("instanceGroupManagers", "instanceGroups"),
                        "targetSize": size,
                    })
                }));
            }
        }
        json!({"items": items})
    }
}
