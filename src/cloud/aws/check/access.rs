//! Who may use a cluster, and the key of its Secrets: names of IAM and KMS.

use crate::api::asked::{Asked, Checked};

pub(super) fn principals(asked: &Asked<'_>) -> Checked {
    let access = &asked.spec.access;
    for (list, principals) in [("admins", &access.admins), ("viewers", &access.viewers)] {
        for (n, arn) in principals.sound()?.filter(|(_, arn)| !is_principal(arn)) {
            let path = format!("spec.access.{list}[{n}]");
            let fix = "use an ARN such as arn:aws:iam::111122223333:role/ml-platform";
            asked.refuse(path, arn, "is not the ARN of an IAM role or user", fix);
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
