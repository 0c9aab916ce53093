//! Valid clusters of every shape.

use manifests::ScopeArg;
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
};
use serde_json::{Value, json};

use crate::fixture::{SCOPES, input, merge};

/// A cluster that a person could write.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) scope: ScopeArg,
    pub(super) spec: Value,
    pub(super) input: Option<Value>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {:#} with Input {:?}",
            self.name, self.spec, self.input
        )
    }
}

/// GPUs and sizes that both clouds have.
fn hardware() -> impl Strategy<Value = Value> {
    let size = select(vec!["small", "medium", "large", "xlarge"]);
    let one_l4 = option::of(select(vec!["medium", "large", "xlarge"]));
    let eight = select(vec![
        "nvidia-a100-40gb",
        "nvidia-a100-80gb",
        "nvidia-h100-80gb",
        "nvidia-h200-141gb",
    ]);
    prop_oneof![
        Just(json!({})),
        size.prop_map(|size| json!({ "size": size })),
        Just(json!({"machineTypes": {"aws": ["m7g.large", "c7g.large"], "gcp": "n2-standard-2"}})),
        one_l4.prop_map(|size| {
            let mut pool = json!({"gpu": {"type": "nvidia-l4", "count": 1}});
            merge(
                &mut pool,
                &size.map_or(json!({}), |size| json!({ "size": size })),
            );
            pool
        }),
        Just(json!({"gpu": {"type": "nvidia-l4", "count": 4}})),
        eight.prop_map(|model| json!({"gpu": {"type": model, "count": 8}})),
    ]
}

fn taints() -> impl Strategy<Value = Value> {
    let effect = select(vec!["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    let taint = (
        "[a-z]{1,8}(/[a-z]{1,8})?",
        "([a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?)?",
        effect,
    );
    vec(taint, 0..3).prop_map(|taints| {
        // Each key once: equal pairs of key and effect are refused.
        let numbered = taints.into_iter().enumerate();
        numbered
            .map(|(n, (key, value, effect))| json!({"key": format!("{key}{n}"), "value": value, "effect": effect}))
            .collect()
    })
}

fn pool() -> impl Strategy<Value = Value> {
    let labels = proptest::collection::btree_map("[A-Za-z]{1,20}", "([A-Za-z0-9]{0,20})?", 0..3);
    let surge = select(vec![(1, 0), (0, 1), (20, 0), (10, 10), (0, 20)]);
    (hardware(), taints(), labels, 0..=450_u32, 0..=450_u32, any::<bool>(), 50..=16_000_u32, surge, option::of(any::<bool>()))
        .prop_map(|(mut pool, taints, labels, one, other, spot, disk, (surge, unavailable), required)| {
            let rest = json!({
                "min": one.min(other), "max": one.max(other).max(1), "diskGiB": disk,
                "capacity": if spot { "spot" } else { "onDemand" },
                "labels": labels, "taints": taints, "maxSurge": surge, "maxUnavailable": unavailable,
            });
            merge(&mut pool, &rest);
            merge(&mut pool, &json!({ "required": required }));
            pool
        })
}

/// One to twenty pools with names of every length, of which the first takes system Pods.
fn pools() -> impl Strategy<Value = Value> {
    let name = prop_oneof!["[a-z]", "[a-z][a-z0-9-]{0,16}[a-z0-9]", "[a-z]{18}"];
    vec((name, pool()), 0..=19).prop_map(|named| {
        let mut pools = vec![json!({"name": "general", "min": 1, "max": 3})];
        for (n, (name, mut pool)) in named.into_iter().enumerate() {
            // Unique: the letter says which one it is.
            let letter = char::from(b'a' + u8::try_from(n).unwrap());
            pool["name"] = format!("{letter}{name}0").into();
            pools.push(pool);
        }
        pools.into()
    })
}

fn network(
    region: &'static str,
    dash: &'static str,
    nat: &[&'static str],
) -> impl Strategy<Value = Value> {
    let letters = subsequence(vec!["a", "b", "c", "d", "e", "f"], 2..=3).prop_shuffle();
    let zones = prop_oneof![
        Just(json!({})),
        (2..=3_u32).prop_map(|zones| json!({ "zones": zones })),
        letters.prop_map(move |letters| {
            let names = letters
                .iter()
                .map(|letter| format!("{region}{dash}{letter}"));
            json!({ "zoneNames": names.collect::<Vec<_>>() })
        }),
    ];
    (zones, any::<u16>(), 16..=20_u8, select(nat.to_vec())).prop_map(
        |(mut network, bits, prefix, nat)| {
            let address = std::net::Ipv4Addr::from((10 << 24) | (u32::from(bits) << 8));
            let cidr = ipnet::Ipv4Net::new(address, prefix).unwrap().trunc();
            merge(&mut network, &json!({"cidr": cidr.to_string(), "nat": nat}));
            network
        },
    )
}

/// Names the zones of europe-west4 that have a pool's GPUs. On AWS letters say nothing of what a zone has.
fn in_zones(pools: &mut Value) {
    for pool in pools.as_array_mut().unwrap() {
        let letters: &[&str] = match pool["gpu"]["type"].as_str() {
            Some("nvidia-a100-40gb") => &["b", "a"],
            Some("nvidia-a100-80gb" | "nvidia-h200-141gb") => &["a"],
            Some("nvidia-h100-80gb") => &["b", "c"],
            _ => continue,
        };
        let zones = letters
            .iter()
            .map(|letter| format!("europe-west4-{letter}"));
        pool["zones"] = zones.collect();
    }
}

/// On AWS no first nodes are made without a way out.
fn cloud() -> impl Strategy<Value = Value> {
    let aws = network("us-west-2", "", &["perZone", "single"]).prop_map(|network| {
        json!({"provider": "aws", "region": "us-west-2", "network": network,
            "access": {"admins": ["arn:aws:iam::111122223333:role/a"]}})
    });
    let gcp = network("europe-west4", "-", &["perZone", "single", "none"]).prop_map(|network| {
        json!({"provider": "gcp", "region": "europe-west4", "network": network, "account": "acme-prod",
            "access": {"viewers": ["group:a@example.com", "user:b@example.com"]}})
    });
    prop_oneof![aws, gcp]
}

pub(super) fn case() -> impl Strategy<Value = Case> {
    let scope = 0..SCOPES.len();
    let name = prop_oneof![
        "[a-z]",
        "[a-z][a-z0-9-]{0,61}[a-z0-9]",
        "[a-z]{63}",
        "[a-z]-{40}[a-z]"
    ];
    let tags = proptest::collection::btree_map("t[a-z0-9_-]{0,62}", "[a-z0-9_-]{0,63}", 0..5);
    let switches = any::<[bool; 5]>();
    (name, scope, cloud(), pools(), tags, switches).prop_map(
        |(name, scope, mut spec, pools, tags, [auto, with_input, public, protected, addons])| {
            merge(
                &mut spec,
                &json!({
                    "environment": "prod", "kubernetesVersion": "1.36", "tags": tags,
                    "endpoint": {"public": public}, "deletionProtection": protected,
                    "mode": if auto { "auto" } else { "standard" },
                    "nodePools": if auto { json!([]) } else { pools },
                    "addons": {"blockStorage": {"enabled": addons}, "metricsServer": {"enabled": addons}},
                }),
            );
            if spec["provider"] == "gcp" {
                in_zones(&mut spec["nodePools"]);
            }
            let (scope, input) = (SCOPES[scope], with_input.then(input));
            Case { name, scope, spec, input }
        },
    )
}
