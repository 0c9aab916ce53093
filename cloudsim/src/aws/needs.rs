//! What EKS needs before it makes something, and for as long as that exists.

use super::{ACCOUNT, network::has_way_out, zones::unsupported};
use crate::{
    clouds::Clouds,
    object::{field, name_of, reported, text, works},
};
use serde_json::Value;

const BEFORE_NODES: [&str; 3] = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"];

pub(super) fn cluster_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let group = format!("/aws/eks/{}/cluster", name_of(object));
    if clouds.working("Group", &group).is_none() {
        return Some(format!("EKS would make the log group {group} by itself"));
    }
    let ranges = object.pointer("/spec/forProvider/vpcConfig/publicAccessCidrs");
    if let Some(problem) = reserved(ranges) {
        return Some(problem);
    }
    identity_lacks(object, clouds).or_else(|| {
        let subnets = object
            .pointer("/spec/forProvider/vpcConfig/subnetIds")?
            .as_array()?;
        let subnets: Vec<_> = subnets.iter().filter_map(Value::as_str).collect();
        let mut ids = subnets.iter();
        let missing = ids.find(|id| clouds.working("Subnet", id).is_none());
        let missing = missing.map(|id| format!("InvalidSubnetID: {id}"));
        missing.or_else(|| unsupported(&subnets, clouds))
    })
}

/// Why EKS takes no such ranges for its public endpoint.
pub(super) fn reserved(ranges: Option<&Value>) -> Option<String> {
    let ranges = ranges.and_then(Value::as_array).into_iter().flatten();
    let mut ranges = ranges.filter_map(Value::as_str);
    let starts = ["10.", "192.168.", "172.16.", "100.64."];
    let found = ranges.find(|range| starts.iter().any(|start| range.starts_with(start)))?;
    Some(format!(
        "InvalidParameterException: The following CIDRs are invalid in publicAccessCidrs: [{found}]"
    ))
}

/// What a control plane needs for as long as it exists, to be deleted too: its roles and its key.
pub(super) fn identity_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let arn = text(object, "/spec/forProvider/encryptionConfig/provider/keyArn");
    let mut keys = clouds.all("Key").filter(|key| works(key));
    if !keys.any(|key| reported(key, "arn") == arn) && arn.contains(ACCOUNT) {
        return Some(format!("KMS key {arn} is not enabled"));
    }
    let role = field(object, "roleArn");
    role_missing(role, clouds).or_else(|| {
        let role = text(object, "/spec/forProvider/computeConfig/nodeRoleArn");
        (!role.is_empty())
            .then(|| role_missing(role, clouds))
            .flatten()
    })
}

/// Roles that the provider's identity may make: those of bootstrap/eks/policies.tf.
pub(super) fn role_denied(object: &Value) -> Option<String> {
    const ENDS: [&str; 4] = ["-control-plane", "-node", "-networking", "-block-storage"];
    let name = name_of(object);
    let is_allowed = ENDS.iter().any(|end| name.ends_with(end)) && name.len() <= 64;
    (!is_allowed).then(|| {
        format!("operation error IAM: CreateRole, api error AccessDenied: not authorized to make the role {name}")
    })
}

pub(super) fn role_missing(arn: &str, clouds: &Clouds<'_>) -> Option<String> {
    let mut roles = clouds.all("Role").filter(|role| works(role));
    let found = roles.any(|role| reported(role, "arn") == arn);
    (!found).then(|| format!("role {arn} cannot be assumed"))
}

pub(super) fn group_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    for name in BEFORE_NODES {
        let mut addons = clouds.all("Addon").filter(|addon| works(addon));
        let cluster = field(object, "clusterName");
        let here = |addon: &Value| field(addon, "clusterName") == cluster;
        if !addons.any(|addon| here(addon) && field(addon, "addonName") == name) {
            return Some(format!(
                "NodeCreationFailure: nodes stay NotReady without {name}"
            ));
        }
    }
    let template = text(object, "/spec/forProvider/launchTemplate/name");
    let version = text(object, "/spec/forProvider/launchTemplate/version");
    let mut templates = clouds.all("LaunchTemplate").filter(|found| works(found));
    let known = templates.any(|found| {
        let latest = found.pointer("/status/atProvider/latestVersion");
        field(found, "name") == template && latest.and_then(Value::as_u64) >= version.parse().ok()
    });
    if !known {
        return Some(format!("InvalidLaunchTemplateId: {template}:{version}"));
    }
    let subnets = object
        .pointer("/spec/forProvider/subnetIds")
        .and_then(Value::as_array);
    let mut subnets = subnets.into_iter().flatten().filter_map(Value::as_str);
    let stranded = subnets.find(|subnet| !has_way_out(subnet, clouds));
    role_missing(field(object, "nodeRoleArn"), clouds)
        .or_else(|| stranded.map(|subnet| format!("NodeCreationFailure: {subnet} has no way out")))
}

pub(super) fn addon_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let name = field(object, "addonName");
    let role = text(object, "/spec/forProvider/podIdentityAssociation/0/roleArn");
    if let Some(problem) = (!role.is_empty())
        .then(|| role_missing(role, clouds))
        .flatten()
    {
        return Some(problem);
    }
    let cluster = field(object, "clusterName");
    let mut groups = clouds.all("NodeGroup").filter(|group| works(group));
    let has_nodes = groups.any(|group| field(group, "clusterName") == cluster);
    (!BEFORE_NODES.contains(&name) && !has_nodes)
        .then(|| format!("InsufficientNumberOfReplicas: {name} has no node to run on"))
}

pub(super) fn policy_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let principal = field(object, "principalArn");
    let mut entries = clouds.all("AccessEntry").filter(|entry| works(entry));
    let found = entries.any(|entry| field(entry, "principalArn") == principal);
    (!found).then(|| format!("ResourceNotFoundException: no access entry of {principal}"))
}
