//! No field is dead: on each cloud, in each mode, another value makes another cluster, or
//! `status.parity` says why not.

use serde_json::{Value, json};
use xcluster::{
    api::{choice::Choice, provider::Provider},
    cloud::registry::Clouds,
    wire::proto::v1::{Condition, Ready, RunFunctionResponse},
};

use super::{
    examples::spec,
    schema::{Node, leaves},
    settle::{settle, status_of},
};

/// What stands at a JSON pointer; null removes.
type Patch = Vec<(String, Value)>;

// The only fields without an effect that `status.parity` does not name say themselves for which
// cloud they are.

#[test]
fn every_field_has_an_effect_on_eks() {
    let others = [
        "spec.nodePools[].diskType.gcp",
        "spec.nodePools[].machineTypes.gcp",
    ];
    assert_eq!(dead("aws", "standard"), others);
}

#[test]
fn every_field_has_an_effect_on_eks_auto_mode() {
    assert_eq!(dead("aws", "auto"), [""; 0]);
}

#[test]
fn every_field_has_an_effect_on_gke() {
    let others = [
        "spec.nodePools[].diskType.aws",
        "spec.nodePools[].machineTypes.aws[]",
    ];
    assert_eq!(dead("gcp", "standard"), others);
}

#[test]
fn every_field_has_an_effect_on_gke_autopilot() {
    assert_eq!(dead("gcp", "auto"), [""; 0]);
}

/// The fields that change nothing, and nothing says so. Where the cloud makes the nodes, there are
/// no pools to have fields, and elsewhere the budget does not speak of Pods.
fn dead(cloud: &str, mode: &str) -> Vec<String> {
    let api = spec();
    let mut leaves = leaves(api.root, &api.schema);
    let others = match mode {
        "standard" => "spec.budget.pods",
        _ => "spec.nodePools[]",
    };
    leaves.retain(|leaf| !leaf.path.starts_with(others));
    // What begins later: tests/it/lifecycle/upgrade.rs.
    leaves.retain(|leaf| leaf.path != "spec.upgrade.paused");
    if cloud == "gcp" {
        // Refused there, whatever it says: tests/it/validation/clouds.yaml.
        leaves.retain(|leaf| leaf.path != "spec.traffic.address");
    }
    let base = base(cloud, mode);
    let plain = answers(&base).unwrap_or_else(|fatal| panic!("{fatal}"));
    leaves.retain(|leaf| {
        let before = patched(&base, preparation(&leaf.path, cloud));
        if before == base {
            return is_dead(leaf, &before, &plain, cloud);
        }
        let prepared = answers(&before).unwrap_or_else(|fatal| panic!("{}: {fatal}", leaf.path));
        is_dead(leaf, &before, &prepared, cloud)
    });
    leaves.into_iter().map(|leaf| leaf.path).collect()
}

/// Whether another value of the field changes nothing, and nothing says so.
fn is_dead(leaf: &Node, before: &Value, reference: &Answers, cloud: &str) -> bool {
    let mut tried = 0;
    for patch in alternatives(leaf, before, cloud) {
        let after = patched(before, patch);
        // A combination that is not to be had is not without effect.
        let Ok(changed) = answers(&after) else {
            continue;
        };
        tried += 1;
        let explained = changed.explains(&leaf.path) || reference.explains(&leaf.path);
        // Nearly every field changes the estimate. Only those that are there for it may leave it at that.
        let same = if leaf.path.starts_with("spec.budget.") {
            assert_eq!(changed.visible, reference.visible, "{}", leaf.path);
            changed.budget == reference.budget
        } else {
            changed.visible == reference.visible
        };
        if same && !explained {
            return true;
        }
    }
    assert!(
        tried > 0,
        "{cloud}: every other value of {} is refused",
        leaf.path
    );
    false
}

