//! Strings that are something else elsewhere: templates, shell, JSON, HCL, YAML, terminal codes, and
//! letters that look like others.

mod full;
mod places;
mod shape;

use std::{cell::Cell, sync::OnceLock};

use manifests::ScopeArg;
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use serde_json::Value;
use test_support::text::hidden;

use self::full::full;
use self::places::places;
use self::places::replaced;
use self::shape::shapes;
use super::{
    config, is_long,
    oracle::{self, metadata_problems},
};
use crate::{
    conformance::names::{name_problems, repeats},
    fixture::{call, composite, fatal, request, world},
};

const HOSTILE: [&str; 36] = [
    "a\nb: c",
    "a\u{0}b",
    "\r\n",
    "\u{85}\u{2028}",
    "\u{1b}[31mred",
    "{{ .Values.secret }}",
    "$(id)",
    "`id`;id|id&",
    "${data.aws_caller_identity.me.id}",
    "<<EOF",
    "\", \"Action\": \"*",
    "\\u0022,\\u0022",
    "\\",
    "x\"}]} resource \"a\" \"b\" {",
    "' || '1'=='1",
    "*",
    ":root",
    ",arn:aws:iam::aws:policy/AdministratorAccess",
    "&a *a !!binary",
    "null",
    "1e999",
    "0x1F",
    "=cmd()",
    "%2e%2e%2f",
    "../../etc/passwd",
    "__proto__",
    "-",
    ".",
    " ",
    "",
    "\u{202e}txt.exe",
    "\u{200b}",
    "\u{feff}",
    "p\u{430}ypal",
    "e\u{301}",
    "\u{1f469}\u{200d}\u{1f4bb}",
];

/// One string of one full cluster.
#[derive(Clone, Debug)]
struct Place {
    cloud: usize,
    is_input: bool,
    pointer: String,
    is_key: bool,
}

/// Both clouds with their full spec and Input, and the shapes of what they settle as.
fn clusters() -> &'static [(Value, Value, Vec<String>)] {
    static CLUSTERS: OnceLock<Vec<(Value, Value, Vec<String>)>> = OnceLock::new();
    CLUSTERS.get_or_init(|| {
        let cluster = |cloud| {
            let (spec, input) = full(cloud);
            let shapes = settled(&spec, &input);
            assert!(shapes.iter().any(|line| line.contains("/data/config/")));
            (spec, input, shapes)
        };
        ["aws", "gcp"].map(cluster).into()
    })
}

fn settled(spec: &Value, input: &Value) -> Vec<String> {
    let mut world = world(ScopeArg::Namespaced, "prod", spec, Some(input));
    let steps = world.settle();
    let last = steps.last().unwrap();
    let objects = last.desired();
    for object in objects.values() {
        assert_eq!(metadata_problems(object), [""; 0], "{object:#}");
        assert_eq!(name_problems(object), [""; 0], "{object:#}");
    }
    assert_eq!(repeats(objects.values()), [""; 0]);
    shapes(&last.response)
}

fn all_places() -> Vec<Place> {
    let mut all = Vec::new();
    for (cloud, (spec, input, _)) in clusters().iter().enumerate() {
        for (is_input, tree) in [(false, spec), (true, input)] {
            let mut found = Vec::new();
            places(tree, "", &mut found);
            all.extend(found.into_iter().map(|(pointer, is_key)| Place {
                cloud,
                is_input,
                pointer,
                is_key,
            }));
        }
    }
    all
}

/// Whether a cluster with this text in this place is accepted; if it is, nothing else may change.
fn accepts(place: &Place, text: &str) -> bool {
    let (spec, input, fine) = &clusters()[place.cloud];
    let tree = if place.is_input { input } else { spec };
    let changed = replaced(tree, &place.pointer, place.is_key, text);
    let (spec, input) = if place.is_input {
        (spec, &changed)
    } else {
        (&changed, input)
    };
    let rsp = call(ScopeArg::Namespaced, spec, Some(input));
    let shown: String = text.chars().take(80).collect();
    let at = format!("{place:?} {shown:?}");
    if let Some(message) = fatal(&rsp) {
        assert_eq!(hidden(message), None, "{at}: {message}");
        return false;
    }
    let shapes = settled(spec, input);
    if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        // A word, which may well be another sound value and mean other objects.
        return true;
    }
    let difference = shapes.iter().zip(fine).find(|(now, fine)| now != fine);
    assert_eq!(difference, None, "{at}");
    assert_eq!(shapes.len(), fine.len(), "{at}");
    true
}

#[test]
fn a_hostile_string_is_refused_or_stays_in_its_own_value() {
    let (mut tried, mut taken) = (0, 0);
    for (n, place) in all_places().iter().enumerate() {
        // A short run gives each place its share of the strings, and each string to some places.
        let share = if is_long() { 1 } else { 18 };
        for hostile in HOSTILE.iter().skip(n % share).step_by(share) {
            tried += 1;
            taken += u32::from(accepts(place, hostile));
        }
    }
    println!("text: {tried} tried, {taken} taken");
    assert!(
        taken > 0,
        "some hostile strings are legal, such as annotation values"
    );
}

#[test]
fn a_hostile_part_of_a_sound_string_is_refused_or_stays_in_its_own_value() {
    let places = all_places();
    let taken = Cell::new(0);
    let input = (
        any::<Index>(),
        any::<Index>(),
        any::<Index>(),
        "\\PC{0,3}|[\u{0}-\u{7f}]{1,3}",
    );
    let ran = TestRunner::new(config(1)).run(&input, |(place, hostile, at, noise)| {
        let place = place.get(&places);
        let (spec, input, _) = &clusters()[place.cloud];
        let tree = if place.is_input { input } else { spec };
        let sound = if place.is_key {
            place.pointer.rsplit('/').next().unwrap()
        } else {
            tree.pointer(&place.pointer).unwrap().as_str().unwrap()
        };
        let hostile = at.get(&[*hostile.get(&HOSTILE), noise.as_str()]).to_owned();
        let mut text: Vec<char> = sound.chars().collect();
        let at = at.index(text.len() + 1);
        text.splice(at..at, hostile.chars());
        let text: String = text.into_iter().collect();
        taken.set(taken.get() + u32::from(text != sound && accepts(place, &text)));
        Ok(())
    });
    println!("parts of text: {} taken", taken.get());
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(taken.get() > 0);
}

#[test]
fn a_megabyte_in_any_string_gets_an_answer() {
    let huge = "x".repeat(1024 * 1024);
    for place in all_places() {
        let (spec, input, _) = &clusters()[place.cloud];
        let tree = if place.is_input { input } else { spec };
        let changed = replaced(tree, &place.pointer, place.is_key, &huge);
        let (spec, input) = if place.is_input {
            (spec, &changed)
        } else {
            (&changed, input)
        };
        let request = request(composite(ScopeArg::Namespaced, "prod", spec), Some(input));
        assert_eq!(
            oracle::check(&request),
            oracle::Verdict::Refused,
            "{place:?}"
        );
    }
}
