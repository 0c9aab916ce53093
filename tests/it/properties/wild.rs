//! Requests that nothing sound would send.

use std::sync::OnceLock;

use bytes::Bytes;
use manifests::ScopeArg;
use proptest::{collection::vec, prelude::*, sample::Index};
use prost::Message;
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{RunFunctionRequest, State},
        structpb::{Struct, to_struct},
    },
};

use super::config;
use crate::fixture::{self, fatal};

/// Any JSON value that a double carries.
fn json_value() -> impl Strategy<Value = Value> {
    let limit = 1_i64 << 53;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-limit..=limit).prop_map(Value::from),
        (-1e6..1e6_f64)
            .prop_filter("integers come back as such", |n| n.fract() != 0.0)
            .prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[a-z0-9./:-]{0,80}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |below| {
        prop_oneof![
            vec(below.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(".{0,8}", below, 0..5)
                .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

fn json_object() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(".{0,8}", json_value(), 0..5)
        .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into())
}

/// Every place in a value.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{n}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(item, &format!("{pointer}/{key}"), found);
            }
        }
        _ => {}
    }
}

/// Puts other values in some places; an object stays an object.
fn damaged(value: &Value, changes: &[(Index, Value)]) -> Value {
    let mut value = value.clone();
    for (index, other) in changes {
        let mut found = Vec::new();
        places(&value, "", &mut found);
        let pointer = index.get(&found);
        if !pointer.is_empty() {
            *value.pointer_mut(pointer).unwrap() = other.clone();
        }
    }
    value
}

/// Settled clusters on both clouds: composite, Input and observed objects as JSON.
fn settled() -> &'static [Value; 2] {
    static SETTLED: OnceLock<[Value; 2]> = OnceLock::new();
    SETTLED.get_or_init(|| {
        [fixture::aws(), fixture::gcp()].map(|spec| {
            let mut world =
                fixture::world(ScopeArg::Claims, "prod", &spec, Some(&fixture::input()));
            world.settle();
            let request = world.request();
            let observed = request.observed.unwrap();
            let composite = observed.composite.unwrap().resource.unwrap();
            json!({
                "composite": composite,
                "input": request.input.unwrap(),
                "observed": world.observed(),
            })
        })
    })
}

/// A request of three parts, and something of an earlier step.
fn request(
    composite: Struct,
    input: Struct,
    observed: Vec<(String, Struct)>,
) -> RunFunctionRequest {
    let mut request = fixture::request(composite, None);
    request.input = Some(input);
    let resources = observed
        .into_iter()
        .map(|(key, object)| (key, resource(object)));
    request.observed.as_mut().unwrap().resources = resources.collect();
    let theirs = to_struct(&json!({"kind": "Theirs", "spec": {"n": 1.5}})).unwrap();
    request.desired = Some(State {
        composite: None,
        resources: [("theirs".to_owned(), resource(theirs.clone()))].into(),
    });
    request.context = Some(theirs);
    request
}

/// What holds whatever was asked.
fn check(request: &RunFunctionRequest) {
    let rsp = compose(request.clone());
    assert_eq!(rsp.meta.as_ref().unwrap().tag, "tag");
    assert_eq!(rsp.context, request.context);
    let desired = rsp.desired.as_ref().unwrap();
    let before = request.desired.as_ref().unwrap();
    assert_eq!(
        desired.resources.get("theirs"),
        before.resources.get("theirs")
    );
    if let Some(message) = fatal(&rsp) {
        assert_eq!(desired, before);
        assert_eq!((rsp.results.len(), rsp.conditions.len()), (1, 1));
        assert!(
            message.len() < 8000 && !message.contains(char::is_control),
            "{message}"
        );
    }
    for result in &rsp.results {
        assert!(
            !result.message.contains(char::is_control),
            "{}",
            result.message
        );
    }
    // What comes out can be read again.
    RunFunctionRequest::decode(request.encode_to_vec().as_slice()).unwrap();
    let bytes = rsp.encode_to_vec();
    let again = xcluster::wire::proto::v1::RunFunctionResponse::decode(bytes.as_slice()).unwrap();
    assert_eq!(again, rsp);
}

fn object(value: &Value) -> Struct {
    to_struct(value).unwrap()
}

