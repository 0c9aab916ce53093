//! GKE: control planes and node pools.

use serde_json::{Value, json};

use super::{NUMBER, needs::identity_lacks};
use crate::{
    clouds::Clouds,
    id::{id, minor},
    object::{field, name_of, reported, text, works},
    rules::{Subject, Upgrade},
};

/// Why GKE makes no control plane now.
pub(super) fn cluster_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let subnetwork = field(object, "subnetwork");
    let mut subnetworks = clouds.all("Subnetwork").filter(|found| works(found));
    if !subnetworks.any(|found| reported(found, "selfLink") == subnetwork) {
        return Some(format!("subnetwork {subnetwork} is not ready"));
    }
    first_nodes_lack(object).or_else(|| identity_lacks(object, clouds))
}

/// The first pool's nodes, which a project with a small quota or with a strict organization does not allow.
fn first_nodes_lack(object: &Value) -> Option<String> {
    let auto = object.pointer("/spec/forProvider/enableAutopilot");
    if auto == Some(&Value::Bool(true)) {
        return None;
    }
    let config = &object["spec"]["initProvider"]["nodeConfig"];
    if config["shieldedInstanceConfig"]["enableSecureBoot"] != true {
        return Some("Constraint constraints/compute.requireShieldedVm violated".to_owned());
    }
    // Without a type or a size it is 100 GiB of pd-balanced in each of three zones, and new projects have 250 GiB of SSD.
    let gib = config["diskSizeGb"].as_u64().unwrap_or(100) * 3;
    let on_ssd = config["diskType"] != "pd-standard" && gib > 250;
    on_ssd.then(|| {
        "Insufficient regional quota to satisfy request: resource \"SSD_TOTAL_GB\"".to_owned()
    })
}

/// Why GKE deletes none now.
pub(super) fn keeps(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let protected = object.pointer("/status/atProvider/deletionProtection");
    if protected == Some(&Value::Bool(true)) {
        let name = name_of(object);
        return Some(format!(
            "{name} cannot be destroyed: deletionProtection is set to true"
        ));
    }
    identity_lacks(object, clouds)
}

/// provider-gcp from v3.0.0 on (Terraform 7.39) panics on a node configuration without this block.
pub(super) fn panics(object: &Value) -> Option<String> {
    let configs = [
        "/spec/forProvider/nodeConfig",
        "/spec/initProvider/nodeConfig",
    ];
    let mut configs = configs.iter().filter_map(|path| object.pointer(path));
    let panics = configs.any(|config| config.get("kubeletConfig").is_none());
    panics.then(|| "recovered from panic: value is null".to_owned())
}

/// The pool that GKE makes a cluster with.
const FIRST_POOL: &str = "default-pool";

/// Terraform deletes the first pool at the end of `Create` and nowhere else (resource_container_cluster.go,
/// `remove_default_node_pool`): what does not get there keeps it for ever.
pub(super) fn interrupted(at: &mut Value) {
    at["nodePool"] = json!([{"name": FIRST_POOL}]);
}

/// The pools of a cluster, among them the first one if it has stayed.
fn pools(object: &Value, clouds: &Clouds<'_>, had: &Value) -> Value {
    let had = had["nodePool"].as_array().into_iter().flatten();
    let first = had.filter(|pool| pool["name"] == FIRST_POOL).cloned();
    let cluster = name_of(object);
    let made = clouds.all("NodePool");
    let made = made.filter(|pool| works(pool) && field(pool, "cluster") == cluster);
    first
        .chain(made.map(|pool| json!({"name": name_of(pool)})))
        .collect()
}

