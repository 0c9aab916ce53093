use std::collections::BTreeMap;

use bytes::Bytes;
use prost::Message;
use serde_json::json;

use super::*;

#[test]
fn what_is_written_reads_back_equal() {
    let value = json!({
        "string": "s", "empty": "", "integer": 3, "negative": -7, "real": 1.5, "yes": true,
        "null": null, "list": [1, "two", [3], {"four": 4}], "object": {"a": {"b": {"c": "d"}}},
        "long": "x".repeat(300),
        "wide": (0..200).map(|n| (format!("key-{n}"), json!(n))).collect::<serde_json::Map<_, _>>(),
    });
    let encoded = to_struct(&value).unwrap();
    assert_eq!(serde_json::to_value(&encoded).unwrap(), value);
    encoded.check().unwrap();
}

#[test]
fn agrees_with_prost_own_struct() {
    let encoded = to_struct(&json!({"a": [true, null, "x", 2.5], "b": {"c": {}}})).unwrap();
    let prost = prost_types::Struct::decode(encoded.encode_to_vec().as_slice()).unwrap();
    assert_eq!(prost.fields.len(), 2);
    let again = Struct::decode(prost.encode_to_vec().as_slice()).unwrap();
    assert_eq!(
        serde_json::to_value(&again).unwrap(),
        serde_json::to_value(&encoded).unwrap()
    );
}

#[test]
fn every_length_is_written_as_prost_writes_it() {
    // Around the sizes at which the lengths of one, two or all three enclosing messages grow by a byte.
    for size in (80..=135).chain(16_330..=16_390) {
        let text = "x".repeat(size);
        let object = json!({"a": {"b": [[{"c": text}]]}});
        let encoded = to_struct(&object).unwrap().encode_to_vec();
        let prost = prost_types::Struct::decode(encoded.as_slice()).unwrap();
        assert_eq!(prost.encode_to_vec(), encoded, "{size}");
    }
}

#[test]
fn none_is_left_out_and_null_is_kept() {
    #[derive(serde::Serialize)]
    struct Object {
        none: Option<String>,
        null: serde_json::Value,
    }
    let encoded = to_struct(&Object {
        none: None,
        null: serde_json::Value::Null,
    })
    .unwrap();
    assert_eq!(
        serde_json::to_value(&encoded).unwrap(),
        json!({"null": null})
    );
}

#[test]
fn numbers_are_exact_or_refused() {
    #[derive(serde::Serialize)]
    struct Object {
        n: f64,
    }
    let max = json!({"n": MAX_INTEGER});
    assert_eq!(
        to_struct(&max).unwrap().at("n").unwrap().as_i64(),
        Some(MAX_INTEGER)
    );
    assert!(matches!(
        to_struct(&json!({"n": MAX_INTEGER + 1})),
        Err(EncodeError::IntegerTooLarge(_))
    ));
    assert!(matches!(
        to_struct(&Object { n: f64::NAN }),
        Err(EncodeError::NotFinite(_))
    ));
    assert_eq!(Value::Number(f64::INFINITY).as_i64(), None);
    assert_eq!(Value::Number(1.5).as_i64(), None);
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let first = to_struct(&json!({"k": "first"})).unwrap();
    let second = to_struct(&json!({"k": "second"})).unwrap();
    let bytes = [first.encode_to_vec(), second.encode_to_vec()].concat();
    let both = Struct::decode(bytes.as_slice()).unwrap();
    assert_eq!(both.str_at("k"), Some("second"));
}

#[test]
fn paths_reach_into_objects_and_lists() {
    let object =
        to_struct(&json!({"status": {"ca": [{"data": "x"}], "empty": ""}, "n": 1})).unwrap();
    assert_eq!(object.str_at("status.ca.0.data"), Some("x"));
    for absent in [
        "status.ca.1.data",
        "status.empty",
        "n",
        "n.x",
        "nothing.at.all",
        "",
    ] {
        assert_eq!(object.str_at(absent), None, "{absent}");
    }
}

#[test]
fn deep_values_are_read_and_too_deep_ones_are_refused() {
    for (depth, sound) in [(200, true), (MAX_DEPTH + 10, false)] {
        let mut value = json!("bottom");
        for _ in 0..depth {
            value = json!({ "k": value });
        }
        let encoded = to_struct(&value).unwrap().encode_to_vec();
        let decoded = Struct::decode(encoded.as_slice()).unwrap();
        assert_eq!(decoded.check().is_ok(), sound, "{depth} levels");
    }
}

#[test]
fn damaged_bytes_are_refused_or_read_as_absent() {
    let good = to_struct(&json!({"key": {"nested": "value"}}))
        .unwrap()
        .encode_to_vec();
    for cut in 1..good.len() {
        if let Ok(cut) = Struct::decode(&good[..cut]) {
            assert_eq!(cut.str_at("key.nested"), None);
        }
    }
    // An entry whose key is not UTF-8.
    let damaged = Struct::of(Bytes::from_static(&[0x0a, 3, 0x0a, 1, 0xff]));
    assert!(damaged.check().is_err());
    assert_eq!(damaged.iter().count(), 0);
}

#[test]
fn keys_are_strings_of_any_length_and_nothing_else() {
    let long = "k".repeat(300);
    let object = to_struct(&BTreeMap::from([(long.as_str(), 1), ("", 2), ("é", 3)])).unwrap();
    let values = ["", "é", &long].map(|key| object.get(key).and_then(Value::as_i64));
    assert_eq!(values, [Some(2), Some(3), Some(1)]);
    let numbers = to_struct(&BTreeMap::from([(1, "one")]));
    assert!(matches!(numbers, Err(EncodeError::KeyNotString)));
    let absent = to_struct(&BTreeMap::from([(None::<&str>, "none")]));
    assert!(matches!(absent, Err(EncodeError::KeyNotString)));
}

#[test]
fn an_encoded_object_is_a_part_of_another_as_it_is() {
    let inner = to_struct(&json!({"a": {"b": [1, null, "c"]}, "long": "x".repeat(300)})).unwrap();
    let outer = BTreeMap::from([("one", &inner), ("two", &inner)]);
    let outer = to_struct(&outer).unwrap();
    let expected = serde_json::to_value(&inner).unwrap();
    let found = serde_json::to_value(&outer).unwrap();
    assert_eq!(found, json!({"one": expected, "two": expected}));
    assert_eq!(to_struct(&inner).unwrap(), inner);
}

#[test]
fn a_string_takes_the_place_of_what_the_key_has() {
    let object = to_struct(&json!({"a": 1, "b": {"c": 2}})).unwrap();
    let object = object.with_str("b", "new").with_str("d", &"x".repeat(200));
    let keys: Vec<_> = object.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["a", "b", "d"]);
    assert_eq!(object.str_at("b"), Some("new"));
    assert_eq!(object.str_at("d").map(str::len), Some(200));
}

#[test]
fn only_what_is_read_is_checked() {
    let broken = Struct::of(Bytes::from_static(&[0x0a, 3, 0x0a, 1, 0xff]));
    let inner = BTreeMap::from([("read", &broken), ("unread", &broken)]);
    for (unread, sound) in [
        (&[["top", "unread"]][..], false),
        (&[["top", "unread"], ["top", "read"]], true),
        (&[["other", "unread"], ["other", "read"]], false),
    ] {
        let object = to_struct(&BTreeMap::from([("top", &inner)])).unwrap();
        assert_eq!(object.check_without(unread).is_ok(), sound, "{unread:?}");
    }
}