/// What can be seen of a cluster on its way, the echo in its status left out.
#[derive(Clone)]
struct Answers {
    visible: Vec<RunFunctionResponse>,
    budget: Vec<Condition>,
    parity: Vec<String>,
}

impl Answers {
    /// Whether `status.parity` names the field or what it is part of.
    fn explains(&self, path: &str) -> bool {
        self.parity.iter().any(|field| {
            path == field || path.starts_with(&format!("{field}.")) || path == format!("{field}[]")
        })
    }
}

fn answers(spec: &Value) -> Result<Answers, String> {
    let answers = settle(spec, &platform())?;
    let last = answers.last().unwrap();
    let desired = last.desired.as_ref().unwrap();
    let ready = desired.composite.as_ref().unwrap().ready();
    // Without a way out EKS makes no first nodes.
    let waits = spec["network"]["nat"] == "none" && spec["provider"] == "aws";
    assert_eq!(ready == Ready::True, !waits);
    let parity = status_of(last)["parity"].take();
    let fields = parity.as_array().into_iter().flatten();
    let parity = fields
        .map(|note| {
            let field = note["field"].as_str().unwrap();
            // Indices do not matter here.
            field.replace("[0]", "[]").replace("[1]", "[]")
        })
        .collect();
    let mut budget = Vec::new();
    let visible = answers
        .into_iter()
        .map(|mut answer| {
            let of_budget = |condition: &mut Condition| condition.r#type == "WithinBudget";
            budget.extend(answer.conditions.extract_if(.., of_budget));
            let composite = &mut answer.desired.as_mut().unwrap().composite;
            composite.as_mut().unwrap().resource = None;
            answer
        })
        .collect();
    Ok(Answers {
        visible,
        budget,
        parity,
    })
}

/// A platform that knows enough for every way of registration.
fn platform() -> Value {
    json!({"allowNameOverrides": true,
        "traffic": {"host": "inference.acme.example", "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {"zoneId": "Z0ACMEEXAMPLE"}}}, "argocd": {
        "aws": {
            "principalArn": "arn:aws:iam::111122223333:role/argocd",
            "roleArn": "arn:aws:iam::111122223333:role/argocd-target",
            "profile": "argocd",
        },
        "gcp": {"principal": "serviceAccount:argocd@acme-prod.iam.gserviceaccount.com"},
    }})
}

fn base(cloud: &str, mode: &str) -> Value {
    let mut spec = json!({
        "provider": cloud,
        "region": if cloud == "aws" { "us-east-1" } else { "europe-west1" },
        "environment": "prod",
        "account": if cloud == "aws" { "111122223333" } else { "acme-prod" },
        "kubernetesVersion": "1.36",
        "mode": mode,
        "network": {"cidr": "10.20.0.0/16"},
        "endpoint": {"allowedCidrs": ["203.0.113.0/24"]},
        "encryption": {},
        "addons": {
            "networking": {}, "kubeProxy": {}, "podIdentity": {}, "dns": {},
            "blockStorage": {}, "metricsServer": {"enabled": true},
        },
        "access": {},
        "tags": {},
        "argocd": {"auth": {}, "labels": {}, "annotations": {}},
        "traffic": {},
        "upgrade": {},
        "maintenance": {"window": {"startTime": "02:00", "hours": 12}, "exclusions": [
            {"name": "team", "startTime": "2026-11-20T00:00:00Z", "endTime": "2026-12-01T00:00:00Z"},
        ]},
        "budget": {"traffic": {}},
        "providerConfigRef": {},
    });
    if cloud == "aws" {
        spec["traffic"]["address"] = json!("lb-1.us-east-1.elb.amazonaws.com");
    }
    if mode == "auto" {
        spec["budget"]["pods"] = json!({"vcpu": 4, "memoryGiB": 16});
    }
    if mode == "standard" {
        spec["nodePools"] = json!([
            {"name": "general", "min": 1, "max": 3},
            {"name": "extra", "min": 1, "max": 3, "labels": {},
             "machineTypes": {"aws": ["m7i.xlarge"], "gcp": "n2-standard-4"}, "diskType": {}},
        ]);
    }
    spec
}

