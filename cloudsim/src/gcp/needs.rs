//! What Google Cloud needs before it makes something, and for as long as that exists.

use serde_json::Value;

use crate::{
    clouds::Clouds,
    object::{field, name_of, reported, text, works},
};

/// The API that every other one is read through.
const PROJECTS: &str = "cloudresourcemanager";

/// The API that an object needs switched on. The provider looks the project up before it looks at an API of it
/// (Terraform 7.39, resource_google_project_service.go, `Projects.Get`).
fn api_of(object: &Value) -> Option<&'static str> {
    let is_first = field(object, "service") == format!("{PROJECTS}.googleapis.com");
    match text(object, "/kind") {
        "ProjectService" if is_first => None,
        "Project" | "ProjectIAMMember" | "ProjectService" => Some(PROJECTS),
        "Network" | "Subnetwork" | "Router" | "RouterNAT" | "GlobalAddress" => Some("compute"),
        "Cluster" | "NodePool" => Some("container"),
        "KeyRing" | "CryptoKey" => Some("cloudkms"),
        "ServiceAccount" => Some("iam"),
        _ => None,
    }
}

fn is_on(api: &str, clouds: &Clouds<'_>) -> bool {
    let service = format!("{api}.googleapis.com");
    let mut services = clouds.all("ProjectService").filter(|found| works(found));
    services.any(|found| field(found, "service") == service)
}

pub(super) fn api_off(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let api = api_of(object)?;
    (!is_on(api, clouds)).then(|| format!("SERVICE_DISABLED: {api}.googleapis.com"))
}

pub(super) fn early_agent(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let agent = "@container-engine-robot.iam.gserviceaccount.com";
    let early = field(object, "member").ends_with(agent) && !is_on("container", clouds);
    early.then(|| "the service agent does not exist yet".to_owned())
}

pub(super) fn unknown_account(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let member = field(object, "member");
    let account = member
        .strip_prefix("serviceAccount:")
        .filter(|m| m.contains("-nodes@"))?;
    let mut accounts = clouds.all("ServiceAccount").filter(|found| works(found));
    let known = accounts.any(|found| reported(found, "email") == account);
    (!known).then(|| format!("{member} does not exist"))
}

/// Image streaming needs an API of its own (GKE documentation, "Use Image streaming", requirements). GKE makes the pool
/// without it, too, and then its nodes stream nothing: here it is an error, so that a test sees it.
pub(super) fn nothing_streams(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let streams = object.pointer("/spec/forProvider/nodeConfig/gcfsConfig/enabled");
    let api = "containerfilesystem";
    let off = streams == Some(&Value::Bool(true)) && !is_on(api, clouds);
    off.then(|| format!("SERVICE_DISABLED: {api}.googleapis.com"))
}

/// Roles that would be left behind. GCP deletes the account all the same, and keeps its members as `deleted:…` for good: here it
/// is refused, so that a test sees it.
pub(super) fn has_roles(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let member = format!("serviceAccount:{}", reported(object, "email"));
    let mut roles = clouds.all("ProjectIAMMember");
    let role = roles.find(|role| field(role, "member") == member)?;
    Some(format!("{member} still has {}", field(role, "role")))
}

pub(super) fn cluster_missing(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let cluster = field(object, "cluster");
    let none = clouds.working("Cluster", cluster).is_none();
    none.then(|| format!("cluster {cluster} is not running"))
}

/// What a cluster needs for as long as it exists, to be deleted too: the use of its key, and its nodes' role.
pub(super) fn identity_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let key = text(object, "/spec/forProvider/databaseEncryption/keyName");
    let ours = clouds
        .all("CryptoKey")
        .any(|found| reported(found, "id") == key);
    let mut grants = clouds
        .all("CryptoKeyIAMMember")
        .filter(|grant| works(grant));
    if ours && !grants.any(|grant| field(grant, "cryptoKeyId") == key) {
        return Some(format!("the service agent may not use {key}"));
    }
    let role = "roles/container.defaultNodeServiceAccount";
    let mut members = clouds
        .all("ProjectIAMMember")
        .filter(|member| works(member));
    let granted = members.any(|member| field(member, "role") == role);
    (!granted).then(|| "the nodes' service account has no role".to_owned())
}

/// Why an object stays: the first of these kinds that names it in a field.
pub(super) fn in_use(
    object: &Value,
    clouds: &Clouds<'_>,
    kinds: &[&str],
    names: &str,
) -> Option<String> {
    let link = reported(object, "selfLink");
    let mut all = kinds.iter().flat_map(|kind| clouds.all(kind));
    let user = all.find(|user| field(user, names) == link)?;
    let (name, user) = (name_of(object), name_of(user));
    Some(format!(
        "resourceInUseByAnotherResource: {name} is used by {user}"
    ))
}

/// Zones without a model of GPU, of those that tests have clusters in (Compute Engine documentation, "GPU regions and zones").
const WITHOUT: [(&str, &str); 1] = [("europe-west4-c", "nvidia-tesla-a100")];
/// Machine families without persistent disks (Compute Engine documentation, "Machine families resource and comparison guide").
const HYPERDISK_ONLY: [&str; 7] = ["c4-", "c4a-", "c4d-", "n4-", "n4a-", "n4d-", "a3-ultragpu-"];

/// Why there are no such nodes: a model of GPU that a zone does not have, or a disk that the machine does not take. A pool
/// without zones is in those of its cluster, which are a, b and c where none are named.
pub(super) fn not_available(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let config = &object["spec"]["forProvider"]["nodeConfig"];
    let [machine, disk] =
        ["machineType", "diskType"].map(|name| config[name].as_str().unwrap_or_default());
    let is_hyperdisk_only = HYPERDISK_ONLY
        .iter()
        .any(|family| machine.starts_with(family));
    if is_hyperdisk_only && disk != "hyperdisk-balanced" {
        return Some(format!(
            "googleapi: Error 400: {disk} disk type cannot be used by {machine} machine type., badRequest"
        ));
    }
    let model = config["guestAccelerator"][0]["type"].as_str()?;
    let zones = zones_of(object, clouds);
    let without = |zone: &&String| WITHOUT.contains(&(zone.as_str(), model));
    let zone = zones.iter().find(without)?;
    Some(format!(
        "googleapi: Error 400: Accelerator type \"{model}\" does not exist in zone {zone}., badRequest"
    ))
}

fn zones_of(pool: &Value, clouds: &Clouds<'_>) -> Vec<String> {
    let named = |object: &Value| {
        let zones = object["spec"]["forProvider"]["nodeLocations"].as_array();
        let zones = zones.into_iter().flatten().filter_map(Value::as_str);
        zones.map(str::to_owned).collect::<Vec<_>>()
    };
    let own = named(pool);
    if !own.is_empty() {
        return own;
    }
    let cluster = clouds.working("Cluster", field(pool, "cluster"));
    match cluster.map(named).unwrap_or_default() {
        zones if !zones.is_empty() => zones,
        _ => ["a", "b", "c"]
            .map(|letter| format!("{}-{letter}", field(pool, "location")))
            .into(),
    }
}

/// GKE makes as many nodes in each zone, and not more than the autoscaler may have.
pub(super) fn too_many(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let spec = &object["spec"];
    let first = spec["initProvider"]["initialNodeCount"].as_u64()?;
    let most = spec["forProvider"]["autoscaling"]["totalMaxNodeCount"].as_u64()?;
    let total = first * zones_of(object, clouds).len() as u64;
    (total > most)
        .then(|| format!("googleapi: Error 400: {total} nodes are more than {most}., badRequest"))
}
