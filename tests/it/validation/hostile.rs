//! Strings that are something else elsewhere: templates, shell, JSON, HCL, terminal codes.

use serde_json::{Value, json};
use xcluster::{cli::ScopeArg, proto::v1::RunFunctionResponse};

use crate::fixture::{self, World, call, desired, fatal, merge, yaml};

const HOSTILE: [&str; 13] = [
    "a\nb: c",
    "a\u{0}b",
    "\u{1b}[31mred",
    "{{ .Values.secret }}",
    "$(id)",
    "${data.aws_caller_identity.me.id}",
    "\", \"Action\": \"*",
    "x\"}]} resource \"a\" \"b\" {",
    "' || '1'=='1",
    "*",
    "\u{202e}txt.exe",
    "p\u{430}ypal",
    "../../etc/passwd",
];

/// A spec and an Input with every string that can be written.
fn full(cloud: &str) -> (Value, Value) {
    let mut spec = yaml(
        "{account: '111122223333', cloudName: prod-1, mode: standard, network: {nat: single},
          endpoint: {public: true, allowedCidrs: [203.0.113.0/24]},
          nodePools: [{name: general, size: medium, min: 2, max: 10, capacity: spot, labels: {team: ml},
            taints: [{key: dedicated, value: ml, effect: PreferNoSchedule}]},
            {name: gpu, gpu: {type: nvidia-l4, count: 1}, min: 0, max: 4},
            {name: own, machineTypes: {aws: [m7i.large], gcp: n2-standard-2}, min: 0, max: 4}],
          addons: {networking: {version: v1.1}, kubeProxy: {version: v1.1}, podIdentity: {version: v1.1},
            dns: {version: v1.1}, blockStorage: {version: v1.1},
            metricsServer: {enabled: true, version: v1.1}},
          tags: {owner: ml}, argocd: {name: prod, namespace: argocd, labels: {team: ml},
            annotations: {note: fine}},
          providerConfigRef: {name: default, kind: ClusterProviderConfig}}",
    );
    let mut input = fixture::input();
    let (base, more) = match cloud {
        "aws" => (
            fixture::aws(),
            yaml(
                "{network: {zoneNames: [us-east-1a, us-east-1b]},
                  encryption: {keyId: 'arn:aws:kms:us-east-1:111122223333:key/1'},
                  access: {admins: ['arn:aws:iam::111122223333:role/a'],
                    viewers: ['arn:aws:iam::111122223333:user/b']},
                  argocd: {auth: {mode: awsWebIdentity}}}",
            ),
        ),
        _ => (
            fixture::gcp(),
            yaml(
                "{account: acme-prod, network: {zoneNames: [europe-west1-b, europe-west1-c]},
                  encryption: {keyId: projects/acme-prod/locations/europe-west1/keyRings/r/cryptoKeys/k},
                  access: {admins: ['group:a@example.com'],
                    viewers: ['principal://iam.googleapis.com/projects/1/b']},
                  argocd: {auth: {mode: gcpWif}}}",
            ),
        ),
    };
    let mut whole = base;
    merge(&mut whole, &spec.take());
    merge(&mut whole, &more);
    merge(
        &mut input,
        &yaml(
            "{resourceNamespace: clusters, argocd: {
                providerConfigRef: {kind: ClusterProviderConfig, name: argo},
                aws: {mode: awsPodIdentity, profile: clusters, tokenFile: /token,
                  roleArn: 'arn:aws:iam::111122223333:role/clusters'},
                gcp: {mode: gcpAdc, credentialsFile: /credentials.json}}}",
        ),
    );
    (whole, input)
}

/// Pointers to all strings in a value, and to all keys that a person chose.
fn places(value: &Value, pointer: &str, found: &mut Vec<(String, bool)>) {
    match value {
        Value::String(_) => found.push((pointer.to_owned(), false)),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{n}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                places(item, &format!("{pointer}/{key}"), found);
                let free = ["labels", "annotations", "tags", "accounts"];
                if free
                    .iter()
                    .any(|name| pointer.ends_with(&format!("/{name}")))
                {
                    found.push((format!("{pointer}/{key}"), true));
                }
            }
        }
        _ => {}
    }
}

