//! The two APIs under test, each with an example that says everything and one that says as little
//! as possible.

use serde_json::{Value, json};
use xcluster::{
    api::{
        draft::sound,
        input,
        spec::{Spec, parse},
        violation::{Violation, Violations},
    },
    cloud::registry::Clouds,
    wire::structpb::to_struct,
};

use super::schema::{INPUT, SOURCE, schema_of, yaml};

/// An API: its schema, and the code that reads it.
pub(crate) struct Api {
    pub(crate) root: &'static str,
    pub(crate) schema: Value,
    /// Every field, each with a value that stands alone.
    pub(crate) full: Value,
    /// What is required, with one item in every list whose items have defaults.
    pub(crate) minimal: Value,
    pub(crate) parse: fn(&Value) -> Result<Value, Vec<Violation>>,
}

impl Api {
    /// The violations of a value, by path.
    pub(crate) fn refusals(&self, value: &Value) -> Vec<String> {
        let violations = (self.parse)(value).err().into_iter().flatten();
        violations.map(|violation| violation.path).collect()
    }

    pub(crate) fn accepts(&self, value: &Value) -> bool {
        (self.parse)(value).is_ok()
    }
}

pub(crate) fn apis() -> [Api; 2] {
    [spec(), input()]
}

pub(crate) fn spec() -> Api {
    Api {
        root: "spec",
        schema: schema_of(&yaml(SOURCE))["properties"]["spec"].clone(),
        full: full_spec(),
        minimal: json!({
            "provider": "aws",
            "region": "us-east-1",
            "environment": "prod",
            "kubernetesVersion": "1.36",
            "network": {"cidr": "10.20.0.0/16"},
            "maintenance": {
                "window": {"startTime": "02:00"},
                "exclusions": [{
                    "name": "sale",
                    "startTime": "2026-11-20T00:00:00Z",
                    "endTime": "2026-12-01T00:00:00Z",
                }],
            },
            "nodePools": [{
                "name": "general", "min": 1, "max": 2,
                "taints": [{"key": "k", "effect": "NoSchedule"}],
            }],
        }),
        parse: |spec| parse_spec(spec).map(|spec| serde_json::to_value(spec).unwrap()),
    }
}

pub(crate) fn parse_spec(spec: &Value) -> Result<Spec, Vec<Violation>> {
    let object = to_struct(&json!({ "spec": spec })).unwrap();
    let violations = Violations::default();
    let draft = parse(object.at("spec"), &Clouds::ALL.known(), &violations);
    sound(draft, violations)
}

/// The schema of the Input without what every Kubernetes object has.
pub(crate) fn input() -> Api {
    let mut schema = schema_of(&yaml(INPUT));
    for field in ["apiVersion", "kind", "metadata"] {
        schema["properties"].as_object_mut().unwrap().remove(field);
    }
    Api {
        root: "input",
        schema,
        full: full_input(),
        minimal: json!({
            "traffic": {
                "host": "inference.acme.example",
                "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {"zoneId": "Z0ACMEEXAMPLE"}},
            },
            "priceBook": {"date": "2026-11-25", "rows": [{
                "provider": "aws", "region": "*", "sku": "nat", "unit": "gateway-hour", "usd": "0.04",
            }]},
        }),
        parse: |value| {
            let violations = Violations::default();
            let input = to_struct(value).unwrap();
            let draft = input::parse(Some(&input), &Clouds::ALL.known(), &violations);
            sound(draft, violations).map(|input| serde_json::to_value(input).unwrap())
        },
    }
}

