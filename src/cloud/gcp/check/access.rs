//! Who may use a cluster, and the key of its Secrets: names of IAM and KMS.

use crate::{
    api::asked::{Asked, Checked},
    cloud::gcp::identifiers::is_project,
};

pub(super) fn principals(asked: &Asked<'_>) -> Checked {
    let access = &asked.spec.access;
    for (list, members) in [("admins", &access.admins), ("viewers", &access.viewers)] {
        for (n, member) in members.sound()?.filter(|(_, member)| !is_member(member)) {
            let path = format!("spec.access.{list}[{n}]");
            let fix = "use a member such as group:ml@example.com, user:… or serviceAccount:…";
            asked.refuse(path, member, "is not an IAM member", fix);
        }
    }
    Ok(())
}

fn is_member(text: &str) -> bool {
    let kinds = ["user:", "group:", "serviceAccount:"];
    let mail = kinds
        .iter()
        .find_map(|kind| text.strip_prefix(kind))
        .is_some_and(|mail| {
            let sound = |part: &str| {
                !part.is_empty()
                    && part.bytes().all(|b| {
                        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+')
                    })
            };
            mail.split_once('@')
                .is_some_and(|(name, domain)| sound(name) && sound(domain))
        });
    let federated = [
        "principal://iam.googleapis.com/",
        "principalSet://iam.googleapis.com/",
    ]
    .iter()
    .any(|kind| text.strip_prefix(kind).is_some_and(|rest| !rest.is_empty()));
    mail || federated
}

pub(super) fn key(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    let key = asked.spec.encryption.key_id.as_ref()?.as_ref();
    if let Some(key) = key.filter(|key| !is_key(key, region)) {
        let problem = "is not a Cloud KMS key in the region";
        let fix = format!("use projects/P/locations/{region}/keyRings/R/cryptoKeys/K");
        asked.refuse("spec.encryption.keyId", key, problem, fix);
    }
    Ok(())
}

fn is_key(text: &str, region: &str) -> bool {
    let parts: Vec<_> = text.split('/').collect();
    matches!(parts[..], ["projects", project, "locations", at, "keyRings", ring, "cryptoKeys", key]
        if is_project(project) && at == region && !ring.is_empty() && !key.is_empty())
}
