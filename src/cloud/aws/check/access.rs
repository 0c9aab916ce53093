//! Who may use a cluster, and the key of its Secrets: names of IAM and KMS.

use crate::api::asked::{Asked, Checked};

pub(super) fn principals(asked: &Asked<'_>) -> Checked {
    let access = &asked.spec.access;
    for (list, principals) in [("admins", &access.admins), ("viewers", &access.viewers)] {
        for (n, arn) in principals.sound()? {
            let path = || format!("spec.access.{list}[{n}]");
            if !is_principal(arn) {
                let fix = "use an ARN such as arn:aws:iam::111122223333:role/ml-platform";
                asked.refuse(path(), arn, "is not the ARN of an IAM role or user", fix);
            } else if lacks_sso_path(arn) {
                let problem = "lacks the path that every role of IAM Identity Center has, and EKS finds no role without it";
                let fix = "use the whole ARN, with role/aws-reserved/sso.amazonaws.com/: aws iam list-roles --path-prefix \
                           /aws-reserved/sso.amazonaws.com/";
                asked.refuse(path(), arn, problem, fix);
            }
        }
    }
    Ok(())
}

fn is_principal(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let [scheme, partition, "iam", "", account, resource] = parts[..] else {
        return false;
    };
    scheme == "arn"
        && matches!(partition, "aws" | "aws-cn" | "aws-eusc" | "aws-us-gov")
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

/// Whether it is a role of IAM Identity Center as the old `aws-auth` ConfigMap wanted it, whose ARN has more: the path
/// `/aws-reserved/sso.amazonaws.com/`, and in regions other than us-east-1 the region (IAM Identity Center User Guide,
/// "Referencing permission sets in resource policies, Amazon EKS Cluster config maps, and AWS KMS key policies").
fn lacks_sso_path(arn: &str) -> bool {
    let role = arn.split_once(":role/").map_or("", |(_, role)| role);
    let (path, name) = role.rsplit_once('/').unwrap_or(("", role));
    let is_whole = path == "aws-reserved/sso.amazonaws.com"
        || path.starts_with("aws-reserved/sso.amazonaws.com/");
    name.starts_with("AWSReservedSSO_") && !is_whole
}

pub(super) fn key(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    let key = asked.spec.encryption.key_id.as_ref()?.as_ref();
    if let Some(key) = key.filter(|key| !is_key(key, region)) {
        let problem = "is not the ARN of a KMS key in the region";
        let fix = format!("use arn:aws:kms:{region}:ACCOUNT:key/ID");
        asked.refuse("spec.encryption.keyId", key, problem, fix);
    }
    Ok(())
}

fn is_key(arn: &str, region: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, "kms", at, account, resource]
        if partition.starts_with("aws") && at == region && account.len() == 12
            && resource.strip_prefix("key/").is_some_and(|id| !id.is_empty()))
}
