//! `spec`, field by field: types, ranges, formats and defaults. Rules that span fields or depend
//! on the cloud are in [`super::validate`].

use ipnet::{IpNet, Ipv4Net};

use super::{
    Access, Addons, ArgoCd, Auth, Capacity, Encryption, Endpoint, Gpu, MachineTypes, Network,
    NodePool, Pinned, ProviderConfigRef, Spec, Switch, Taint, Version, defaults, rules,
};
use crate::{
    reader::{Object, Violations, show},
    structpb::Value,
    violation::Violation,
};

/// Most node pools a cluster may have. A pool is two objects, and Crossplane's circuit breaker
/// has a burst of 100 tokens.
const MOST_POOLS: usize = 20;
/// Most nodes in a pool: the largest that both clouds take without a quota increase.
const MOST_NODES: u32 = 450;
const MOST_ITEMS: usize = 40;

/// Fields of `spec` that belong to Crossplane: of modern XRs and of XRs with claims.
const CROSSPLANE_FIELDS: [&str; 11] = [
    "crossplane",
    "claimRef",
    "resourceRefs",
    "compositionRef",
    "compositionSelector",
    "compositionRevisionRef",
    "compositionRevisionSelector",
    "compositionUpdatePolicy",
    "compositeDeletePolicy",
    "writeConnectionSecretToRef",
    "publishConnectionDetailsTo",
];

/// Reads `spec`. Returns it if every field was sound; the violations say what was not.
pub fn parse(spec: Option<Value<'_>>, violations: &Violations) -> Option<Spec> {
    let mut object = Object::new("spec", spec, violations);
    let provider = object.choice("provider");
    let region = object.string_that("region", &rules::REGION);
    let environment = object.string_that("environment", &rules::ENVIRONMENT);
    let version = object
        .string_that("kubernetesVersion", &rules::VERSION)
        .and_then(|text| Version::parse(&text));
    for (key, fix) in [
        ("provider", "set it to aws or gcp"),
        (
            "region",
            "set it to a region such as us-east-1 or europe-west1",
        ),
        ("environment", "set it to a name such as prod"),
        (
            "kubernetesVersion",
            "set it to a quoted minor version such as \"1.36\"",
        ),
    ] {
        if object.value(key).is_none() {
            object.missing(key, fix);
        }
    }
    let account = object.string_that("account", &rules::ACCOUNT);
    let cloud_name = object.string_that("cloudName", &rules::CLOUD_NAME);
    let mode = object.choice("mode").unwrap_or(defaults::MODE);
    let network = network(object.object("network"));
    let endpoint = endpoint(object.object("endpoint"));
    let node_pools = object
        .list("nodePools", MOST_POOLS)
        .into_iter()
        .filter_map(|(path, item)| node_pool(Object::new(path, Some(item), violations)))
        .collect();
    let encryption = encryption(object.object("encryption"));
    let addons = addons(object.object("addons"));
    let access = access(object.object("access"));
    let tags = object.map_that("tags", MOST_ITEMS, &rules::TAG_KEY, &rules::TAG_VALUE);
    let argocd = argocd(object.object("argocd"));
    let traffic = super::traffic::traffic(object.object("traffic"));
    let budget = super::budget::budget(object.object("budget"));
    let deletion_protection = object.boolean("deletionProtection", defaults::DELETION_PROTECTION);
    let provider_config_ref = provider_config_ref(object.object("providerConfigRef"));
    object.finish_except(&CROSSPLANE_FIELDS);
    Some(Spec {
        provider: provider?,
        region: region?,
        environment: environment?,
        account,
        cloud_name,
        kubernetes_version: version?,
        mode,
        network: network?,
        endpoint,
        node_pools,
        encryption,
        addons,
        access,
        tags,
        argocd,
        traffic,
        budget,
        deletion_protection,
        provider_config_ref,
    })
    .filter(|_| violations.is_empty())
}

fn network(mut object: Object<'_, '_>) -> Option<Network> {
    let cidr = object.string("cidr");
    if cidr.is_none() && object.value("cidr").is_none() {
        object.missing("cidr", "set it to a private range such as 10.20.0.0/16");
    }
    let cidr = cidr.and_then(|text| range(&object, &text));
    let zones = object.integer("zones", &(2..=3)).unwrap_or(defaults::ZONES);
    let zone_names = object.strings_that("zoneNames", 3, &rules::ZONE);
    let nat = object.choice("nat").unwrap_or(defaults::NAT);
    object.finish();
    Some(Network {
        cidr: cidr?,
        zones,
        zone_names,
        nat,
    })
}

