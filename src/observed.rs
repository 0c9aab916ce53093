//! What exists: a read-only view of the observed composed resources.

use std::collections::BTreeMap;

use crate::{
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
    pub fn get(self, key: &str) -> Option<&'a Struct> {
        self.0.get(key)?.resource.as_ref()
    }

    /// All objects.
    pub fn objects(self) -> impl Iterator<Item = &'a Struct> {
        self.0.values().filter_map(|held| held.resource.as_ref())
    }

    /// Whether the resource exists.
    pub fn exists(self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A string of an object; empty strings count as absent.
    pub fn str_at(self, key: &str, path: &str) -> Option<&'a str> {
        self.get(key)?.str_at(path)
    }

    /// The keys that begin with a prefix.
    pub fn keys_with(self, prefix: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .range(prefix.to_owned()..)
            .map(|(key, _)| key.as_str())
            .take_while(move |key| key.starts_with(prefix))
    }
}

/// The condition of a type.
pub fn condition<'a>(object: &'a Struct, kind: &str) -> Option<Condition<'a>> {
    let status = object.get("status")?.as_struct()?;
    let items = status.get("conditions")?.items();
    let of_kind = |item: &Fields<'_>| item.get("type") == Some(Value::String(kind));
    items
        .filter_map(Value::as_struct)
        .find(of_kind)
        .map(Condition)
}

/// Whether the `Ready` condition is true. Other conditions do not count: `LastAsyncOperation`
/// turns false on errors that the next attempt mends.
pub fn is_ready(object: &Struct) -> bool {
    condition(object, "Ready").is_some_and(|ready| ready.status() == "True")
}
