//! AWS: what it needs in which order, and what it reports.

mod dns;
mod needs;
mod network;

use crate::{
    Pace,
    cloud::{Clouds, field, name_of, reported, text, works},
    id::{id, minor},
    provider::{Rules, Subject, Upgrade},
    regions,
};
use needs::{addon_lacks, cluster_lacks, group_lacks, identity_lacks, role_missing};
use network::{gateways_in, has_gateway, network_of};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

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
    fixed_if_sent: |_| &[],
    refuses_change,
    answers,
    report,
    upgrade,
};

/// `IdentifierFromProvider` in provider-aws v2.6.0, `config/externalname.go`.
const NAMED_BY_CLOUD: &[&str] = &[
    "VPC",
    "Subnet",
    "InternetGateway",
    "EIP",
    "NATGateway",
    "RouteTable",
    "RouteTableAssociation",
    "LaunchTemplate",
    "Key",
    "Record",
    "HealthCheck",
];

const NO_CREDENTIALS: &str = "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get \
     terraform setup: failed to retrieve aws credentials from aws config: failed to refresh cached credentials";

/// Kinds that AWS keeps: none. A KMS key that is scheduled for deletion counts as gone.
const FOREVER: &[&str] = &[];

fn delay(kind: &str, pace: Pace) -> u32 {
    match (kind, pace) {
        ("Cluster", Pace::Quick) => 4,
        ("Cluster", Pace::Real) => 60,
        ("NodeGroup", Pace::Quick) => 3,
        ("NodeGroup", Pace::Real) => 18,
        ("NATGateway", Pace::Real) => 12,
        ("Addon", Pace::Real) => 6,
        ("NATGateway" | "Addon", Pace::Quick) => 2,
        _ => 1,
    }
}

/// IAM has no region.
fn no_region(object: &Value) -> Option<String> {
    let region = field(object, "region");
    let service = text(object, "/apiVersion")
        .split('.')
        .next()
        .unwrap_or_default();
    (!region.is_empty() && !regions::AWS.contains(&region)).then(|| {
        format!(
            "observe failed: operation error {service} in {region}: api error OptInRequired: You are not subscribed to this \
             service"
        )
    })
}

/// Why AWS would not delete an object now.
fn keeps(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let name = name_of(object);
    let first = |kinds: &[&str], names: &str| {
        let all = kinds.iter().flat_map(|kind| clouds.all(kind));
        let mut users = all.filter(|user| user["kind"] != object["kind"] || name_of(user) != name);
        let user = users.find(|user| field(user, names) == name)?;
        Some(name_of(user))
    };
    let in_use = |user: &str| format!("DependencyViolation: {name} is used by {user}");
    match kind {
        "VPC" => {
            let kinds = ["Subnet", "InternetGateway", "RouteTable", "SecurityGroup"];
            first(&kinds, "vpcId").map(in_use)
        }
        "Subnet" => first(&["NATGateway"], "subnetId")
            .or_else(|| {
                attached(
                    &["Cluster"],
                    "/spec/forProvider/vpcConfig/subnetIds",
                    name,
                    clouds,
                )
            })
            .or_else(|| attached(&["NodeGroup"], "/spec/forProvider/subnetIds", name, clouds))
            .map(in_use),
        "InternetGateway" => {
            let network = field(object, "vpcId");
            let user = gateways_in(network, clouds).next();
            user.map(|user| in_use(name_of(user)))
        }
        "EIP" => first(&["NATGateway"], "allocationId").map(in_use),
        "RouteTable" => first(&["RouteTableAssociation"], "routeTableId").map(in_use),
        "Cluster" => {
            let protected = object.pointer("/status/atProvider/deletionProtection");
            if protected == Some(&Value::Bool(true)) {
                return Some(format!(
                    "InvalidRequestException: {name} has deletionProtection on"
                ));
            }
            let user = first(&["NodeGroup"], "clusterName")
                .map(|user| format!("ResourceInUseException: {name} has the node group {user}"));
            user.or_else(|| identity_lacks(object, clouds))
        }
        "NodeGroup" => role_missing(field(object, "nodeRoleArn"), clouds),
        _ => None,
    }
}

