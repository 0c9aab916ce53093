//! GCP: what it needs in which order, and what it reports.

use crate::{
    Pace,
    cloud::{Clouds, field, name_of, reported, text, works},
    id::{id, minor},
    provider::{Rules, Subject, Upgrade},
    regions,
};
use serde_json::{Value, json};

const NUMBER: &str = "123456789012";

pub(crate) static RULES: Rules = Rules {
    delay,
    no_credentials: NO_CREDENTIALS,
    no_region,
    refuses,
    keeps,
    forever: FOREVER,
    fixed,
    named_by_cloud: NAMED_BY_CLOUD,
    identify,
    strict,
    fixed_if_sent,
    refuses_change: |_, _, _| None,
    answers,
    report,
    upgrade,
};

/// `IdentifierFromProvider` in provider-gcp v3.0.0, `config/externalname.go`.
const NAMED_BY_CLOUD: &[&str] = &["ProjectService", "ProjectIAMMember", "CryptoKeyIAMMember"];

const NO_CREDENTIALS: &str = "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get \
     terraform setup: cannot extract credentials: cannot get credentials secret: Secret \"gcp-credentials\" not found";

/// Kinds that GCP never deletes: their providers forget them.
const FOREVER: &[&str] = &["KeyRing", "CryptoKey"];

fn delay(kind: &str, pace: Pace) -> u32 {
    match (kind, pace) {
        ("Cluster", Pace::Quick) => 4,
        ("Cluster", Pace::Real) => 48,
        ("NodePool", Pace::Quick) => 3,
        ("NodePool", Pace::Real) => 12,
        _ => 1,
    }
}

/// A region by itself, or as the location of what has one.
fn no_region(object: &Value) -> Option<String> {
    let region = ["region", "location"]
        .map(|name| field(object, name))
        .into_iter()
        .find(|region| !region.is_empty())?;
    (!regions::GCP.contains(&region)).then(|| {
        format!("create failed: googleapi: Error 403: Permission denied on 'locations/{region}' (or it may not exist).")
    })
}

/// Why GCP would not delete an object now.
fn keeps(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let first = |kinds: &[&str], names: &str, value: &str| {
        let mut all = kinds.iter().flat_map(|kind| clouds.all(kind));
        let user = all.find(|user| field(user, names) == value)?;
        let (name, user) = (name_of(object), name_of(user));
        Some(format!(
            "resourceInUseByAnotherResource: {name} is used by {user}"
        ))
    };
    let link = reported(object, "selfLink");
    match kind {
        "Network" => first(&["Subnetwork", "Router", "Cluster"], "network", link),
        "Subnetwork" => first(&["Cluster"], "subnetwork", link),
        "Cluster" => {
            let protected = object.pointer("/status/atProvider/deletionProtection");
            if protected == Some(&Value::Bool(true)) {
                let name = name_of(object);
                return Some(format!(
                    "{name} cannot be destroyed: deletionProtection is set to true"
                ));
            }
            identity_lacks(object, clouds)
        }
        _ => None,
    }
}

/// The API that a kind needs switched on.
fn api_of(kind: &str) -> Option<&'static str> {
    match kind {
        "Network" | "Subnetwork" | "Router" | "RouterNAT" | "GlobalAddress" => Some("compute"),
        "Cluster" | "NodePool" => Some("container"),
        "KeyRing" | "CryptoKey" => Some("cloudkms"),
        "ServiceAccount" => Some("iam"),
        "Project" => Some("cloudresourcemanager"),
        _ => None,
    }
}

fn refuses(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let on = |api: &str| {
        let service = format!("{api}.googleapis.com");
        let mut services = clouds.all("ProjectService").filter(|found| works(found));
        services.any(|found| field(found, "service") == service)
    };
    if let Some(api) = api_of(kind).filter(|api| !on(api)) {
        return Some(format!("SERVICE_DISABLED: {api}.googleapis.com"));
    }
    if let Some(problem) = panics(object) {
        return Some(problem);
    }
    match kind {
        "CryptoKeyIAMMember" => {
            let agent = "@container-engine-robot.iam.gserviceaccount.com";
            let early = field(object, "member").ends_with(agent) && !on("container");
            early.then(|| "the service agent does not exist yet".to_owned())
        }
        "ProjectIAMMember" => {
            let member = field(object, "member");
            let account = member
                .strip_prefix("serviceAccount:")
                .filter(|m| m.contains("-nodes@"));
            let mut accounts = clouds.all("ServiceAccount").filter(|found| works(found));
            let mut known = |email: &str| accounts.any(|found| reported(found, "email") == email);
            account
                .is_some_and(|email| !known(email))
                .then(|| format!("{member} does not exist"))
        }
        "Cluster" => cluster_lacks(object, clouds),
        "NodePool" => {
            let cluster = field(object, "cluster");
            let none = clouds.working("Cluster", cluster).is_none();
            none.then(|| format!("cluster {cluster} is not running"))
        }
        _ => None,
    }
}

fn cluster_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let subnetwork = field(object, "subnetwork");
    let mut subnetworks = clouds.all("Subnetwork").filter(|found| works(found));
    if !subnetworks.any(|found| reported(found, "selfLink") == subnetwork) {
        return Some(format!("subnetwork {subnetwork} is not ready"));
    }
    identity_lacks(object, clouds)
}

/// What a cluster needs for as long as it exists, to be deleted too: the use of its key, and its nodes' role.
fn identity_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
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

