//! What of a spec depends on GCP: formats, limits and offers.

use super::machines;
use crate::{
    api::{
        provider::Provider,
        rules::is_label,
        spec::{NodePool, Spec},
        violation::{Violation, Violations},
    },
    cloud::sizes::gpu_fix,
};

/// Most labels that an author may set: GCP takes 64, we set four.
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
            "is not a GCP region",
            "use one such as europe-west1".into(),
        );
    }
    if let Some(address) = &spec.traffic.address {
        // A global load balancer has no host name, and any address could be somebody else's.
        let problem = "cannot be set on gcp, where the function reserves the address";
        refuse("spec.traffic.address", address, problem, "remove it".into());
    }
    for (n, zone) in spec.network.zone_names.iter().enumerate() {
        let letter = zone
            .strip_prefix(&spec.region)
            .and_then(|rest| rest.strip_prefix('-'));
        if !letter.is_some_and(|l| l.len() == 1 && l.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            let path = format!("spec.network.zoneNames[{n}]");
            refuse(
                &path,
                zone,
                "is not a zone of the region",
                format!("use one such as {}-b", spec.region),
            );
        }
    }
    match account {
        None => refuse(
            "spec.account",
            "",
            "is missing on GCP",
            format!(
                "set it to the project id, or have the platform set accounts.{}.gcp in the function's Input",
                spec.provider_config_ref.name
            ),
        ),
        Some(project) if !is_project(project) => {
            refuse(
                "spec.account",
                project,
                "is not a GCP project id",
                "use one such as acme-prod".into(),
            );
        }
        Some(_) => {}
    }
    if let Some(name) = spec
        .cloud_name
        .as_ref()
        .filter(|name| !is_cluster_name(name))
    {
        let fix = "use at most 40 lower-case letters, digits and hyphens, starting with a letter";
        refuse(
            "spec.cloudName",
            name,
            "is not a GKE cluster name",
            fix.into(),
        );
    }
    if !is_label_value(&spec.environment) {
        refuse(
            "spec.environment",
            &spec.environment,
            "is not a GCP label value",
            "shorten it".into(),
        );
    }
    tags(spec, &refuse);
    principals(spec, &refuse);
    if let Some(key) = spec
        .encryption
        .key_id
        .as_ref()
        .filter(|key| !is_key(key, &spec.region))
    {
        let fix = format!(
            "use projects/P/locations/{}/keyRings/R/cryptoKeys/K",
            spec.region
        );
        refuse(
            "spec.encryption.keyId",
            key,
            "is not a Cloud KMS key in the region",
            fix,
        );
    }
    for (n, pool) in spec.node_pools.iter().enumerate() {
        check_pool(&format!("spec.nodePools[{n}]"), pool, &refuse);
    }
}

fn principals(spec: &Spec, refuse: &dyn Fn(&str, &str, &str, String)) {
    for (list, members) in [
        ("admins", &spec.access.admins),
        ("viewers", &spec.access.viewers),
    ] {
        for (n, member) in members
            .iter()
            .enumerate()
            .filter(|(_, member)| !is_member(member))
        {
            let path = format!("spec.access.{list}[{n}]");
            let fix = "use a member such as group:ml@example.com, user:… or serviceAccount:…";
            refuse(&path, member, "is not an IAM member", fix.into());
        }
    }
}

fn tags(spec: &Spec, refuse: &dyn Fn(&str, &str, &str, String)) {
    if spec.tags.len() > MOST_TAGS {
        refuse(
            "spec.tags",
            "",
            "has too many labels for GCP",
            format!("use at most {MOST_TAGS}"),
        );
    }
    for (key, value) in &spec.tags {
        let path = format!("spec.tags[{key}]");
        if !is_label_key(key) || key == "pool" {
            let fix = "use at most 63 lower-case letters, digits, '-' and '_', starting with a letter, and not \"pool\"";
            refuse(&path, key, "is not a GCP label key", fix.into());
        } else if !is_label_value(value) {
            let fix = "use at most 63 lower-case letters, digits, '-' and '_'";
            refuse(&path, value, "is not a GCP label value", fix.into());
        }
    }
}

fn check_pool(path: &str, pool: &NodePool, refuse: &dyn Fn(&str, &str, &str, String)) {
    let named = pool.machines_on(Provider::GCP).first();
    if pool.names_others_than(Provider::GCP) {
        let path = format!("{path}.machineTypes.gcp");
        refuse(
            &path,
            "",
            "is missing on GCP",
            "add a machine type or use size".into(),
        );
    }
    if let Some(name) = named {
        let path = format!("{path}.machineTypes.gcp");
        if !name.contains('-') || name.contains('.') {
            refuse(
                &path,
                name,
                "is not a machine type",
                "use one such as n2-standard-4".into(),
            );
        } else if machines::has_gpu(name) && pool.gpu.is_none() {
            refuse(
                &path,
                name,
                "has a GPU",
                "say which with gpu: {type, count}".into(),
            );
        } else if let Some(gpu) = &pool.gpu
            && let Some(known) = machines::with_gpu(gpu.model)
                .iter()
                .find(|machine| machine.name == name)
            && known.gpus != gpu.count
        {
            let fix = format!("set gpu.count to {}", known.gpus);
            refuse(&path, name, "has another number of GPUs", fix);
        }
    }
    if let Some(gpu) = &pool.gpu
        && named.is_none()
        && machines::gpu_machine(gpu, pool.size).is_none()
    {
        let fix = gpu_fix(machines::with_gpu(gpu.model));
        refuse(
            &format!("{path}.gpu"),
            "",
            "is not to be had on GCP in this count and size",
            fix,
        );
    }
}

fn is_region(text: &str) -> bool {
    let Some((area, rest)) = text.split_once('-') else {
        return false;
    };
    let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[letters.len()..];
    !area.is_empty()
        && area
            .bytes()
            .chain(letters.bytes())
            .all(|b| b.is_ascii_lowercase())
        && !letters.is_empty()
        && (1..=2).contains(&digits.len())
}

fn is_project(text: &str) -> bool {
    text.len() >= 6 && is_label(text, 30)
}

fn is_cluster_name(text: &str) -> bool {
    is_label(text, 40)
}

fn is_label_value(text: &str) -> bool {
    text.len() <= 63
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

fn is_label_key(text: &str) -> bool {
    is_label_value(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
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

fn is_key(text: &str, region: &str) -> bool {
    let parts: Vec<_> = text.split('/').collect();
    matches!(parts[..], ["projects", project, "locations", at, "keyRings", ring, "cryptoKeys", key]
        if is_project(project) && at == region && !ring.is_empty() && !key.is_empty())
}