/// The first object that lists a name.
fn attached<'a>(kinds: &[&str], path: &str, name: &str, clouds: &Clouds<'a>) -> Option<&'a str> {
    let all = kinds.iter().flat_map(|kind| clouds.all(kind));
    let mut users = all.filter(|user| {
        let list = user.pointer(path).and_then(Value::as_array);
        list.into_iter().flatten().any(|id| id == name)
    });
    users.next().map(name_of)
}

fn refuses(kind: &str, object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let cluster = || {
        let name = field(object, "clusterName");
        let found = clouds.working("Cluster", name);
        found
            .is_none()
            .then(|| format!("ResourceNotFoundException: no cluster {name}"))
    };
    match kind {
        "Cluster" => cluster_lacks(object, clouds),
        "NodeGroup" => cluster().or_else(|| group_lacks(object, clouds)),
        "Addon" => cluster().or_else(|| addon_lacks(object, clouds)),
        "AccessEntry" => cluster(),
        "AccessPolicyAssociation" => cluster().or_else(|| {
            let principal = field(object, "principalArn");
            let mut entries = clouds.all("AccessEntry").filter(|entry| works(entry));
            let found = entries.any(|entry| field(entry, "principalArn") == principal);
            (!found).then(|| format!("ResourceNotFoundException: no access entry of {principal}"))
        }),
        "Record" => dns::refuses(object, clouds),
        "NATGateway" if has_gateway(object, clouds) => {
            let address = field(object, "allocationId");
            Some(format!(
                "operation error EC2: CreateNatGateway, api error Resource.AlreadyAssociated: Elastic IP \
                 address [{address}] is already associated"
            ))
        }
        "NATGateway" => {
            let network = network_of(field(object, "subnetId"), clouds);
            let mut gateways = clouds.all("InternetGateway").filter(|found| works(found));
            let none = !gateways.any(|gateway| Some(field(gateway, "vpcId")) == network);
            none.then(|| "Gateway.NotAttached: the VPC has no internet gateway".to_owned())
        }
        _ => None,
    }
}

fn fixed(kind: &str) -> &'static [&'static str] {
    match kind {
        "VPC" => &["/cidrBlock", "/region"],
        "Subnet" => &["/cidrBlock", "/availabilityZone", "/vpcId"],
        "Cluster" => &[
            "/region",
            "/roleArn",
            "/encryptionConfig",
            "/kubernetesNetworkConfig",
        ],
        "NodeGroup" => &[
            "/amiType",
            "/capacityType",
            "/clusterName",
            "/instanceTypes",
            "/launchTemplate/name",
            "/nodeRoleArn",
            "/subnetIds",
        ],
        "LaunchTemplate" => &["/name"],
        "AccessEntry" => &["/principalArn", "/clusterName"],
        "AccessPolicyAssociation" => &["/principalArn", "/policyArn", "/clusterName"],
        "NATGateway" => &["/subnetId", "/allocationId"],
        "RouteTableAssociation" => &["/subnetId"],
        "Addon" => &["/addonName", "/clusterName"],
        "Record" => &["/zoneId", "/name", "/type"],
        _ => &[],
    }
}

/// EKS answers with a strategy that is not computed in Terraform (terraform-aws-eks#3625).
fn strict(kind: &str) -> &'static [&'static str] {
    match kind {
        "NodeGroup" => &["/updateConfig/updateStrategy"],
        _ => &[],
    }
}

fn refuses_change(kind: &str, had: &Value, wanted: &Value) -> Option<String> {
    (kind == "Record").then(|| dns::refuses_change(had, wanted))?
}

fn answers(kind: &str, subject: &Subject<'_>, had: &Value, now: &mut Value) {
    match kind {
        "NodeGroup" if now["updateConfig"]["updateStrategy"].is_null() => {
            now["updateConfig"]["updateStrategy"] = "DEFAULT".into();
        }
        "Cluster" => {
            let subnets = subject
                .object
                .pointer("/spec/forProvider/vpcConfig/subnetIds/0");
            let first = subnets.and_then(Value::as_str).unwrap_or_default();
            if let Some(network) = network_of(first, subject.clouds) {
                now["vpcConfig"]["vpcId"] = network.into();
            }
        }
        "Record" => dns::answers(had, now),
        _ => {}
    }
}