/// What GKE makes of a control plane.
pub(super) fn answers(object: &Value, clouds: &Clouds<'_>, had: &Value, now: &mut Value) {
    now["nodePool"] = pools(object, clouds, had);
    // terraform-provider-google#27901: private as soon as there is no public address.
    if now["controlPlaneEndpointsConfig"]["ipEndpointsConfig"]["enabled"] == false {
        now["privateClusterConfig"]["enablePrivateEndpoint"] = true.into();
    }
    let name = name_of(object);
    let mut pools = clouds.all("NodePool");
    let first = pools.find(|pool| works(pool) && field(pool, "cluster") == name);
    let config = first.map(|pool| pool["status"]["atProvider"]["nodeConfig"].clone());
    match (config, now.as_object_mut()) {
        (Some(config), Some(now)) => drop(now.insert("nodeConfig".to_owned(), config)),
        (None, Some(now)) => drop(now.remove("nodeConfig")),
        (_, None) => {}
    }
}

/// What GKE makes of a node pool.
pub(super) fn pool_answers(_: &Value, _: &Clouds<'_>, _: &Value, now: &mut Value) {
    if now["nodeCount"].is_null() {
        now["nodeCount"] = now["initialNodeCount"].clone();
    }
}

/// What GKE says of a control plane.
pub(super) fn report(subject: &Subject<'_>, at: &mut Value) {
    let wanted = field(subject.object, "minMasterVersion");
    let running = text(at, "/masterVersion");
    // The update is seen a tick later, as GKE's own operation goes on.
    if running.is_empty() || (minor(running) < minor(wanted) && text(at, "/operation") == wanted) {
        at["masterVersion"] = format!("{wanted}.1-gke.1000000").into();
        at["operation"] = "".into();
    } else if minor(running) < minor(wanted) {
        at["operation"] = wanted.into();
    }
    if subject.ready {
        let location = field(subject.object, "location");
        let host = format!("gke-{}-{NUMBER}.{location}.gke.goog", id(subject.key, 20));
        let addresses = &at["controlPlaneEndpointsConfig"]["ipEndpointsConfig"]["enabled"];
        let endpoint = if *addresses == false {
            &host
        } else {
            "203.0.113.10"
        };
        at["endpoint"] = endpoint.into();
        at["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["endpoint"] = host.into();
        at["masterAuth"]["clusterCaCertificate"] = "QSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkK".into();
    }
}

/// A pool begins with the control plane's version. Nobody brings it to a later one but who asks for it: a new
/// `minMasterVersion` is a manual upgrade, of the control plane alone.
pub(super) fn pool_report(subject: &Subject<'_>, at: &mut Value) {
    if !text(at, "/version").is_empty() {
        return;
    }
    let name = field(subject.object, "cluster");
    let cluster = subject.clouds.working("Cluster", name);
    let version = cluster.map(|cluster| reported(cluster, "masterVersion"));
    if let Some(version) = version.filter(|_| subject.ready) {
        at["version"] = version.into();
    }
}

/// A pool goes to the exact version that is asked for, at most to the control plane's. Terraform never finds another form
/// of a version again, and would update the pool without end (resource_container_node_pool.go, `version`).
pub(super) fn pool_upgrade(object: &Value, at: &Value, clouds: &Clouds<'_>) -> Upgrade {
    let (has, wanted) = (text(at, "/version"), field(object, "version"));
    if wanted.is_empty() || has.is_empty() || wanted == has {
        return Upgrade::None;
    }
    let cluster = clouds.working("Cluster", field(object, "cluster"));
    let running = cluster.map_or("", |cluster| reported(cluster, "masterVersion"));
    if !wanted.contains("-gke.") || minor(wanted) > minor(running) {
        return Upgrade::Refused(format!(
            "nodes of {wanted} under a control plane of {running}"
        ));
    }
    Upgrade::To(1)
}

/// Control planes go up one minor version at a time.
pub(super) fn upgrade(object: &Value, at: &Value, _: &Clouds<'_>) -> Upgrade {
    let now = minor(text(at, "/masterVersion"));
    let wanted = minor(field(object, "minMasterVersion"));
    if now > 0 && wanted > now + 1 {
        return Upgrade::Refused(format!("cannot upgrade from 1.{now} to 1.{wanted}"));
    }
    Upgrade::None
}