/// The place of a field in the base: of the second pool, since the first has to host system Pods.
fn pointer(path: &str) -> String {
    path.trim_start_matches("spec")
        .trim_end_matches("[]")
        .replace("nodePools[]", "nodePools.1")
        .replace("[]", ".0")
        .replace("{}", ".team")
        .replace('.', "/")
}

fn patched(spec: &Value, patch: Patch) -> Value {
    let mut spec = spec.clone();
    for (pointer, value) in patch {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = spec
            .pointer_mut(parent)
            .unwrap_or_else(|| panic!("no {parent}"));
        if value.is_null() {
            parent.as_object_mut().unwrap().remove(name);
        } else {
            parent[name] = value;
        }
    }
    spec
}

/// What has to be there before the field can matter.
fn preparation(path: &str, cloud: &str) -> Patch {
    let pool = "/nodePools/1";
    let own = |field: &str, value: Value| (format!("{pool}/{field}"), value);
    let sized = own("machineTypes", Value::Null);
    // Where Google Cloud has GPUs: tests/it/validation/offers.yaml.
    let zones = (cloud == "gcp").then(|| json!(["europe-west1-b"]));
    let placed = own("zones", zones.unwrap_or(Value::Null));
    match path {
        "spec.nodePools[].size" => vec![sized, own("size", json!("small"))],
        "spec.nodePools[].gpu.type" => {
            vec![
                sized,
                placed,
                own("gpu", json!({"type": "nvidia-h100-80gb", "count": 8})),
            ]
        }
        "spec.nodePools[].gpu.count" => {
            let gpu = own("gpu", json!({"type": "nvidia-l4", "count": 1}));
            vec![sized, placed, gpu]
        }
        // Without it the function asks who else serves.
        "spec.traffic.force" => vec![("/traffic/state".into(), json!("drained"))],
        _ if path.starts_with("spec.nodePools[].taints[]") => {
            let taint = json!({"key": "a", "value": "b", "effect": "NoSchedule"});
            vec![own("taints", json!([taint]))]
        }
        _ => Vec::new(),
    }
}

/// Other values of a field.
fn alternatives(leaf: &Node, before: &Value, cloud: &str) -> Vec<Patch> {
    let pointer = pointer(&leaf.path);
    let now = before.pointer(&pointer).cloned();
    let now = now.or_else(|| leaf.schema.get("default").cloned());
    let others = match leaf.kind() {
        // A pool's `required` has no default in the schema; this pool's is true.
        "boolean" => vec![json!(!now.unwrap_or(json!(true)).as_bool().unwrap())],
        "integer" => vec![json!(other_integer(&leaf.path))],
        _ if leaf.schema["enum"].is_array() => leaf
            .choices()
            .into_iter()
            .map(Value::from)
            .map(|choice| {
                if leaf.path.ends_with("[]") {
                    json!([choice])
                } else {
                    choice
                }
            })
            .filter(|choice| Some(choice) != now.as_ref() && is_other(&leaf.path, choice, cloud))
            .collect(),
        _ => vec![other_string(&leaf.path, cloud)],
    };
    others
        .into_iter()
        .map(|other| match leaf.path.as_str() {
            "spec.provider" => provider_patch(&other),
            "spec.region" => vec![
                (pointer.clone(), other),
                ("/traffic/address".into(), Value::Null),
            ],
            "spec.mode" if other == "standard" => vec![
                (pointer.clone(), other),
                ("/budget/pods".into(), Value::Null),
                (
                    "/nodePools".into(),
                    json!([{"name": "general", "min": 1, "max": 3}]),
                ),
            ],
            "spec.mode" => vec![(pointer.clone(), other), ("/nodePools".into(), Value::Null)],
            _ => vec![(pointer.clone(), other)],
        })
        .collect()
}

