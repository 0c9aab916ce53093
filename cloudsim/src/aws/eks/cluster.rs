//! Control planes of EKS.

use serde_json::{Value, json};

use super::{super::network::network_of, status, versions};
use crate::{
    clouds::Clouds,
    id::id,
    object::field,
    rules::{Subject, Upgrade},
};

/// The VPC of its subnets.
pub(in crate::aws) fn answers(object: &Value, clouds: &Clouds<'_>, _: &Value, now: &mut Value) {
    let subnets = object.pointer("/spec/forProvider/vpcConfig/subnetIds/0");
    let first = subnets.and_then(Value::as_str).unwrap_or_default();
    if let Some(network) = network_of(first, clouds) {
        now["vpcConfig"]["vpcId"] = network.into();
    }
}

/// Its state, and what it has once it serves.
pub(in crate::aws) fn report(subject: &Subject<'_>, at: &mut Value) {
    at["status"] = status(subject, "FAILED").into();
    if !subject.ready || subject.failed {
        return;
    }
    let region = field(subject.object, "region");
    let id = id(subject.key, 32).to_uppercase();
    at["endpoint"] = format!("https://{id}.gr7.{region}.eks.amazonaws.com").into();
    at["certificateAuthority"] = json!([{"data": "QSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkK"}]);
    let issuer = format!("https://oidc.eks.{region}.amazonaws.com/id/{id}");
    at["identity"] = json!([{"oidc": [{"issuer": issuer}]}]);
    at["vpcConfig"]["clusterSecurityGroupId"] = format!("sg-{}", &id[..17]).to_lowercase().into();
}

/// Control planes go up one minor version at a time.
pub(in crate::aws) fn upgrade(object: &Value, at: &Value, _: &Clouds<'_>) -> Upgrade {
    match versions(object, at) {
        Ok(Some((now, wanted))) if wanted > now + 1 => {
            Upgrade::Refused(format!("unsupported update from 1.{now} to 1.{wanted}"))
        }
        Ok(Some(_)) => Upgrade::To(2),
        Ok(None) => Upgrade::None,
        Err(problem) => Upgrade::Refused(problem),
    }
}