/// `value` with a hostile string for the value, or the key, at a pointer.
fn replaced(value: &Value, pointer: &str, is_key: bool, hostile: &str) -> Value {
    let mut value = value.clone();
    if is_key {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let fields = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        let before = fields.remove(key).unwrap();
        fields.insert(hostile.to_owned(), before);
    } else {
        *value.pointer_mut(pointer).unwrap() = json!(hostile);
    }
    value
}

/// The shape of a value: its structure without its strings. JSON and base64 inside strings are
/// opened, since that is where a string could break out.
fn shape(value: &Value, path: &str, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            lines.push(format!("{path}{{{}}}", fields.len()));
            for (key, item) in fields {
                let free = ["labels", "annotations", "tags", "resourceLabels"];
                let key = if free.iter().any(|name| path.ends_with(name)) {
                    "*"
                } else {
                    key
                };
                shape(item, &format!("{path}/{key}"), lines);
            }
        }
        Value::Array(items) => {
            lines.push(format!("{path}[{}]", items.len()));
            for item in items {
                shape(item, &format!("{path}/-"), lines);
            }
        }
        Value::String(text) if path.ends_with("/data/config") => {
            let quoted = json!(text);
            let bytes: k8s_openapi::ByteString = serde_json::from_value(quoted).unwrap();
            shape(&serde_json::from_slice(&bytes.0).unwrap(), path, lines);
        }
        Value::String(text) if path.ends_with("assumeRolePolicy") => {
            shape(&serde_json::from_str(text).unwrap(), path, lines);
        }
        Value::String(text) if path.ends_with("/condition/expression") => {
            let name = text
                .strip_prefix("resource.name == \"projects/")
                .and_then(|rest| rest.strip_suffix('"'))
                .unwrap();
            assert!(
                !name.contains(['"', '\\']) && name.split('/').count() == 5,
                "{text}"
            );
        }
        Value::String(_) => lines.push(format!("{path} string")),
        other => lines.push(format!("{path} {other}")),
    }
}

fn shapes(rsp: &RunFunctionResponse) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, object) in desired(rsp) {
        // The keys of pools and principals hold hashes of what they are made of.
        let key = key.trim_end_matches(|c: char| c.is_ascii_hexdigit());
        shape(&object, key, &mut lines);
    }
    lines.sort();
    lines
}

#[test]
fn a_hostile_string_is_refused_or_stays_in_its_own_value() {
    let mut taken = 0;
    for cloud in ["aws", "gcp"] {
        let (spec, input) = full(cloud);
        let settled = |spec: &Value, input: &Value| {
            let mut world = World::new(ScopeArg::Namespaced, "prod", spec, Some(input));
            shapes(world.settle().last().unwrap())
        };
        let fine = settled(&spec, &input);
        assert!(fine.iter().any(|line| line.contains("/data/config/")));
        for (is_input, tree) in [(false, &spec), (true, &input)] {
            let mut found = Vec::new();
            places(tree, "", &mut found);
            for (pointer, is_key) in found {
                for hostile in HOSTILE {
                    let changed = replaced(tree, &pointer, is_key, hostile);
                    let (spec, input) = match is_input {
                        true => (spec.clone(), changed),
                        false => (changed, input.clone()),
                    };
                    let rsp = call(ScopeArg::Namespaced, &spec, Some(&input));
                    let at = format!("{cloud} {pointer} {hostile:?}");
                    if let Some(message) = fatal(&rsp) {
                        assert!(!message.contains(char::is_control), "{at}: {message}");
                        assert!(!message.contains('\u{202e}'), "{at}: {message}");
                        continue;
                    }
                    taken += 1;
                    let shapes = settled(&spec, &input);
                    let difference = shapes.iter().zip(&fine).find(|(now, fine)| now != fine);
                    assert_eq!(difference, None, "{at}");
                    assert_eq!(shapes.len(), fine.len(), "{at}");
                }
            }
        }
    }
    assert!(
        taken > 0,
        "some hostile strings are legal, such as annotation values"
    );
}