/// The bytes of a Struct, some of them changed, cut or repeated.
fn scrambled(value: &Value, changes: &[(Index, u8)], cut: Option<Index>) -> Option<Struct> {
    let mut bytes = object(value).encode_to_vec();
    for (index, byte) in changes {
        let at = index.index(bytes.len());
        bytes[at] = *byte;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
    Struct::decode(Bytes::from(bytes)).ok()
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn any_spec_and_input_get_an_answer(spec in json_value(), input in json_object(), scope in 0..3_usize) {
        let mut composite = json!({"apiVersion": "a/b", "kind": "Cluster", "metadata": {"name": "prod"}, "spec": spec});
        match scope {
            0 => {}
            1 => composite["metadata"]["namespace"] = json!("ml"),
            _ => composite["metadata"] = input.clone(),
        }
        check(&request(object(&composite), object(&input), Vec::new()));
    }

    #[test]
    fn any_damage_to_a_settled_cluster_gets_an_answer(
        cloud in 0..2_usize,
        changes in vec((any::<Index>(), json_value()), 1..12),
        part in 0..4_usize,
    ) {
        let settled = &settled()[cloud];
        // Most places are in the observed objects; the other parts get their turn too.
        let mut damaged_whole = settled.clone();
        match ["composite", "input", "observed", ""][part] {
            "" => damaged_whole = damaged(settled, &changes),
            part => damaged_whole[part] = damaged(&settled[part], &changes),
        }
        let field = |name: &str| {
            let value = &damaged_whole[name];
            if value.is_object() { value.clone() } else { json!({}) }
        };
        let observed = field("observed");
        let observed = observed.as_object().unwrap().iter().filter(|(_, it)| it.is_object());
        let observed = observed.map(|(key, it)| (key.clone(), object(it))).collect();
        check(&request(object(&field("composite")), object(&field("input")), observed));
    }

    #[test]
    fn any_bytes_get_an_answer(
        cloud in 0..2_usize,
        changes in vec((any::<Index>(), any::<u8>()), 0..8),
        cut in proptest::option::of(any::<Index>()),
        noise in vec(any::<u8>(), 0..64),
    ) {
        let settled = &settled()[cloud];
        let whole = |part: &str| object(&settled[part]);
        if let Some(composite) = scrambled(&settled["composite"], &changes, cut) {
            check(&request(composite, whole("input"), Vec::new()));
        }
        if let Some(input) = scrambled(&settled["input"], &changes, cut) {
            check(&request(whole("composite"), input, Vec::new()));
        }
        let observed: Vec<_> = settled["observed"].as_object().unwrap().iter()
            .filter_map(|(key, it)| Some((key.clone(), scrambled(it, &changes, cut)?)))
            .collect();
        check(&request(whole("composite"), whole("input"), observed));
        if let Ok(noise) = Struct::decode(Bytes::from(noise)) {
            check(&request(noise.clone(), noise.clone(), vec![("cluster".to_owned(), noise)]));
        }
    }

    #[test]
    fn a_struct_says_what_it_was_made_of_to_us_and_to_prost(value in json_object()) {
        let ours = object(&value);
        prop_assert_eq!(&serde_json::to_value(&ours).unwrap(), &value);
        let bytes = ours.encode_to_vec();
        prop_assert_eq!(bytes.len(), ours.encoded_len());
        let theirs = prost_types::Struct::decode(bytes.as_slice()).unwrap();
        prop_assert_eq!(&fields(&theirs), &value);
        let again = Struct::decode(theirs.encode_to_vec().as_slice()).unwrap();
        // prost leaves empty keys out, so the bytes may differ.
        prop_assert_eq!(serde_json::to_value(&again).unwrap(), value);
    }
}

/// JSON of prost's own Struct.
fn fields(object: &prost_types::Struct) -> Value {
    let fields = object.fields.iter();
    fields
        .map(|(key, value)| (key.clone(), plain(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn plain(value: &prost_types::Value) -> Value {
    use prost_types::value::Kind;
    match value.kind.as_ref().unwrap() {
        Kind::NullValue(_) => Value::Null,
        #[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53")]
        Kind::NumberValue(n) if n.fract() == 0.0 => json!(*n as i64),
        Kind::NumberValue(n) => json!(n),
        Kind::StringValue(text) => json!(text),
        Kind::BoolValue(b) => json!(b),
        Kind::StructValue(object) => fields(object),
        Kind::ListValue(list) => list.values.iter().map(plain).collect(),
    }
}

#[test]
fn a_very_deep_object_is_refused_and_not_followed() {
    // The nesting that the API server stops at, written by hand: serde_json would recurse too.
    let mut value = Vec::new();
    for _ in 0..10_000 {
        let mut entry = vec![0x0a, 1, b'a', 0x12];
        prost::encoding::encode_varint(value.len() as u64, &mut entry);
        entry.append(&mut value);
        let mut fields = vec![0x0a];
        prost::encoding::encode_varint(entry.len() as u64, &mut fields);
        fields.append(&mut entry);
        value.push(0x2a);
        prost::encoding::encode_varint(fields.len() as u64, &mut value);
        value.append(&mut fields);
    }
    let mut entry = vec![0x0a, 4];
    entry.extend_from_slice(b"spec");
    entry.push(0x12);
    prost::encoding::encode_varint(value.len() as u64, &mut entry);
    entry.append(&mut value);
    let mut bytes = vec![0x0a];
    prost::encoding::encode_varint(entry.len() as u64, &mut bytes);
    bytes.append(&mut entry);
    let deep = Struct::decode(Bytes::from(bytes)).unwrap();
    assert!(deep.check().is_err());

    let whole = |part: &str| object(&settled()[0][part]);
    check(&request(deep.clone(), whole("input"), Vec::new()));
    check(&request(whole("composite"), deep.clone(), Vec::new()));
    // Observed and lacking what it needs, the cluster is sent as it is.
    let observed = vec![("cluster".to_owned(), deep.clone())];
    check(&request(whole("composite"), whole("input"), observed));
    let mut late = request(whole("composite"), whole("input"), Vec::new());
    late.desired.as_mut().unwrap().composite = Some(resource(deep));
    check(&late);
}