fn fixed(kind: &str) -> &'static [&'static str] {
    match kind {
        "Network" => &["/project", "/autoCreateSubnetworks", "/description"],
        "Subnetwork" => &["/project", "/region", "/network"],
        "Cluster" => &[
            "/project",
            "/location",
            "/description",
            "/network",
            "/subnetwork",
            "/enableAutopilot",
            "/datapathProvider",
            "/ipAllocationPolicy",
            "/defaultMaxPodsPerNode",
        ],
        // A change of initialNodeCount is dropped by the provider.
        "NodePool" => &[
            "/project",
            "/location",
            "/cluster",
            "/nodeConfig/machineType",
            "/nodeConfig/spot",
            "/nodeConfig/serviceAccount",
            "/nodeConfig/guestAccelerator",
            "/nodeConfig/oauthScopes",
        ],
        "GlobalAddress" => &["/project", "/addressType"],
        "ProjectIAMMember" | "CryptoKeyIAMMember" => &["/role", "/member", "/condition"],
        _ => &[],
    }
}

/// `node_config` is ForceNew, and GKE answers with that of the first pool, or with none.
fn fixed_if_sent(kind: &str) -> &'static [&'static str] {
    match kind {
        "Cluster" => &["/nodeConfig"],
        _ => &[],
    }
}

/// Computed in Terraform 7.39 and read back as a difference (provider-upjet-gcp#1019).
fn strict(kind: &str) -> &'static [&'static str] {
    match kind {
        "NodePool" => &["/nodeDrainConfig"],
        _ => &[],
    }
}

fn answers(kind: &str, subject: &Subject<'_>, _: &Value, now: &mut Value) {
    match kind {
        "Cluster" => {
            // terraform-provider-google#27901: private as soon as there is no public address.
            if now["controlPlaneEndpointsConfig"]["ipEndpointsConfig"]["enabled"] == false {
                now["privateClusterConfig"]["enablePrivateEndpoint"] = true.into();
            }
            let name = name_of(subject.object);
            let mut pools = subject.clouds.all("NodePool");
            let first = pools.find(|pool| works(pool) && field(pool, "cluster") == name);
            let config = first.map(|pool| pool["status"]["atProvider"]["nodeConfig"].clone());
            match (config, now.as_object_mut()) {
                (Some(config), Some(now)) => drop(now.insert("nodeConfig".to_owned(), config)),
                (None, Some(now)) => drop(now.remove("nodeConfig")),
                (_, None) => {}
            }
        }
        "NodePool" => {
            if now["nodeCount"].is_null() {
                now["nodeCount"] = now["initialNodeCount"].clone();
            }
            if now["nodeDrainConfig"].is_null() {
                now["nodeDrainConfig"] = json!([{}]);
            }
        }
        _ => {}
    }
}

/// provider-gcp v3.0.0 (Terraform 7.39) panics on a node configuration without this block.
fn panics(object: &Value) -> Option<String> {
    let configs = [
        "/spec/forProvider/nodeConfig",
        "/spec/initProvider/nodeConfig",
    ];
    let mut configs = configs.iter().filter_map(|path| object.pointer(path));
    let panics = configs.any(|config| config.get("kubeletConfig").is_none());
    panics.then(|| "recovered from panic: value is null".to_owned())
}

fn identify(kind: &str, key: &str, object: &Value) -> String {
    let project = field(object, "project");
    match kind {
        "ProjectService" => format!("{project}/{}", field(object, "service")),
        _ => format!("{}-{}", kind.to_lowercase(), id(key, 12)),
    }
}

fn report(kind: &str, subject: &Subject<'_>, at: &mut Value) {
    let object = subject.object;
    let (project, name) = (field(object, "project"), name_of(object));
    let (region, location) = (field(object, "region"), field(object, "location"));
    let path = match kind {
        "Network" => format!("projects/{project}/global/networks/{name}"),
        "Subnetwork" => format!("projects/{project}/regions/{region}/subnetworks/{name}"),
        "Router" => format!("projects/{project}/regions/{region}/routers/{name}"),
        "KeyRing" => format!("projects/{project}/locations/{location}/keyRings/{name}"),
        "CryptoKey" => format!("{}/cryptoKeys/{name}", field(object, "keyRing")),
        "Cluster" => format!("projects/{project}/locations/{location}/clusters/{name}"),
        _ => name.to_owned(),
    };
    at["selfLink"] = format!("https://www.googleapis.com/compute/v1/{path}").into();
    at["id"] = path.into();
    match kind {
        "Project" => at["number"] = NUMBER.into(),
        "ServiceAccount" => {
            let email = format!("{name}@{project}.iam.gserviceaccount.com");
            at["member"] = format!("serviceAccount:{email}").into();
            at["email"] = email.into();
        }
        "GlobalAddress" => at["address"] = subject.address.into(),
        "Cluster" => control_plane(subject, at),
        "NodePool" => {
            let cluster = subject.clouds.working("Cluster", field(object, "cluster"));
            let version = cluster.map(|cluster| reported(cluster, "masterVersion"));
            if let Some(version) = version.filter(|_| subject.ready) {
                // GKE upgrades the nodes after the control plane by itself.
                at["version"] = version.into();
            }
        }
        _ => {}
    }
}

fn control_plane(subject: &Subject<'_>, at: &mut Value) {
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
        at["endpoint"] = "203.0.113.10".into();
        at["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["endpoint"] = host.into();
        at["masterAuth"]["clusterCaCertificate"] = "QSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkK".into();
    }
}

/// Control planes go up one minor version at a time.
fn upgrade(kind: &str, object: &Value, at: &Value, _: &Clouds<'_>) -> Upgrade {
    let now = minor(text(at, "/masterVersion"));
    let wanted = minor(field(object, "minMasterVersion"));
    if kind == "Cluster" && now > 0 && wanted > now + 1 {
        return Upgrade::Refused(format!("cannot upgrade from 1.{now} to 1.{wanted}"));
    }
    Upgrade::None
}
