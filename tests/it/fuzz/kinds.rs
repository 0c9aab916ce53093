//! Every kind of value in every place of a request.

use std::{cell::Cell, sync::OnceLock};

use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use prost::Message;
use prost_types::{ListValue, NullValue, Struct, Value, value::Kind};
use xcluster::wire::{proto::v1::RunFunctionRequest, structpb};

use super::{
    config, corpus,
    oracle::{Verdict, check},
};

/// A megabyte of text: as long as the API server takes an object to be.
const HUGE: usize = 1024 * 1024;

/// Values of every kind, with the ends of each. `None` is a Value that holds nothing.
fn values() -> Vec<Option<Kind>> {
    let text = |text: &str| Some(Kind::StringValue(text.to_owned()));
    let numbers = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        1e308,
        9_007_199_254_740_994.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    let value = |kind| Value { kind: Some(kind) };
    let list = vec![
        value(Kind::BoolValue(true)),
        Value { kind: None },
        value(Kind::NumberValue(f64::NAN)),
    ];
    let nothing = Value { kind: None };
    let fields = [
        (String::new(), nothing.clone()),
        ("a\u{0}".to_owned(), nothing),
    ];
    let mut found: Vec<_> = numbers.map(|n| Some(Kind::NumberValue(n))).into();
    found.extend([
        None,
        Some(Kind::NullValue(NullValue::NullValue.into())),
        // An enum's number that nobody has given a meaning.
        Some(Kind::NullValue(7)),
        text(""),
        text("x"),
        text("\u{0}\u{1b}[2J\n\u{202e}"),
        Some(Kind::BoolValue(true)),
        Some(Kind::BoolValue(false)),
        Some(Kind::ListValue(ListValue::default())),
        Some(Kind::ListValue(ListValue { values: list })),
        Some(Kind::StructValue(Struct::default())),
        Some(Kind::StructValue(Struct {
            fields: fields.into(),
        })),
    ]);
    found
}

/// How many values an object has, at all depths.
fn count(object: &Struct) -> usize {
    object.fields.values().map(count_in).sum()
}

fn count_in(value: &Value) -> usize {
    1 + match &value.kind {
        Some(Kind::StructValue(object)) => count(object),
        Some(Kind::ListValue(list)) => list.values.iter().map(count_in).sum(),
        _ => 0,
    }
}

/// The value with this index, parents first.
fn nth<'v>(
    values: &mut dyn Iterator<Item = &'v mut Value>,
    index: &mut usize,
) -> Option<&'v mut Value> {
    for value in values {
        if *index == 0 {
            return Some(value);
        }
        *index -= 1;
        let found = match &mut value.kind {
            Some(Kind::StructValue(object)) => nth(&mut object.fields.values_mut(), index),
            Some(Kind::ListValue(list)) => nth(&mut list.values.iter_mut(), index),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// All objects of a request.
fn objects(request: &mut RunFunctionRequest) -> Vec<&mut structpb::Struct> {
    let states = [&mut request.observed, &mut request.desired];
    let states = states.into_iter().flatten();
    let composed =
        states.flat_map(|state| state.resources.values_mut().chain(&mut state.composite));
    let lists = request.required_resources.values_mut();
    let required = lists.flat_map(|list| &mut list.items);
    let objects = composed
        .chain(required)
        .filter_map(|it| it.resource.as_mut());
    objects
        .chain(&mut request.input)
        .chain(&mut request.context)
        .collect()
}

fn prost_of(object: &structpb::Struct) -> Struct {
    Struct::decode(object.encode_to_vec().as_slice()).unwrap()
}

fn ours(object: &Struct) -> structpb::Struct {
    structpb::Struct::decode(object.encode_to_vec().as_slice()).unwrap()
}

/// The object with another value at one place.
fn with(object: &Struct, place: usize, kind: Option<Kind>) -> structpb::Struct {
    let mut object = object.clone();
    let mut index = place;
    nth(&mut object.fields.values_mut(), &mut index)
        .unwrap()
        .kind = kind;
    ours(&object)
}

#[test]
fn every_kind_of_value_in_every_place_of_what_people_write() {
    let (mut places, mut accepted) = (0, 0);
    for request in corpus::requests().into_iter().step_by(2) {
        let composite = request
            .observed
            .as_ref()
            .and_then(|it| it.composite.as_ref()?.resource.as_ref());
        let parts = [composite.unwrap(), request.input.as_ref().unwrap()].map(prost_of);
        for (part, object) in parts.iter().enumerate() {
            for place in 0..count(object) {
                places += 1;
                for kind in values() {
                    let changed = with(object, place, kind);
                    let mut request = request.clone();
                    if part == 0 {
                        let observed = request
                            .observed
                            .as_mut()
                            .and_then(|it| it.composite.as_mut());
                        observed.unwrap().resource = Some(changed);
                    } else {
                        request.input = Some(changed);
                    }
                    accepted += u32::from(check(&request) == Verdict::Accepted);
                }
            }
        }
    }
    println!(
        "kinds: {places} places, {} values each, {accepted} accepted",
        values().len()
    );
    assert!(places > 100 && accepted > 100);
}

/// The requests, and how many objects each has.
fn requests() -> &'static [(RunFunctionRequest, usize)] {
    static REQUESTS: OnceLock<Vec<(RunFunctionRequest, usize)>> = OnceLock::new();
    REQUESTS.get_or_init(|| {
        let requests = corpus::requests().into_iter();
        requests
            .map(|mut request| {
                let objects = objects(&mut request).len();
                (request, objects)
            })
            .collect()
    })
}

#[test]
fn any_kind_of_value_in_any_place_of_what_clusters_report() {
    let values = values();
    let accepted = Cell::new(0);
    let change = (any::<Index>(), any::<Index>(), any::<Index>());
    let input = (
        any::<Index>(),
        proptest::collection::vec(change, 1..4),
        0..200_u8,
    );
    let ran = TestRunner::new(config(2)).run(&input, |(seed, changes, rare)| {
        let (mut request, count_of_objects) = seed.get(requests()).clone();
        for (object, place, value) in changes {
            let mut all = objects(&mut request);
            let object = &mut *all[object.index(count_of_objects)];
            let theirs = prost_of(object);
            let huge = Some(Kind::StringValue("x".repeat(HUGE)));
            let kind = if rare == 0 {
                huge
            } else {
                value.get(&values).clone()
            };
            let places = count(&theirs);
            if places > 0 {
                *object = with(&theirs, place.index(places), kind);
            }
        }
        accepted.set(accepted.get() + u32::from(check(&request) == Verdict::Accepted));
        Ok(())
    });
    println!("kinds in reports: {} accepted", accepted.get());
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(accepted.get() > 0);
}