/// The network's range: private, /16 to /20, and written without host bits.
fn range(object: &Object<'_, '_>, text: &str) -> Option<Ipv4Net> {
    let refuse = |problem: &str, fix: String| {
        object.refuse("cidr", Value::String(text), problem, fix);
        None
    };
    let Some(net) = ipv4(text) else {
        return refuse(
            "is not an IPv4 range",
            "use one such as 10.20.0.0/16".into(),
        );
    };
    if !(16..=20).contains(&net.prefix_len()) {
        return refuse(
            "is not from /16 to /20",
            format!("use one such as {}/16", net.network()),
        );
    }
    if net.addr() != net.network() {
        return refuse("has host bits set", format!("use {}", net.trunc()));
    }
    // RFC 1918, and the shared address space of RFC 6598 that both clouds route privately.
    let private = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
    ];
    if !private
        .iter()
        .filter_map(|range| range.parse::<Ipv4Net>().ok())
        .any(|range| range.contains(&net))
    {
        return refuse(
            "is not a private range",
            "use a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10".into(),
        );
    }
    Some(net)
}

/// A range as people write it. `010.0.0.0/8` is ten to some programs and eight to others.
fn ipv4(text: &str) -> Option<Ipv4Net> {
    let net: Ipv4Net = text.parse().ok()?;
    (net.to_string() == text).then_some(net)
}

fn endpoint(mut object: Object<'_, '_>) -> Endpoint {
    let public = object.boolean("public", defaults::ENDPOINT_PUBLIC);
    let allowed_cidrs = cidrs(&mut object, "allowedCidrs");
    object.finish();
    Endpoint {
        public,
        allowed_cidrs,
    }
}

/// IPv4 ranges, each written without host bits. The Input has such a list too.
pub(crate) fn cidrs(object: &mut Object<'_, '_>, key: &'static str) -> Vec<IpNet> {
    // EKS takes 40 ranges, GKE 100.
    let mut found = Vec::new();
    for (path, item) in object.list(key, MOST_ITEMS) {
        let net = item.as_str().and_then(ipv4);
        let (problem, fix) = match net {
            Some(net) if net.addr() != net.network() => {
                ("has host bits set", format!("use {}", net.trunc()))
            }
            Some(net) if found.contains(&IpNet::V4(net)) => {
                ("is there twice", "remove one of them".to_owned())
            }
            Some(net) => {
                found.push(IpNet::V4(net));
                continue;
            }
            None => (
                "is not an IPv4 range",
                "use one such as 203.0.113.0/24, or /32 for one address".to_owned(),
            ),
        };
        object.violation(Violation::new(path, show(item), problem, fix));
    }
    found
}

fn node_pool(mut object: Object<'_, '_>) -> Option<NodePool> {
    let name = object.string_that("name", &rules::POOL);
    if object.value("name").is_none() {
        object.missing("name", "give the pool a name such as general");
    }
    let size = object.choice("size");
    let machine_types = machine_types(object.object("machineTypes"));
    let gpu = object.optional_object("gpu").and_then(gpu);
    let min = object.integer("min", &(0..=MOST_NODES));
    let max = object.integer("max", &(1..=MOST_NODES));
    for (key, fix) in [
        ("min", "set the fewest nodes over all zones, such as 2"),
        ("max", "set the most nodes over all zones, such as 10"),
    ] {
        if object.value(key).is_none() {
            object.missing(key, fix);
        }
    }
    let capacity: Capacity = object.choice("capacity").unwrap_or(defaults::CAPACITY);
    let disk_gib = object.integer("diskGiB", &(50..=16_000));
    let labels = object.map_that(
        "labels",
        MOST_ITEMS,
        &rules::NODE_LABEL_KEY,
        &rules::LABEL_VALUE,
    );
    let taints = taints(&mut object);
    let max_surge = object.integer("maxSurge", &(0..=20));
    let max_unavailable = object.integer("maxUnavailable", &(0..=20));
    let required = object.value("required").is_some();
    let required_value = object.boolean("required", true);
    object.finish();
    let mut pool = NodePool {
        name: name?,
        size,
        machine_types,
        gpu,
        min: min?,
        max: max?,
        capacity,
        disk_gib: disk_gib.unwrap_or(defaults::DISK_GIB),
        labels,
        taints,
        max_surge: max_surge.unwrap_or(defaults::MAX_SURGE),
        max_unavailable: max_unavailable.unwrap_or(defaults::MAX_UNAVAILABLE),
        required: required_value,
    };
    if !required {
        pool.required = defaults::required(&pool);
    }
    Some(pool)
}

