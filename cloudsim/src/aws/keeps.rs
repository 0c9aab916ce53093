//! Why AWS would not delete an object now: something else uses it.

use serde_json::Value;

use super::{
    needs::{identity_lacks, role_missing},
    network::gateways_in,
};
use crate::{
    clouds::Clouds,
    object::{field, name_of, reported},
};

fn in_use(object: &Value, user: &str) -> String {
    let name = name_of(object);
    format!("DependencyViolation: {name} is used by {user}")
}

/// The first other object of these kinds that names this one in a field.
fn user<'a>(object: &Value, clouds: &Clouds<'a>, kinds: &[&str], names: &str) -> Option<&'a str> {
    let name = name_of(object);
    let all = kinds.iter().flat_map(|kind| clouds.all(kind));
    let mut users = all.filter(|user| user["kind"] != object["kind"] || name_of(user) != name);
    let user = users.find(|user| field(user, names) == name)?;
    Some(name_of(user))
}

/// The first object of a kind that lists this one, among those that there are in the cloud.
fn attached<'a>(object: &Value, clouds: &Clouds<'a>, kind: &str, path: &str) -> Option<&'a str> {
    let name = name_of(object);
    let all = clouds.all(kind);
    let existing = all.filter(|user| !reported(user, "id").is_empty());
    let mut users = existing.filter(|user| {
        let list = user.pointer(path).and_then(Value::as_array);
        list.into_iter().flatten().any(|id| id == name)
    });
    users.next().map(name_of)
}

pub(super) fn network(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let kinds = ["Subnet", "InternetGateway", "RouteTable", "SecurityGroup"];
    let user = user(object, clouds, &kinds, "vpcId")?;
    Some(in_use(object, user))
}

pub(super) fn subnet(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let at_cluster = "/spec/forProvider/vpcConfig/subnetIds";
    let user = user(object, clouds, &["NATGateway"], "subnetId")
        .or_else(|| attached(object, clouds, "Cluster", at_cluster))
        .or_else(|| attached(object, clouds, "NodeGroup", "/spec/forProvider/subnetIds"))?;
    Some(in_use(object, user))
}

pub(super) fn internet_gateway(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let user = gateways_in(field(object, "vpcId"), clouds).next()?;
    Some(in_use(object, name_of(user)))
}

pub(super) fn address(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let user = user(object, clouds, &["NATGateway"], "allocationId")?;
    Some(in_use(object, user))
}

pub(super) fn route_table(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let user = user(object, clouds, &["RouteTableAssociation"], "routeTableId")?;
    Some(in_use(object, user))
}

pub(super) fn cluster(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let name = name_of(object);
    let protected = object.pointer("/status/atProvider/deletionProtection");
    // EKS user guide, "Protect EKS clusters from accidental deletion": a failed one goes all the same.
    if protected == Some(&Value::Bool(true)) && reported(object, "status") != "FAILED" {
        return Some(format!(
            "InvalidRequestException: {name} has deletionProtection on"
        ));
    }
    user(object, clouds, &["NodeGroup"], "clusterName")
        .map(|user| format!("ResourceInUseException: {name} has the node group {user}"))
        .or_else(|| identity_lacks(object, clouds))
}

pub(super) fn node_group(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    role_missing(field(object, "nodeRoleArn"), clouds)
}

/// CloudWatch lets go of a group in use. EKS makes it anew then, and nothing limits that one.
pub(super) fn log_group(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let group = name_of(object);
    let mut clusters = clouds.all("Cluster");
    let writer =
        clusters.find(|cluster| group == format!("/aws/eks/{}/cluster", name_of(cluster)))?;
    Some(format!("{} would make {group} anew", name_of(writer)))
}