/// Sound field by field; as a whole it says too much (size beside machineTypes).
fn full_spec() -> Value {
    json!({
        "provider": "aws",
        "region": "us-east-1",
        "environment": "prod",
        "account": "111122223333",
        "cloudName": "prod-us",
        "kubernetesVersion": "1.36",
        "maintenance": {
            "window": {"days": ["saturday"], "startTime": "02:00", "hours": 12},
            "exclusions": [{
                "name": "black-friday",
                "startTime": "2026-11-20T00:00:00Z",
                "endTime": "2026-12-01T00:00:00Z",
                "scope": "upgrades",
            }],
        },
        "upgrade": {"paused": false, "supportType": "standard", "force": false},
        "mode": "standard",
        "network": {
            "cidr": "10.20.0.0/16",
            "zones": 3,
            "zoneNames": ["us-east-1a", "us-east-1b", "us-east-1c"],
            "nat": "perZone",
        },
        "endpoint": {"public": true, "allowedCidrs": ["203.0.113.0/24"]},
        "nodePools": [{
            "name": "general",
            "size": "medium",
            "machineTypes": {"aws": ["m7i.xlarge"], "gcp": "n2-standard-4"},
            "gpu": {"type": "nvidia-l4", "count": 1},
            "zones": ["us-east-1a"],
            "min": 1,
            "max": 10,
            "capacity": "onDemand",
            "diskGiB": 100,
            "diskType": {"aws": "gp3", "gcp": "pd-balanced"},
            "labels": {"team": "ml"},
            "taints": [{"key": "example.com/only", "value": "ml", "effect": "NoSchedule"}],
            "maxSurge": 1,
            "maxUnavailable": 0,
            "required": true,
        }],
        "encryption": {"keyId": "arn:aws:kms:us-east-1:111122223333:key/k"},
        "addons": {
            "networking": {"version": "v1.19.0-eksbuild.1"},
            "kubeProxy": {"version": "v1.36.0-eksbuild.2"},
            "podIdentity": {"version": "v1.3.4-eksbuild.1"},
            "dns": {"version": "v1.11.4-eksbuild.2"},
            "blockStorage": {"enabled": true, "version": "v1.39.0-eksbuild.1"},
            "metricsServer": {"enabled": true, "version": "v0.7.2-eksbuild.1"},
        },
        "access": {
            "admins": ["arn:aws:iam::111122223333:role/platform"],
            "viewers": ["arn:aws:iam::111122223333:role/ml"],
        },
        "tags": {"team": "ml"},
        "argocd": {
            "register": true,
            "name": "prod.us",
            "namespace": "argocd",
            "auth": {"mode": "awsPodIdentity"},
            "labels": {"workload": "inference"},
            "annotations": {"example.com/page": "https://example.com/prod-us"},
            "skipReconcile": false,
        },
        "traffic": {"state": "active", "weight": 100, "address": "lb-1.us-east-1.elb.amazonaws.com", "force": false},
        "budget": {
            "monthlyUsd": 5000,
            "traffic": {
                "internetEgressGiB": 1000,
                "interZoneGiB": 100,
                "interRegionGiB": 50,
                "natGiB": 200,
                "logGiB": 20,
                "loadBalancers": 2,
            },
            "pods": {"vcpu": 16, "memoryGiB": 64},
        },
        "deletionProtection": true,
        "providerConfigRef": {"kind": "ClusterProviderConfig", "name": "default"},
    })
}

fn full_input() -> Value {
    let lists = json!({"aws": ["us-east-1"], "gcp": ["europe-west1"]});
    json!({
        "accounts": {"default": {"aws": "111122223333", "gcp": "acme-prod"}},
        "allowedRegions": lists,
        "allowedMachineTypes": {"aws": ["m7i.xlarge"], "gcp": ["n2-standard-4"]},
        "allowedCidrs": ["203.0.113.0/24"],
        "allowNameOverrides": true,
        "resourceNamespace": "crossplane-system",
        "workloads": {"inference": {"namespaces": ["ml-platform"], "environments": ["prod"]}},
        "nodeImages": [{"release": "1.36.2-20261115", "environments": ["staging"]}],
        "kubernetesVersions": [{
            "provider": "aws",
            "minor": "1.37",
            "standardSupportEnds": "2028-01-31",
            "extendedSupportEnds": "2029-01-31",
            "addons": {
                "networking": "v1.23.0-eksbuild.1",
                "kubeProxy": "v1.37.0-eksbuild.1",
                "podIdentity": "v1.3.10-eksbuild.3",
                "dns": "v1.14.3-eksbuild.3",
                "blockStorage": "v1.63.1-eksbuild.1",
                "metricsServer": "v0.9.0-eksbuild.5",
            },
        }],
        "ttl": {"waitingSeconds": 60, "settledSeconds": 600},
        "argocd": {
            "namespace": "argocd",
            "providerConfigRef": {"kind": "ClusterProviderConfig", "name": "default"},
            "aws": {
                "mode": "awsPodIdentity",
                "principalArn": "arn:aws:iam::111122223333:role/argocd",
                "roleArn": "arn:aws:iam::111122223333:role/argocd-target",
                "profile": "argocd",
                "tokenFile": "/var/run/token",
            },
            "gcp": {
                "mode": "gcpWif",
                "principal": "serviceAccount:argocd@acme-prod.iam.gserviceaccount.com",
                "credentialsFile": "/var/run/credentials.json",
            },
        },
        "traffic": {
            "host": "inference.acme.example",
            "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {
                "zoneId": "Z0ACMEEXAMPLE",
                "providerConfigRef": {"kind": "ClusterProviderConfig", "name": "default"},
            }},
            "ttlSeconds": 30,
            "healthCheck": {"path": "/readyz", "fast": true, "failures": 3},
        },
        "priceBook": {
            "date": "2026-11-25",
            "rows": [{
                "provider": "aws",
                "region": "us-east-1",
                "sku": "m7i.xlarge",
                "unit": "instance-hour",
                "usd": "0.2016",
                "source": "our contract",
                "date": "2026-11",
                "verified": true,
            }],
        },
    })
}