/// Whether a choice differs from what the base has without saying it.
fn is_other(path: &str, choice: &Value, cloud: &str) -> bool {
    let known = Clouds::ALL.known().into_iter();
    let mut known = known.filter(|known| known.provider.name() == cloud);
    if path.starts_with("spec.nodePools[].diskType.") {
        return known.all(|known| choice != known.disk_types[0]);
    }
    if path != "spec.argocd.auth.mode" {
        return true;
    }
    let default = if cloud == "aws" {
        "awsPodIdentity"
    } else {
        "gcpAdc"
    };
    let mut names = known
        .flat_map(|known| known.auth_modes)
        .map(|mode| mode.name());
    choice != default && names.any(|name| choice == name)
}

fn provider_patch(cloud: &Value) -> Patch {
    let aws = cloud == Provider::AWS.name();
    let (region, account) = if aws {
        ("us-east-1", "111122223333")
    } else {
        ("europe-west1", "acme-prod")
    };
    vec![
        ("/provider".into(), cloud.clone()),
        ("/region".into(), json!(region)),
        ("/account".into(), json!(account)),
        ("/traffic/address".into(), Value::Null),
    ]
}

fn other_integer(path: &str) -> u32 {
    match path {
        "spec.traffic.weight" => 7,
        "spec.network.zones" | "spec.nodePools[].min" | "spec.nodePools[].maxUnavailable" => 2,
        "spec.nodePools[].max" | "spec.nodePools[].maxSurge" => 5,
        "spec.nodePools[].gpu.count" => 4,
        "spec.maintenance.window.hours" => 13,
        "spec.nodePools[].diskGiB" => 200,
        // Up to five have one price on Google Cloud.
        "spec.budget.traffic.loadBalancers" => 9,
        _ if path.starts_with("spec.budget.") => 1000,
        _ => panic!("say another value of {path}"),
    }
}

fn other_string(path: &str, cloud: &str) -> Value {
    let of = |aws: Value, gcp: Value| if cloud == "aws" { aws } else { gcp };
    match path {
        "spec.region" => of(json!("eu-west-1"), json!("us-central1")),
        "spec.account" => of(json!("444455556666"), json!("acme-test")),
        "spec.kubernetesVersion" => json!("1.35"),
        "spec.network.cidr" => json!("10.30.0.0/16"),
        "spec.network.zoneNames[]" => of(
            json!(["us-east-1d", "us-east-1e", "us-east-1f"]),
            json!(["europe-west1-b", "europe-west1-c"]),
        ),
        "spec.maintenance.window.startTime" => json!("22:30"),
        "spec.maintenance.exclusions[].name" => json!("sale"),
        "spec.maintenance.exclusions[].startTime" => json!("2026-11-21T00:00:00Z"),
        "spec.maintenance.exclusions[].endTime" => json!("2026-12-02T00:00:00Z"),
        "spec.traffic.address" => json!("lb-2.us-east-1.elb.amazonaws.com"),
        "spec.endpoint.allowedCidrs[]" => json!(["198.51.100.0/24"]),
        "spec.nodePools[].zones[]" => of(json!(["use1-az2"]), json!(["europe-west1-d"])),
        "spec.nodePools[].machineTypes.aws[]" => json!(["m6i.xlarge"]),
        "spec.nodePools[].machineTypes.gcp" => json!("n2-standard-8"),
        "spec.encryption.keyId" => of(
            json!("arn:aws:kms:us-east-1:111122223333:key/k"),
            json!("projects/acme-prod/locations/europe-west1/keyRings/r/cryptoKeys/k"),
        ),
        "spec.access.admins[]" | "spec.access.viewers[]" => of(
            json!(["arn:aws:iam::111122223333:role/ml"]),
            json!(["group:ml@example.com"]),
        ),
        _ if path.ends_with(".version") => json!("v1.2.3"),
        // Names, labels and tags.
        _ => json!("other"),
    }
}