fn identify(kind: &str, key: &str, object: &Value) -> String {
    let prefix = match kind {
        "VPC" => "vpc",
        "Subnet" => "subnet",
        "InternetGateway" => "igw",
        "EIP" => "eipalloc",
        "NATGateway" => "nat",
        "RouteTable" => "rtb",
        "Route" => "r",
        "RouteTableAssociation" => "rtbassoc",
        "LaunchTemplate" => "lt",
        "Key" => "key",
        "Record" => return dns::identity(object),
        "Addon" => {
            return format!(
                "{}:{}",
                field(object, "clusterName"),
                field(object, "addonName")
            );
        }
        _ => &kind.to_lowercase(),
    };
    format!("{prefix}-{}", id(key, 17))
}

fn report(kind: &str, subject: &Subject<'_>, at: &mut Value) {
    let (object, key) = (subject.object, subject.key);
    let (region, name) = (field(object, "region"), name_of(object));
    let arn = match kind {
        "Role" => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        "Key" => format!("arn:aws:kms:{region}:{ACCOUNT}:key/{name}"),
        "Cluster" => format!("arn:aws:eks:{region}:{ACCOUNT}:cluster/{name}"),
        _ => format!(
            "arn:aws:service:{region}:{ACCOUNT}:{}/{name}",
            kind.to_lowercase()
        ),
    };
    at["arn"] = arn.into();
    let status = match (subject.ready, subject.busy) {
        (false, _) => "CREATING",
        (true, true) => "UPDATING",
        (true, false) => "ACTIVE",
    };
    match kind {
        "VPC" => at["mainRouteTableId"] = format!("rtb-{}", id("main", 17)).into(),
        "Route" => at["state"] = if subject.ready { "active" } else { "blackhole" }.into(),
        "LaunchTemplate" => {
            let latest = at["latestVersion"].as_u64().unwrap_or(0);
            at["latestVersion"] = (latest + u64::from(subject.changed)).into();
        }
        "NodeGroup" => at["status"] = status.into(),
        "Cluster" => {
            at["status"] = status.into();
            if subject.ready {
                serving(at, region, key);
            }
        }
        _ => {}
    }
}

/// What a control plane has once it serves.
fn serving(at: &mut Value, region: &str, key: &str) {
    let id = id(key, 32).to_uppercase();
    at["endpoint"] = format!("https://{id}.gr7.{region}.eks.amazonaws.com").into();
    at["certificateAuthority"] = json!([{"data": "QSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkK"}]);
    let issuer = format!("https://oidc.eks.{region}.amazonaws.com/id/{id}");
    at["identity"] = json!([{"oidc": [{"issuer": issuer}]}]);
    at["vpcConfig"]["clusterSecurityGroupId"] = format!("sg-{}", &id[..17]).to_lowercase().into();
}

/// Control planes go up one minor version at a time, and nodes never beyond them.
fn upgrade(kind: &str, object: &Value, at: &Value, clouds: &Clouds<'_>) -> Upgrade {
    let (now, wanted) = (minor(text(at, "/version")), minor(field(object, "version")));
    if now == wanted || !matches!(kind, "Cluster" | "NodeGroup") {
        return Upgrade::None;
    }
    if wanted < now {
        return Upgrade::Refused(format!("InvalidParameterException: 1.{now} to 1.{wanted}"));
    }
    if kind == "Cluster" {
        if wanted > now + 1 {
            return Upgrade::Refused(format!("unsupported update from 1.{now} to 1.{wanted}"));
        }
        return Upgrade::To(2);
    }
    let cluster = clouds.working("Cluster", field(object, "clusterName"));
    let running = cluster.map_or(0, |cluster| minor(reported(cluster, "version")));
    if wanted > running {
        return Upgrade::Refused(format!(
            "nodes of 1.{wanted} under a control plane of 1.{running}"
        ));
    }
    Upgrade::To(1)
}
