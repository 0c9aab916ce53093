//! Our reading of `google.protobuf.Struct` beside prost's own: what both take says the same.
//!
//! Ours goes deeper, and refuses what no encoder writes and decoders read in different ways (a value
//! with two kinds, a group). It is compared after [`Struct::check`], which the function calls on what
//! people write.

use std::cell::Cell;

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestRunner};
use prost::Message;
use serde_json::json;
use xcluster::wire::structpb::{self, Struct, to_struct};

use super::{
    bytes::{any_change, mutate},
    config,
    corpus::kept,
    tree::{Field, encode, parse},
};

/// A value as text that tells all kinds and numbers apart, NaN and -0 among them.
fn ours(value: &structpb::Value<'_>) -> String {
    use structpb::Value::{Bool, List, Null, Number, String, Struct};
    match value {
        Null => "null".to_owned(),
        Number(n) => format!("{:016x}", n.to_bits()),
        String(text) => format!("{text:?}"),
        Bool(b) => b.to_string(),
        Struct(fields) => ours_all(fields.iter()),
        List(items) => {
            let items: Vec<_> = items.iter().map(|item| ours(&item)).collect();
            format!("[{}]", items.join(","))
        }
    }
}

fn ours_all<'a>(fields: impl Iterator<Item = (&'a str, structpb::Value<'a>)>) -> String {
    // Of a key that stands twice the last one counts.
    let fields: std::collections::BTreeMap<_, _> = fields.collect();
    let fields = fields
        .iter()
        .map(|(key, value)| format!("{key:?}:{}", ours(value)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn theirs(value: &prost_types::Value) -> String {
    use prost_types::value::Kind;
    match &value.kind {
        None | Some(Kind::NullValue(_)) => "null".to_owned(),
        Some(Kind::NumberValue(n)) => format!("{:016x}", n.to_bits()),
        Some(Kind::StringValue(text)) => format!("{text:?}"),
        Some(Kind::BoolValue(b)) => b.to_string(),
        Some(Kind::StructValue(object)) => theirs_all(object),
        Some(Kind::ListValue(list)) => {
            let items: Vec<_> = list.values.iter().map(theirs).collect();
            format!("[{}]", items.join(","))
        }
    }
}

fn theirs_all(object: &prost_types::Struct) -> String {
    let fields = object
        .fields
        .iter()
        .map(|(key, value)| format!("{key:?}:{}", theirs(value)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn depth(value: &structpb::Value<'_>) -> usize {
    use structpb::Value::{List, Struct};
    let inner = match value {
        Struct(fields) => fields.iter().map(|(_, value)| depth(&value)).max(),
        List(items) => items.iter().map(|item| depth(&item)).max(),
        _ => None,
    };
    1 + inner.unwrap_or_default()
}

fn sound(bytes: &[u8]) -> Option<Struct> {
    Struct::decode(bytes).ok().filter(|it| it.check().is_ok())
}

/// Whether both take the bytes.
fn compare(bytes: &[u8]) -> bool {
    let Some(mine) = sound(bytes) else {
        // What only prost takes is odd, and not what it says: prost's own encoding of it is taken.
        if let Ok(other) = prost_types::Struct::decode(bytes) {
            let again = sound(&other.encode_to_vec()).expect("what an encoder writes is taken");
            assert_eq!(ours_all(again.iter()), theirs_all(&other), "{bytes:02x?}");
        }
        return false;
    };
    let Ok(other) = prost_types::Struct::decode(bytes) else {
        // prost goes no deeper than 100 messages: three for each object, two for each list.
        let deepest = mine.iter().map(|(_, value)| depth(&value)).max();
        assert!(deepest > Some(100 / 3 - 1), "prost refuses {bytes:02x?}");
        return false;
    };
    assert_eq!(ours_all(mine.iter()), theirs_all(&other), "{bytes:02x?}");
    true
}

/// A small object with every kind of value: what goes wrong in it can be read.
fn sample() -> Vec<Field> {
    let value = json!({"s": "text", "n": 1.5, "t": true, "z": null, "l": [1, "a", [], {}], "o": {"a": {"b": "c"}, "e": ""}});
    parse(&to_struct(&value).unwrap().encode_to_vec(), 0).unwrap()
}

#[test]
fn both_decoders_say_the_same_of_changed_bytes() {
    let both = Cell::new(0);
    let input = vec((any::<Index>(), any_change()), 1..4);
    let ran = TestRunner::new(config(10)).run(&input, |changes| {
        let mut tree = sample();
        mutate(&mut tree, &changes);
        both.set(both.get() + u32::from(compare(&encode(&tree))));
        Ok(())
    });
    println!("decoders: {} taken by both", both.get());
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(both.get() > 0);
}

#[test]
fn both_decoders_say_the_same_of_kept_bytes() {
    for (name, bytes) in kept("structs") {
        println!("{name}: {}", compare(&bytes));
    }
}
