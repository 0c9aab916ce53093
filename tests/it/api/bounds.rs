//! Bounds and formats: what the API server refuses, the code refuses, and where a schema can say
//! the whole rule, the other way round.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    examples::{Api, apis},
    schema::{Check, Node, find, leaves, nodes, with},
};

/// The formats that a schema says in part only, and what is missing.
const LOOSER: [(&str, &str); 4] = [
    (
        "spec.endpoint.allowedCidrs[]",
        "no pattern tells bits behind the prefix",
    ),
    (
        "input.allowedCidrs[]",
        "no pattern tells bits behind the prefix",
    ),
    (
        "spec.nodePools[].taints[].key",
        "the reserved prefixes are a list that grows",
    ),
    (
        "spec.argocd.annotations{}",
        "a schema counts characters, the code bytes; and control characters are rare",
    ),
];

#[test]
fn integers_have_equal_edges() {
    for api in apis() {
        for leaf in leaves(api.root, &api.schema) {
            if leaf.kind() != "integer" {
                continue;
            }
            let edge = |name: &str| {
                let edge = leaf.schema[name].as_i64();
                edge.unwrap_or_else(|| panic!("{} has no {name}", leaf.path))
            };
            let (low, high) = (edge("minimum"), edge("maximum"));
            let check = Check::new(&leaf.schema);
            for (n, sound) in [
                (low - 1, false),
                (low, true),
                (high, true),
                (high + 1, false),
            ] {
                assert_eq!(check.accepts(&json!(n)), sound, "{}: {n}", leaf.path);
                let value = with(&api.full, &leaf.path, n);
                assert_eq!(api.accepts(&value), sound, "{}: {n}", leaf.path);
            }
            assert!(!api.accepts(&with(&api.full, &leaf.path, 1.5)));
        }
    }
}

#[test]
fn strings_have_equal_formats() {
    let mut looser = 0;
    for api in apis() {
        for leaf in leaves(api.root, &api.schema) {
            if leaf.kind() != "string" || leaf.schema["enum"].is_array() {
                continue;
            }
            let check = Check::new(&leaf.schema);
            let api = lean(&api, &leaf.path);
            let loose = LOOSER.iter().any(|(path, _)| *path == leaf.path);
            let (mut taken, mut refused, mut surplus) = (0, 0, 0);
            for text in candidates(&api, &leaf) {
                let code = api.accepts(&with(&api.full, &leaf.path, text.as_str()));
                let schema = check.accepts(&json!(text));
                assert!(
                    !code || schema,
                    "the schema refuses {}: {text:?}",
                    leaf.path
                );
                assert!(
                    loose || code || !schema,
                    "the schema takes {}: {text:?}",
                    leaf.path
                );
                taken += usize::from(code);
                refused += usize::from(!code);
                surplus += usize::from(schema && !code);
            }
            assert!(
                taken > 0 && refused > 0,
                "{}: {taken}, {refused}",
                leaf.path
            );
            assert_eq!(loose, surplus > 0, "{}: {surplus}", leaf.path);
            looser += usize::from(loose);
        }
    }
    assert_eq!(looser, LOOSER.len());
}

/// The API with an example that says little beside one field, since it is read very often.
fn lean(api: &Api, path: &str) -> Api {
    let kept = path.split(['.', '[', '{']).nth(1).unwrap();
    let required = api.schema["required"].as_array();
    let is_kept = |name: &str| {
        name == kept || required.is_some_and(|names| names.iter().any(|other| other == name))
    };
    let mut full = api.full.clone();
    full.as_object_mut()
        .unwrap()
        .retain(|name, _| is_kept(name));
    Api {
        full,
        schema: api.schema.clone(),
        minimal: api.minimal.clone(),
        ..*api
    }
}

/// Strings around the edges of every format of the APIs.
fn candidates(api: &Api, leaf: &Node) -> Vec<String> {
    let example = find(&api.full, &leaf.path).unwrap();
    let example = example.as_str().unwrap().to_owned();
    let (front, back) = example.split_at(example.len() / 2);
    let mut found: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    for c in ('\0'..='\u{7f}').chain(['ä', '\u{202e}', '😀']) {
        found.push(format!("{front}{c}{back}"));
    }
    for c in "aA9-._/:@ \n".chars() {
        found.push(c.to_string());
        found.push(format!("{c}{example}"));
        found.push(format!("{example}{c}"));
    }
    let most = leaf.schema["maxLength"].as_u64();
    let most = most.unwrap_or_else(|| panic!("{} has no maxLength", leaf.path));
    let near = LENGTHS.iter().filter(|edge| **edge as u64 <= most);
    for edge in near {
        for n in [edge - 1, *edge, edge + 1] {
            found.push("a".repeat(n));
            found.push("7".repeat(n));
            found.push(format!("{}-1", "a".repeat(n.saturating_sub(2))));
            found.push(format!("v{}", "1".repeat(n.saturating_sub(1))));
            found.push("é".repeat(n));
            found.push(format!("{}/a", "a".repeat(n)));
            found.push(format!("a/{}", "a".repeat(n)));
            found.push(format!("a.{}.a", "a".repeat(n)));
        }
    }
    if !leaf.path.to_ascii_lowercase().contains("cidr") {
        return found;
    }
    for (net, prefix) in NETS.iter().flat_map(|net| (0..34).map(move |p| (net, p))) {
        found.push(format!("{net}/{prefix}"));
    }
    for octet in 0..=256 {
        found.push(format!("{octet}.20.0.0/16"));
        found.push(format!("100.{octet}.0.0/16"));
        found.push(format!("172.{octet}.0.0/16"));
        found.push(format!("192.{octet}.0.0/16"));
        for prefix in 16..=20 {
            found.push(format!("10.20.{octet}.0/{prefix}"));
        }
        found.push(format!("10.20.0.{octet}/20"));
    }
    found
}

