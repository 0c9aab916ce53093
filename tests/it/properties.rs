//! Whatever a person writes, and whatever a broken cluster hands over.

mod rules;
mod specs;
mod wild;

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use proptest::prelude::*;
use prost::Message;
use serde_json::Value;
use xcluster::compose::compose;

use crate::{
    api::cel::why_refused,
    conformance::names::{name_problems, repeats},
    fixture::{fatal, world},
};

/// No files with failed cases: a seed is printed, and a regression becomes a test of its own.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The ranges that nodes and Pods get: all subnets on AWS, primary and secondary ones on GCP.
fn ranges(objects: &[Value]) -> Vec<Ipv4Net> {
    let mut found = Vec::new();
    for object in objects {
        let spec = &object["spec"]["forProvider"];
        if matches!(object["kind"].as_str(), Some("Subnet" | "Subnetwork")) {
            found.extend(spec["cidrBlock"].as_str());
            found.extend(spec["ipCidrRange"].as_str());
            let secondary = spec["secondaryIpRange"].as_array().into_iter().flatten();
            found.extend(secondary.filter_map(|range| range["ipCidrRange"].as_str()));
        }
    }
    found
        .into_iter()
        .map(|text| text.parse().unwrap())
        .collect()
}

fn check_ranges(spec: &Value, objects: &[Value]) {
    let whole: Ipv4Net = spec["network"]["cidr"].as_str().unwrap().parse().unwrap();
    let ranges = ranges(objects);
    let zones = match spec["network"]["zoneNames"].as_array() {
        Some(names) => names.len(),
        None => usize::try_from(spec["network"]["zones"].as_u64().unwrap_or(3)).unwrap(),
    };
    let expected = if spec["provider"] == "aws" {
        2 * zones
    } else {
        3
    };
    assert_eq!(ranges.len(), expected, "{ranges:?}");
    for (n, range) in ranges.iter().enumerate() {
        assert!(whole.contains(range), "{range} is not in {whole}");
        for other in &ranges[n + 1..] {
            assert!(
                !range.contains(other) && !other.contains(range),
                "{range} and {other}"
            );
        }
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn every_valid_cluster_becomes_ready_and_nothing_is_dropped_on_the_way(case in specs::case()) {
        let mut world = world(case.scope, &case.name, &case.spec, case.input.as_ref());
        prop_assert_eq!(why_refused(&case.name, &case.spec), [""; 0]);
        let request = world.request();
        let (one, other) = (compose(request.clone()), compose(request));
        prop_assert_eq!(fatal(&one), None);
        prop_assert_eq!(one.encode_to_vec(), other.encode_to_vec());
        let mut before = BTreeSet::new();
        let steps = world.settle();
        for step in &steps {
            prop_assert_eq!(step.fatal(), None);
            let now: BTreeSet<_> = step.desired().into_keys().collect();
            prop_assert!(before.is_subset(&now), "dropped {:?}", before.difference(&now));
            before = now;
        }
        let last = steps.last().unwrap();
        prop_assert!(last.is_ready(), "waits for {:#}", world.composite["status"]["waitingFor"]);
        let objects: Vec<_> = last.desired().into_values().collect();
        for object in &objects {
            prop_assert_eq!(name_problems(object), Vec::<String>::new());
        }
        prop_assert_eq!(repeats(objects.iter()), Vec::<String>::new());
        check_ranges(&case.spec, &objects);
    }
}
