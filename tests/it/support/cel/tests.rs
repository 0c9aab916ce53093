//! What Kubernetes adds to CEL.

use serde_json::{Value, json};

use super::{Outcome, Verdict, rules, verdicts};

/// An object with one rule at a place of its schema, and the place.
fn ruled(place: &str, schema: Value, rule: &str) -> Value {
    let mut schema = schema;
    let at = schema.pointer_mut(place).unwrap();
    at["x-kubernetes-validations"] = json!([{"rule": rule, "message": "broken"}]);
    schema
}

fn outcomes(schema: &Value, new: &Value, old: Option<&Value>) -> Vec<Outcome> {
    let verdicts = verdicts("", schema, new, old).into_iter();
    verdicts.map(|verdict| verdict.outcome).collect()
}

fn pools() -> Value {
    json!({"properties": {"pools": {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        "items": {"type": "object", "properties": {"name": {}, "min": {"type": "integer"}}},
    }}})
}

#[test]
fn a_transition_rule_counts_only_where_there_is_an_old_value() {
    let place = "/properties/pools/items";
    let schema = ruled(place, pools(), "self.min >= oldSelf.min");
    let new = json!({"pools": [{"name": "b", "min": 1}, {"name": "a", "min": 1}]});
    assert_eq!(outcomes(&schema, &new, None), []);
    // Items are found by their keys, wherever they stand.
    let old = json!({"pools": [{"name": "a", "min": 2}]});
    assert_eq!(outcomes(&schema, &new, Some(&old)), [Outcome::Broken]);
    let old = json!({"pools": [{"name": "a", "min": 1}, {"name": "b", "min": 0}]});
    let both = [Outcome::Holds, Outcome::Holds];
    assert_eq!(outcomes(&schema, &new, Some(&old)), both);
    assert!(rules("", &schema)[0].correlates);

    // Other lists have no keys to find them by.
    let mut atomic = schema;
    atomic["properties"]["pools"]["x-kubernetes-list-type"] = json!("atomic");
    atomic["properties"]["pools"]["x-kubernetes-list-map-keys"] = Value::Null;
    assert_eq!(outcomes(&atomic, &new, Some(&old)), []);
    assert!(!rules("", &atomic)[0].correlates);
}

#[test]
fn sets_are_equal_in_any_order_and_other_lists_are_not() {
    let (new, old) = (json!({"zones": ["a", "b"]}), json!({"zones": ["b", "a"]}));
    for (kind, outcome) in [("set", Outcome::Holds), ("atomic", Outcome::Broken)] {
        let zones = json!({"x-kubernetes-list-type": kind, "items": {"type": "string"}});
        let schema = json!({"properties": {"zones": zones}});
        let schema = ruled("", schema, "self.zones == oldSelf.zones");
        assert_eq!(outcomes(&schema, &new, Some(&old)), [outcome], "{kind}");
    }
}

#[test]
fn a_rule_sees_fields_by_their_escaped_names_and_keys_as_they_are() {
    let properties = json!({
        "namespace": {"type": "string"},
        "a-b.c/d__e": {"type": "string"},
        "map": {"additionalProperties": {"type": "string"}},
    });
    let rule = "self.__namespace__ == self.a__dash__b__dot__c__slash__d__underscores__e && self.map['in'] == 'x'";
    let schema = ruled("", json!({ "properties": properties }), rule);
    let new = json!({"namespace": "x", "a-b.c/d__e": "x", "map": {"in": "x"}});
    assert_eq!(outcomes(&schema, &new, None), [Outcome::Holds]);
}

#[test]
fn a_rule_sees_no_more_of_an_object_than_its_schema_and_its_name() {
    let schema = json!({"properties": {"kind": {}, "metadata": {"properties": {"name": {}}}}});
    let rule = "has(self.metadata.name) && !has(self.metadata.labels) && !has(self.spec)";
    let new = json!({"kind": "K", "metadata": {"name": "n", "labels": {"a": "b"}}, "spec": 1});
    assert_eq!(
        outcomes(&ruled("", schema, rule), &new, None),
        [Outcome::Holds]
    );
}

#[test]
fn what_cannot_be_evaluated_is_an_error_at_its_place() {
    let schema = json!({"properties": {"a": {"items": {"properties": {"b": {}}}}}});
    let schema = ruled("/properties/a/items", schema, "self.b.c == 1");
    let [verdict] = &verdicts("x", &schema, &json!({"a": [{}]}), None)[..] else {
        panic!("one rule for one value");
    };
    let Verdict { path, outcome, .. } = verdict;
    assert_eq!(path, "x.a[]");
    assert!(matches!(outcome, Outcome::Error(_)), "{verdict}");
    let schema = ruled("", json!({}), "self.isSorted()");
    let [rule] = &rules("", &schema)[..] else {
        panic!("one rule");
    };
    let compiled = super::compiled(rule.written["rule"].as_str().unwrap());
    assert_eq!(compiled.unknown_functions(), ["isSorted"]);
}