fn machine_types(mut object: Object<'_, '_>) -> MachineTypes {
    let aws = object.strings_that("aws", 10, &rules::MACHINE_TYPE);
    let gcp = object.string_that("gcp", &rules::MACHINE_TYPE);
    object.finish();
    MachineTypes { aws, gcp }
}

fn gpu(mut object: Object<'_, '_>) -> Option<Gpu> {
    let model = object.choice("type");
    let count = object.integer("count", &(1..=8));
    for (key, fix) in [
        ("type", "name the GPU, such as nvidia-l4"),
        ("count", "say how many a node has, such as 1"),
    ] {
        if object.value(key).is_none() {
            object.missing(key, fix);
        }
    }
    object.finish();
    Some(Gpu {
        model: model?,
        count: count?,
    })
}

fn taints(object: &mut Object<'_, '_>) -> Vec<Taint> {
    let mut found = Vec::new();
    for (path, item) in object.list("taints", MOST_ITEMS) {
        let mut taint = object.child(path, item);
        let key = taint.string_that("key", &rules::TAINT_KEY);
        let value = taint.string_that("value", &rules::LABEL_VALUE);
        let effect = taint.choice("effect");
        for (field, fix) in [
            ("key", "give the taint a key"),
            ("effect", "use NoSchedule, PreferNoSchedule or NoExecute"),
        ] {
            if taint.value(field).is_none() {
                taint.missing(field, fix);
            }
        }
        taint.finish();
        if let (Some(key), Some(effect)) = (key, effect) {
            found.push(Taint {
                key,
                value: value.unwrap_or_default(),
                effect,
            });
        }
    }
    found
}

fn encryption(mut object: Object<'_, '_>) -> Encryption {
    let key_id = object.string_that("keyId", &rules::KEY_ID);
    object.finish();
    Encryption { key_id }
}

fn addons(mut object: Object<'_, '_>) -> Addons {
    let addons = Addons {
        networking: pinned(object.object("networking")),
        kube_proxy: pinned(object.object("kubeProxy")),
        pod_identity: pinned(object.object("podIdentity")),
        dns: pinned(object.object("dns")),
        block_storage: switch(object.object("blockStorage"), defaults::BLOCK_STORAGE),
        metrics_server: switch(object.object("metricsServer"), defaults::METRICS_SERVER),
    };
    object.finish();
    addons
}

fn pinned(mut object: Object<'_, '_>) -> Pinned {
    let version = object.string_that("version", &rules::ADDON_VERSION);
    object.finish();
    Pinned { version }
}

fn switch(mut object: Object<'_, '_>, default: bool) -> Switch {
    let enabled = object.boolean("enabled", default);
    let version = object.string_that("version", &rules::ADDON_VERSION);
    object.finish();
    Switch { enabled, version }
}

fn access(mut object: Object<'_, '_>) -> Access {
    let admins = object.strings_that("admins", MOST_ITEMS, &rules::PRINCIPAL);
    let viewers = object.strings_that("viewers", MOST_ITEMS, &rules::PRINCIPAL);
    object.finish();
    Access { admins, viewers }
}

fn argocd(mut object: Object<'_, '_>) -> ArgoCd {
    let register = object.boolean("register", defaults::REGISTER);
    let name = object.string_that("name", &rules::ARGOCD_NAME);
    let namespace = object.string_that("namespace", &rules::NAMESPACE);
    let mut auth = object.object("auth");
    let mode = auth.choice("mode");
    auth.finish();
    let keys = &rules::NODE_LABEL_KEY;
    let labels = object.map_that("labels", MOST_ITEMS, keys, &rules::LABEL_VALUE);
    let annotations = object.map_that("annotations", MOST_ITEMS, keys, &rules::ANNOTATION_VALUE);
    let skip_reconcile = object.boolean("skipReconcile", defaults::SKIP_RECONCILE);
    object.finish();
    ArgoCd {
        register,
        name,
        namespace,
        auth: Auth { mode },
        labels,
        annotations,
        skip_reconcile,
    }
}

fn provider_config_ref(mut object: Object<'_, '_>) -> ProviderConfigRef {
    let name = object.string_that("name", &rules::PROVIDER_CONFIG);
    let kind = object.choice("kind");
    object.finish();
    ProviderConfigRef {
        kind: kind.unwrap_or(defaults::PROVIDER_CONFIG_KIND),
        name: name.unwrap_or_else(|| defaults::PROVIDER_CONFIG.to_owned()),
    }
}
