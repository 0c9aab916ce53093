//! AWS: what it needs in which order, and what it reports.

mod dns;
mod eks;
mod keeps;
mod kinds;
mod needs;
mod network;
mod zones;

use crate::{
    id::hashed,
    object::{field, name_of, text},
    regions,
    rules::{Kind, Reference, Rules, Subject},
};
use serde_json::Value;

const ACCOUNT: &str = "111122223333";

pub(crate) static RULES: Rules = Rules {
    cloud: "aws",
    group: ".aws.",
    kinds: kinds::KINDS,
    other: PLAIN,
    references: REFERENCES,
    no_credentials: NO_CREDENTIALS,
    no_region,
    refuses: |_, _| None,
    report,
};

/// A kind whose ids end in 17 digits.
const PLAIN: Kind = Kind {
    name_in_cloud: |seed, object| hashed(&text(object, "/kind").to_lowercase(), seed, 17),
    ..Kind::PLAIN
};

const NO_CREDENTIALS: &str = "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get \
     terraform setup: failed to retrieve aws credentials from aws config: failed to refresh cached credentials";

const REFERENCES: &[Reference] = &[
    by_name("allocationId", "EIP"),
    by_name("gatewayId", "InternetGateway"),
    by_name("healthCheckId", "HealthCheck"),
    by_name("natGatewayId", "NATGateway"),
    by_name("routeTableId", "RouteTable"),
    by_name("subnetId", "Subnet"),
    by_name("subnetIds", "Subnet"),
    by_name("targetKeyId", "Key"),
    by_name("vpcId", "VPC"),
    by_arn("nodeRoleArn", "Role"),
    by_arn("roleArn", "Role"),
];

const fn by_name(field: &'static str, kind: &'static str) -> Reference {
    Reference {
        field,
        kind,
        reported: None,
    }
}

const fn by_arn(field: &'static str, kind: &'static str) -> Reference {
    Reference {
        field,
        kind,
        reported: Some("arn"),
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

/// Everything has an ARN.
fn report(subject: &Subject<'_>, at: &mut Value) {
    let object = subject.object;
    let (region, name) = (field(object, "region"), name_of(object));
    let arn = match text(object, "/kind") {
        "Role" => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        "Key" => format!("arn:aws:kms:{region}:{ACCOUNT}:key/{name}"),
        "Cluster" => format!("arn:aws:eks:{region}:{ACCOUNT}:cluster/{name}"),
        kind => format!(
            "arn:aws:service:{region}:{ACCOUNT}:{}/{name}",
            kind.to_lowercase()
        ),
    };
    at["arn"] = arn.into();
}
