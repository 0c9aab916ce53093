//! What exists: a read-only view of the observed composed resources.

use std::collections::BTreeMap;

use super::key::{Family, Key};
use crate::wire::{
    proto::v1::Resource,
    structpb::{Fields, Struct, Value},
};

/// The observed composed resources by key.
#[derive(Clone, Copy)]
pub struct Observed<'a>(&'a BTreeMap<String, Resource>);

/// A status condition.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'a>(Fields<'a>);

impl<'a> Condition<'a> {
    /// `True`, `False` or `Unknown`.
    pub fn status(self) -> &'a str {
        self.text("status")
    }

    /// Whether it is `True`.
    pub fn holds(self) -> bool {
        self.status() == "True"
    }

    /// Whether it is `False`.
    pub fn fails(self) -> bool {
        self.status() == "False"
    }

    /// A CamelCase reason.
    pub fn reason(self) -> &'a str {
        self.text("reason")
    }

    /// What a person reads.
    pub fn message(self) -> &'a str {
        self.text("message")
    }

    fn text(self, key: &str) -> &'a str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

impl<'a> Observed<'a> {
    /// Wraps the request's map.
    pub fn new(resources: &'a BTreeMap<String, Resource>) -> Self {
        Self(resources)
    }

    /// The object of a key, if it exists.
    pub fn get(self, key: &Key) -> Option<&'a Struct> {
        self.0.get(key.as_str())?.resource.as_ref()
    }

    /// All objects.
    pub fn objects(self) -> impl Iterator<Item = &'a Struct> {
        self.0.values().filter_map(|held| held.resource.as_ref())
    }

    /// Whether the resource exists.
    pub fn exists(self, key: &Key) -> bool {
        self.0.contains_key(key.as_str())
    }

    /// A string of an object; empty strings count as absent.
    pub fn str_at(self, key: &Key, path: &str) -> Option<&'a str> {
        self.get(key)?.str_at(path)
    }

    /// What the cloud reports of an object: its `status.atProvider`.
    pub fn reported(self, key: &Key) -> Option<Value<'a>> {
        self.get(key)?.at("status.atProvider")
    }

    /// The keys of a family.
    pub fn keys(self, family: Family) -> impl Iterator<Item = Key> {
        let prefix = family.prefix();
        self.0
            .range(prefix.to_owned()..)
            .map(|(key, _)| key.as_str())
            .take_while(move |key| key.starts_with(prefix))
            .map(Key::existing)
    }
}

/// The conditions of some types, found in one walk: the first of each type counts.
pub fn conditions<'a, const N: usize>(
    object: &'a Struct,
    kinds: [&str; N],
) -> [Option<Condition<'a>>; N] {
    let mut found = [None; N];
    let status = object.get("status").and_then(Value::as_struct);
    let Some(conditions) = status.and_then(|status| status.get("conditions")) else {
        return found;
    };
    for item in conditions.items().filter_map(Value::as_struct) {
        let Some(Value::String(kind)) = item.get("type") else {
            continue;
        };
        if let Some(at) = kinds.iter().position(|wanted| *wanted == kind) {
            found[at].get_or_insert(Condition(item));
        }
    }
    found
}

/// The condition of a type.
pub fn condition<'a>(object: &'a Struct, kind: &str) -> Option<Condition<'a>> {
    let [found] = conditions(object, [kind]);
    found
}
