//! What of a spec depends on AWS: formats, limits and offers.

use super::{identifiers::partition, machines};
use crate::{
    api::{
        provider::Provider,
        spec::{NodePool, Spec},
        violation::{Violation, Violations},
    },
    cloud::sizes::gpu_fix,
};

/// Most tags that an author may set: AWS takes 50, we set four, the provider three.
const MOST_TAGS: usize = 40;

/// Checks formats.
pub(super) fn check(spec: &Spec, account: Option<&str>, violations: &Violations) {
    let refuse = |path: &str, value: &str, problem: &str, fix: String| {
        violations.add(Violation::quoting(path, value, problem, fix));
    };
    if !is_region(&spec.region) {
        refuse(
            "spec.region",
            &spec.region,
            "is not an AWS region",
            "use one such as us-east-1".into(),
        );
    }
    for (n, zone) in spec.network.zone_names.iter().enumerate() {
        let letter = zone.strip_prefix(&spec.region).unwrap_or_default();
        if letter.len() != 1 || !letter.starts_with(|c: char| c.is_ascii_lowercase()) {
            let path = format!("spec.network.zoneNames[{n}]");
            refuse(
                &path,
                zone,
                "is not a zone of the region",
                format!("use one such as {}a", spec.region),
            );
        }
    }
    if let Some(account) =
        account.filter(|id| id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()))
    {
        refuse(
            "spec.account",
            account,
            "is not an AWS account id",
            "use the 12 digits in quotes".into(),
        );
    }
    if spec.tags.len() > MOST_TAGS {
        refuse(
            "spec.tags",
            "",
            "has too many tags for AWS",
            format!("use at most {MOST_TAGS}"),
        );
    }
    for (list, principals) in [
        ("admins", &spec.access.admins),
        ("viewers", &spec.access.viewers),
    ] {
        for (n, principal) in principals
            .iter()
            .enumerate()
            .filter(|(_, arn)| !is_principal(arn))
        {
            let path = format!("spec.access.{list}[{n}]");
            let fix = "use an ARN such as arn:aws:iam::111122223333:role/ml-platform";
            refuse(
                &path,
                principal,
                "is not the ARN of an IAM role or user",
                fix.into(),
            );
        }
    }
    if let Some(key) = spec
        .encryption
        .key_id
        .as_ref()
        .filter(|key| !is_key(key, &spec.region))
    {
        let fix = format!("use arn:aws:kms:{}:ACCOUNT:key/ID", spec.region);
        refuse(
            "spec.encryption.keyId",
            key,
            "is not the ARN of a KMS key in the region",
            fix,
        );
    }
    if let Some(address) = &spec.traffic.address
        && !is_load_balancer(address, &spec.region)
    {
        let fix = format!(
            "use the host name that the Ingress reports, which ends in .{}",
            load_balancer_domains(&spec.region).join(" or .")
        );
        let problem = "is not a load balancer of the cluster's region";
        refuse("spec.traffic.address", address, problem, fix);
    }
    for (n, pool) in spec.node_pools.iter().enumerate() {
        check_pool(&format!("spec.nodePools[{n}]"), pool, &refuse);
    }
}

fn check_pool(path: &str, pool: &NodePool, refuse: &dyn Fn(&str, &str, &str, String)) {
    let types = pool.machines_on(Provider::AWS);
    if pool.names_others_than(Provider::AWS) {
        let path = format!("{path}.machineTypes.aws");
        refuse(
            &path,
            "",
            "is missing on AWS",
            "add EC2 instance types or use size".into(),
        );
    }
    let arm = types.iter().any(|name| machines::is_arm(name));
    for (n, name) in types.iter().enumerate() {
        let path = format!("{path}.machineTypes.aws[{n}]");
        if !name.contains('.') {
            refuse(
                &path,
                name,
                "is not an EC2 instance type",
                "use one such as m7i.xlarge".into(),
            );
        } else if machines::is_arm(name) != arm {
            refuse(
                &path,
                name,
                "mixes Arm and x86 processors",
                "put them in two pools".into(),
            );
        } else if machines::has_gpu(name) && pool.gpu.is_none() {
            refuse(
                &path,
                name,
                "has a GPU",
                "say which with gpu: {type, count}".into(),
            );
        }
    }
    if let Some(gpu) = &pool.gpu
        && types.is_empty()
        && machines::gpu_machine(gpu, pool.size).is_none()
    {
        let fix = gpu_fix(machines::with_gpu(gpu.model));
        refuse(
            &format!("{path}.gpu"),
            "",
            "is not to be had on AWS in this count and size",
            fix,
        );
    }
}

fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let area = parts.next().unwrap_or_default();
    let number = parts.next_back().unwrap_or_default();
    let middle: Vec<_> = parts.collect();
    area.len() == 2
        && !middle.is_empty()
        && middle
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
        && number.len() == 1
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// The domains of load balancers: of application and classic ones, then of network ones (AWS General
/// Reference, Elastic Load Balancing endpoints).
fn load_balancer_domains(region: &str) -> [String; 2] {
    let domain = if partition(region) == "aws-cn" {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    [
        format!("{region}.elb.{domain}"),
        format!("elb.{region}.{domain}"),
    ]
}

/// Whether a host name is one that AWS gives to load balancers. Any other one would send the service's
/// traffic to whoever an author names.
fn is_load_balancer(host: &str, region: &str) -> bool {
    let domains = load_balancer_domains(region);
    let mut names = domains
        .iter()
        .filter_map(|domain| host.strip_suffix(domain.as_str()));
    names.any(|name| name.len() > 1 && name.ends_with('.'))
}

fn is_principal(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let [scheme, partition, "iam", "", account, resource] = parts[..] else {
        return false;
    };
    scheme == "arn"
        && matches!(partition, "aws" | "aws-cn" | "aws-us-gov")
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && ["role/", "user/"]
            .iter()
            .any(|kind| resource.len() > kind.len() && resource.starts_with(kind))
        && resource.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'/' | b'+' | b'=' | b',' | b'.' | b'@' | b'_' | b'-')
        })
}

fn is_key(arn: &str, region: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, "kms", at, account, resource]
        if partition.starts_with("aws") && at == region && account.len() == 12
            && resource.strip_prefix("key/").is_some_and(|id| !id.is_empty()))
}
