//! Requests whose bytes were changed: field by field with lengths that fit, and against the rules.

use std::{cell::RefCell, collections::BTreeMap, sync::OnceLock};

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestRunner};

use super::{
    config,
    corpus::{kept, seeds},
    oracle::{Verdict, check_bytes},
    tree::{Body, Field, Lie, change, count, encode, nested, parse},
};

/// What happens to one field.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Drop,
    Empty,
    Repeat(u8),
    Renumber(u32),
    Varint(u64),
    Number(u64),
    Text(String),
    Noise(Vec<u8>),
    Unknown(u32, Vec<u8>),
    /// In place of the field comes one of another request.
    Splice(Index, Index),
    Nested(u16),
    Lie(Lie),
}

/// What happens to all bytes afterwards.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    Flip(Index, u8),
    Append(Vec<u8>),
}

pub(super) fn any_change() -> impl Strategy<Value = Change> {
    let lie = prop_oneof![
        Just(Lie::Overlong),
        Just(Lie::Endless),
        // A byte, 2 GiB, 4 GiB, and what is negative as an int64.
        prop_oneof![0..300_u64, Just(1 << 31), Just(1 << 32), Just(u64::MAX)].prop_map(Lie::Length),
        (0..8_u8).prop_map(Lie::WireType),
        Just(Lie::Group),
    ];
    let bits = prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        Just(1e308),
        Just(0.5),
        Just(-1.0),
    ];
    prop_oneof![
        Just(Change::Drop),
        Just(Change::Empty),
        (1..60_u8).prop_map(Change::Repeat),
        (0..10_u32).prop_map(Change::Renumber),
        any::<u64>().prop_map(Change::Varint),
        bits.prop_map(|n| Change::Number(n.to_bits())),
        "\\PC{0,40}|[\u{0}-\u{1f}]{1,9}|[a-z0-9-]{60,300}".prop_map(Change::Text),
        vec(any::<u8>(), 0..40).prop_map(Change::Noise),
        (1..40_u32, vec(any::<u8>(), 0..9)).prop_map(|(n, bytes)| Change::Unknown(n, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(seed, field)| Change::Splice(seed, field)),
        prop_oneof![1..600_u16, Just(10_000)].prop_map(Change::Nested),
        lie.prop_map(Change::Lie),
    ]
}

fn any_damage() -> impl Strategy<Value = Option<Damage>> {
    let damage = prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        vec(any::<u8>(), 1..30).prop_map(Damage::Append),
    ];
    proptest::option::weighted(0.2, damage)
}

fn trees() -> &'static [Vec<Field>] {
    static TREES: OnceLock<Vec<Vec<Field>>> = OnceLock::new();
    TREES.get_or_init(|| seeds().iter().map(|seed| parse(seed, 0).unwrap()).collect())
}

/// A field of any seed.
fn borrowed(seed: Index, field: Index) -> Field {
    let mut tree = seed.get(trees()).clone();
    let mut index = field.index(count(&tree));
    let mut found = None;
    change(&mut tree, &mut index, &mut |fields, at| {
        found = Some(fields[at].clone());
    });
    found.unwrap()
}

fn apply(fields: &mut Vec<Field>, at: usize, what: &Change) {
    let body = match what {
        Change::Drop => return drop(fields.remove(at)),
        Change::Repeat(times) => {
            let copy = fields[at].clone();
            return fields.extend(std::iter::repeat_n(copy, usize::from(*times)));
        }
        Change::Renumber(number) => return fields[at].number = *number,
        Change::Unknown(number, bytes) => {
            let (body, lie) = (Body::Bytes(bytes.clone()), None);
            let number = *number;
            return fields.insert(at, Field { number, body, lie });
        }
        Change::Splice(seed, field) => return fields[at] = borrowed(*seed, *field),
        Change::Lie(lie) => return fields[at].lie = Some(lie.clone()),
        Change::Empty => Body::Bytes(Vec::new()),
        Change::Varint(n) => Body::Varint(*n),
        Change::Number(bits) => Body::Fixed64(bits.to_le_bytes()),
        Change::Text(text) => Body::Bytes(text.clone().into_bytes()),
        Change::Noise(bytes) => Body::Bytes(bytes.clone()),
        Change::Nested(levels) => Body::Bytes(nested(usize::from(*levels))),
    };
    fields[at].body = body;
}

/// Changes fields of a message, one after the other.
pub(super) fn mutate(tree: &mut Vec<Field>, changes: &[(Index, Change)]) {
    for (index, what) in changes {
        let fields = count(tree);
        if fields > 0 {
            change(tree, &mut index.index(fields), &mut |fields, at| {
                apply(fields, at, what);
            });
        }
    }
}

fn mutated(seed: Index, changes: &[(Index, Change)], damage: Option<&Damage>) -> Vec<u8> {
    let mut tree = seed.get(trees()).clone();
    mutate(&mut tree, changes);
    let mut bytes = encode(&tree);
    match damage {
        Some(Damage::Cut(at)) => bytes.truncate(at.index(bytes.len() + 1)),
        Some(Damage::Flip(at, byte)) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Some(Damage::Append(more)) => bytes.extend(more),
        _ => {}
    }
    bytes
}

#[test]
fn changed_bytes_get_an_answer() {
    let tally = RefCell::new(BTreeMap::<Verdict, u32>::new());
    let input = (
        any::<Index>(),
        vec((any::<Index>(), any_change()), 1..5),
        any_damage(),
    );
    let ran = TestRunner::new(config(4)).run(&input, |(seed, changes, damage)| {
        let verdict = check_bytes(&mutated(seed, &changes, damage.as_ref()));
        *tally.borrow_mut().entry(verdict).or_default() += 1;
        Ok(())
    });
    let tally = tally.into_inner();
    println!("bytes: {tally:?}");
    if let Err(error) = ran {
        panic!("{error}");
    }
    // A mutation that is always refused at the door would test the door alone.
    for verdict in [Verdict::Undecodable, Verdict::Refused, Verdict::Accepted] {
        assert!(tally.contains_key(&verdict), "never {verdict:?}: {tally:?}");
    }
}

#[test]
fn kept_requests_get_an_answer() {
    for (name, bytes) in kept("requests") {
        assert_ne!(check_bytes(&bytes), Verdict::Accepted, "{name}");
    }
}