const LENGTHS: &[usize] = &[
    1, 2, 6, 12, 20, 30, 32, 40, 63, 64, 100, 253, 256, 315, 317, 512, 4096,
];

const NETS: &[&str] = &["10.20.0.0", "203.0.113.0", "0.0.0.0", "10.20.30.40"];

const WORDS: &[&str] = &[
    "",
    "-a",
    "a-",
    "a--b",
    "a-b",
    "a.b",
    "a..b",
    ".a",
    "a.",
    "a/b",
    "a/b/c",
    "/a",
    "a/",
    "a b",
    "A-b",
    "a_b",
    "_a",
    "9a",
    "9-a",
    "1.36",
    "1.09",
    "1.9",
    "1.10",
    "1.99",
    "1.100",
    "v1.36",
    "2.34",
    "1.36.1",
    "v",
    "v1",
    "v1.2_3-x",
    "2026",
    "2026-11",
    "2026-11-25",
    "2026-13",
    "02:00",
    "2:00",
    "24:00",
    "2026-11-25T00:00:00Z",
    "2026-11-25T24:00:00Z",
    "2026-11-25T00:00Z",
    "1.36.2-20261115",
    "1.36.2-2026",
    "2026-11-32",
    "1999-11-25",
    "us-*",
    "us-east-1",
    "us-east-1a",
    "europe-west1-b",
    "10.20.0.0",
    "10.20.0.0/016",
    "010.20.0.0/16",
    "10.20.0/16",
    "::/0",
    "fd00::/8",
    "kubernetes.io/x",
    "a.kubernetes.io/x",
    "nvidia.com/gpu",
    "xcluster.dev/pool",
    "example.com/x",
    "a\u{0}b",
    "a\nb",
    "aws:x",
];

#[test]
fn lists_and_maps_have_equal_lengths() {
    for api in apis() {
        for node in nodes(api.root, &api.schema) {
            let many = match node.kind() {
                "array" => "maxItems",
                "object" if !node.is_record() => "maxProperties",
                _ => continue,
            };
            let most = node.schema[many].as_u64();
            let most = most.unwrap_or_else(|| panic!("{} has no {many}", node.path));
            for (length, sound) in [(most, true), (most + 1, false)] {
                let value = distinct(&api, &node, usize::try_from(length).unwrap());
                let check = Check::new(&node.schema);
                assert_eq!(check.accepts(&value), sound, "{}: {length}", node.path);
                let value = with(&api.full, &node.path, value);
                assert_eq!(api.accepts(&value), sound, "{}: {length}", node.path);
            }
        }
    }
}

/// A sound list or map of any length.
fn distinct(api: &Api, node: &Node, length: usize) -> Value {
    let example = find(&api.full, &node.path).unwrap();
    if let Some(entries) = example.as_object() {
        let value = entries.values().next().unwrap();
        let entries: BTreeMap<_, _> = (0..length).map(|n| (format!("k{n}"), value)).collect();
        return json!(entries);
    }
    if let Some(choices) = node.schema["items"]["enum"].as_array() {
        return choices.iter().cycle().take(length).cloned().collect();
    }
    let item = &example[0];
    let numbered = |n: usize| match (item.as_str(), item.as_object()) {
        (Some(text), _) if text.contains('/') && !text.contains(':') => {
            json!(format!("10.0.{n}.0/24"))
        }
        // Zones end in a letter, and a letter does no harm elsewhere.
        (Some(text), _) => {
            let letter = |n: usize| char::from(b'a' + u8::try_from(n).unwrap());
            json!(format!("{text}{}{}", letter(n / 26), letter(n % 26)))
        }
        (_, Some(fields)) => {
            let mut fields = fields.clone();
            let keys = node.schema["x-kubernetes-list-map-keys"].as_array();
            let names = keys.into_iter().flatten().filter_map(Value::as_str);
            let names: Vec<_> = names.collect();
            if names.contains(&"minor") {
                fields.insert("minor".to_owned(), json!(format!("1.{}", n + 10)));
            } else if let Some(first) = names.first() {
                fields.insert((*first).to_owned(), json!(format!("k{n}")));
            }
            fields.into()
        }
        (None, None) => panic!("{}", node.path),
    };
    (0..length).map(numbered).collect()
}

#[test]
fn lists_of_strings_hold_nothing_twice() {
    for api in apis() {
        for node in nodes(api.root, &api.schema) {
            if node.kind() != "array" || node.schema["items"]["type"] != "string" {
                continue;
            }
            let item = find(&api.full, &format!("{}[]", node.path)).unwrap();
            let twice = json!([item, item]);
            assert!(!Check::new(&node.schema).accepts(&twice), "{}", node.path);
            let value = with(&api.full, &node.path, twice);
            assert!(!api.accepts(&value), "{}", node.path);
        }
    }
}
