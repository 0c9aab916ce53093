//! Several mistakes at once: all are told, and nothing that follows from another one.

use serde_json::Value;

use super::{Written, problems, rows};
use crate::fixture::fatal;

/// Fields that decide what others may be, and those. Where the first has a mistake, a mistake in the others
/// cannot be told.
const DECIDES: [(&str, &[&str]); 6] = [
    ("spec.provider", &["spec.", "pool.", "input."]),
    (
        "spec.region",
        &[
            "spec.network.zoneNames",
            "spec.encryption",
            "spec.traffic",
            "pool.zones",
        ],
    ),
    (
        "input.allowedRegions",
        &[
            "spec.network.zoneNames",
            "spec.encryption",
            "spec.traffic",
            "pool.zones",
        ],
    ),
    ("spec.network", &["pool.zones"]),
    ("spec.mode", &["spec.nodePools", "spec.budget", "pool."]),
    ("spec.providerConfigRef", &["spec.account"]),
];

/// Fields of which one can cure a mistake in another, or make a new one of it.
const TOUCH: [&[&str]; 11] = [
    &["spec.maintenance.window"],
    &["spec.kubernetesVersion", "input.kubernetesVersions"],
    &["spec.region", "input.allowedRegions"],
    &["spec.mode", "spec.nodePools"],
    &["pool.size", "pool.machineTypes", "pool.gpu"],
    &["pool.gpu", "pool.maxSurge", "pool.maxUnavailable"],
    &["spec.nodePools", "spec.nodepool", "pool."],
    &["spec.account", "spec.providerConfigRef", "input.accounts"],
    &[
        "spec.cloudName",
        "spec.argocd.name",
        "input.allowNameOverrides",
    ],
    &["input.traffic"],
    &["spec.network.zoneNames", "pool.zones"],
];

/// The fields that a patch says something of.
fn fields(patches: &[Value; 3]) -> Vec<String> {
    fn leaves(path: &str, value: &Value, found: &mut Vec<String>) {
        match value.as_object() {
            Some(fields) if !fields.is_empty() => {
                for (key, value) in fields {
                    leaves(&format!("{path}.{key}"), value, found);
                }
            }
            _ => found.push(path.to_owned()),
        }
    }
    let mut found = Vec::new();
    for (place, patch) in ["spec", "pool", "input"].iter().zip(patches) {
        if !patch.is_null() {
            leaves(place, patch, &mut found);
        }
    }
    found
}

/// How two mistakes stand to each other.
#[derive(PartialEq)]
enum Pair {
    /// Both are there.
    Independent,
    /// One hides the other.
    Decided,
    /// They are of one field, or nearly.
    Touching,
}

fn pair(one: &[String], other: &[String]) -> Pair {
    let any = |fields: &[String], prefix: &str| fields.iter().any(|it| it.starts_with(prefix));
    let both = |a: &str, b: &str| any(one, a) && any(other, b) || any(other, a) && any(one, b);
    let touch =
        |of: &&[&str]| of.iter().any(|it| any(one, it)) && of.iter().any(|it| any(other, it));
    let same = one
        .iter()
        .any(|a| other.iter().any(|b| a.starts_with(b) || b.starts_with(a)));
    // Two pools are one here; their fields are their own, but for those above.
    let pools = one.iter().chain(other).all(|it| it.starts_with("pool."));
    let mut groups = TOUCH.iter().filter(|of| !(pools && of.contains(&"pool.")));
    if same || groups.any(touch) {
        return Pair::Touching;
    }
    let mut decides = DECIDES.iter();
    if decides.any(|(root, others)| others.iter().any(|it| both(root, it))) {
        Pair::Decided
    } else {
        Pair::Independent
    }
}

#[test]
fn any_two_mistakes_are_told_together() {
    // What is wrong with a name is merged into no document.
    let mut rows = rows();
    rows.retain(|row| !row.is_of_a_name());
    let (mut wrong, mut independent, mut decided) = (Vec::new(), 0, 0);
    for (n, one) in rows.iter().enumerate() {
        for other in rows[n + 1..].iter().filter(|it| it.cloud() == one.cloud()) {
            let patches = [one, other].map(|row| row.patches(&row.bad));
            let [first, second] = patches.each_ref().map(fields);
            let pair = pair(&first, &second);
            if pair == Pair::Touching {
                continue;
            }
            let rsp = Written::with(one.cloud(), &patches).call();
            let told = problems(fatal(&rsp).unwrap_or_default());
            let mut both = vec![one.says.clone(), other.says.clone()];
            both.sort();
            both.dedup();
            let sound = if pair == Pair::Independent {
                independent += 1;
                told == both
            } else {
                decided += 1;
                !told.is_empty() && told.iter().all(|it| both.contains(it))
            };
            if !sound {
                wrong.push(format!("{}\n{}\n  {told:#?}", one.bad, other.bad));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(independent > 14_000, "{independent}");
    assert!(decided > 100, "{decided}");
}
