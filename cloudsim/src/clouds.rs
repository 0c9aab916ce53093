//! What there is in a cloud, as its other objects see it.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use crate::{
    object::{name_of, reported, stored_name, text, works},
    rules::Rules,
};

/// All objects at the beginning of a tick, by key.
pub(crate) type Snapshot<'a> = BTreeMap<&'a str, Cow<'a, Value>>;

/// The objects of one cloud at the beginning of a tick.
#[derive(Clone, Copy)]
pub struct Clouds<'a> {
    all: &'a Snapshot<'a>,
    rules: &'a Rules,
}

impl<'a> Clouds<'a> {
    /// What the cloud with these rules has.
    pub(crate) fn of(rules: &'a Rules, all: &'a Snapshot<'a>) -> Self {
        Self { all, rules }
    }

    fn objects(&self) -> impl Iterator<Item = &'a Value> {
        let rules = self.rules;
        let objects = self.all.values().map(|object| &**object);
        objects.filter(move |object| rules.are_of(object))
    }

    /// The objects of a kind.
    pub fn all(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        self.objects().filter(move |object| object["kind"] == kind)
    }

    /// The working object of a kind with this name in the cloud.
    pub fn working(&self, kind: &str, name: &str) -> Option<&'a Value> {
        self.all(kind)
            .find(|object| name_of(object) == name && works(object))
    }

    /// The value that a reference stands for.
    ///
    /// It is looked for in the provider's same scope: the API groups with `.m.` are one, each of its
    /// namespaces apart.
    pub(crate) fn value_of(
        &self,
        from: &Value,
        target: &str,
        reference: &Value,
    ) -> Result<String, String> {
        let name = text(reference, "/name");
        let namespace = "/metadata/namespace";
        let mut known = self.rules.references.iter();
        let known = known.find(|reference| reference.field == target);
        let found = self.objects().find(|object| {
            text(object, "/metadata/name") == name
                && text(object, namespace) == text(from, namespace)
                && is_modern(object) == is_modern(from)
                && known.is_none_or(|known| object["kind"] == known.kind)
        });
        let Some(found) = found else {
            return Err(format!(
                "cannot resolve references: {target}: {name} is not there"
            ));
        };
        let value = match known.and_then(|known| known.reported) {
            Some(field) => reported(found, field),
            None => stored_name(found),
        };
        if value.is_empty() {
            return Err(format!(
                "cannot resolve references: {target}: referenced field was empty \
                 (referenced resource may not yet be ready)"
            ));
        }
        Ok(value.to_owned())
    }
}

fn is_modern(object: &Value) -> bool {
    text(object, "/apiVersion").contains(".m.")
}
