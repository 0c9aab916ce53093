use serde_json::json;

use super::{words::close, *};
use crate::{
    api::{draft::Unsound, violation::Violations},
    wire::structpb::to_struct,
};

fn messages(spec: &serde_json::Value, read: impl Fn(&mut Object<'_, '_>)) -> Vec<String> {
    let encoded = to_struct(&json!({ "spec": spec })).unwrap();
    let violations = Violations::default();
    let mut object = Object::new("spec", encoded.at("spec"), &violations);
    read(&mut object);
    object.finish();
    let mut found: Vec<_> = violations
        .into_inner()
        .iter()
        .map(ToString::to_string)
        .collect();
    found.sort();
    found
}

#[test]
fn every_wrong_field_is_reported_at_once() {
    let found = messages(
        &json!({"name": 5, "on": "yes", "count": 11, "nmae": "x", "extra": {}}),
        |object| {
            object.string("name").ok();
            object.boolean("on", true).ok();
            object.integer("count", &(0..=10)).ok();
        },
    );
    assert_eq!(
        found,
        [
            "spec.count: 11 is not an integer from 0 to 10; use 0 to 10",
            "spec.extra: {…} is not a field of this API; remove it or use one of count, name, on",
            "spec.name: 5 is not a string; put it in quotes",
            "spec.nmae: \"x\" is not a field of this API; remove it or use one of count, name, on",
            "spec.on: \"yes\" is not a boolean; write true or false",
        ]
    );
}

#[test]
fn a_near_miss_is_named() {
    for typed in ["nodepools", "node_pools", "nodePool", "nodPools"] {
        assert!(close("nodePools", typed), "{typed}");
    }
    for typed in ["network", "nodes", ""] {
        assert!(!close("nodePools", typed), "{typed}");
    }
}

#[test]
fn fractions_and_huge_numbers_are_no_integers() {
    for n in [json!(1.5), json!(1e300), json!(-1), json!("3")] {
        let found = messages(&json!({ "n": n }), |object| {
            assert_eq!(object.integer("n", &(0..=9)), Err(Unsound));
        });
        assert_eq!(found.len(), 1);
    }
}
