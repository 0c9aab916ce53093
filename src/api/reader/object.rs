//! Objects, field by field.

use std::ops::RangeInclusive;

use super::words::{Rule, close, show};
use crate::{
    api::{
        choice::Choice,
        violation::{Violation, Violations, printable},
    },
    wire::structpb::{Fields, Struct, Value},
};

/// As many fields as most objects have.
const FIELDS: usize = 16;

/// An object being read.
pub struct Object<'a, 'v> {
    path: String,
    /// `None` reads as an object without fields.
    fields: Option<Fields<'a>>,
    known: Vec<&'static str>,
    violations: &'v Violations,
}

impl<'a, 'v> Object<'a, 'v> {
    /// Starts at a whole message.
    pub fn of_struct(
        path: impl Into<String>,
        object: &'a Struct,
        violations: &'v Violations,
    ) -> Self {
        Self {
            path: path.into(),
            fields: Some(object.fields()),
            known: Vec::with_capacity(FIELDS),
            violations,
        }
    }

    /// Starts at a value; anything but an object is a violation, absence is an empty object.
    pub fn new(
        path: impl Into<String>,
        value: Option<Value<'a>>,
        violations: &'v Violations,
    ) -> Self {
        let path = path.into();
        let fields = match value {
            Some(Value::Struct(fields)) => Some(fields),
            None | Some(Value::Null) => None,
            Some(other) => {
                violations.add(Violation::new(
                    &path,
                    show(other),
                    "is not an object",
                    "write it as fields and values",
                ));
                None
            }
        };
        Self {
            path,
            fields,
            known: Vec::with_capacity(FIELDS),
            violations,
        }
    }

    /// The path of a field of this object.
    pub fn path(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            [&self.path, ".", key].concat()
        }
    }

    /// The raw value of a field; null counts as absent, as the API server prunes it.
    pub fn value(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.known.push(key);
        let value = self.fields?.get(key);
        value.filter(|value| *value != Value::Null)
    }

    /// Adds a violation that was found while reading this object.
    pub fn violation(&self, violation: Violation) {
        self.violations.add(violation);
    }

    /// An item of a list of this object.
    pub fn child(&self, path: String, item: Value<'a>) -> Object<'a, 'v> {
        Object::new(path, Some(item), self.violations)
    }

    /// Adds a violation at a field.
    pub fn refuse(
        &self,
        key: &str,
        value: Value<'_>,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.violations
            .add(Violation::new(self.path(key), show(value), problem, fix));
    }

    /// A string.
    pub fn string(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        match value.as_str() {
            Some(text) => Some(text.to_owned()),
            None => {
                let fix = match value {
                    Value::Struct(_) | Value::List(_) => "write one plain value",
                    _ => "put it in quotes",
                };
                self.refuse(key, value, "is not a string", fix);
                None
            }
        }
    }

    /// A string that must match a rule; an empty one counts as any other value.
    pub fn string_that(&mut self, key: &'static str, rule: &Rule) -> Option<String> {
        let text = self.string(key)?;
        if (rule.holds)(&text) {
            return Some(text);
        }
        self.violations
            .add(rule.broken(self.path(key), Value::String(&text)));
        None
    }

    /// A boolean.
    pub fn boolean(&mut self, key: &'static str, default: bool) -> bool {
        self.switch(key).unwrap_or(default)
    }

    /// A boolean, if it is there.
    pub fn switch(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let found = value.as_bool();
        if found.is_none() {
            self.refuse(key, value, "is not a boolean", "write true or false");
        }
        found
    }

    /// An integer within a range.
    pub fn integer(&mut self, key: &'static str, range: &RangeInclusive<u32>) -> Option<u32> {
        let value = self.value(key)?;
        let found = value.as_u32().filter(|n| range.contains(n));
        if found.is_none() {
            let (low, high) = (range.start(), range.end());
            self.refuse(
                key,
                value,
                format!("is not an integer from {low} to {high}"),
                format!("use {low} to {high}"),
            );
        }
        found
    }

    /// One of a fixed list of values.
    pub fn choice<T: Choice>(&mut self, key: &'static str) -> Option<T> {
        self.one_of(key, T::ALL.iter().copied())
    }

    /// One of these values, by its name.
    pub fn one_of<T>(
        &mut self,
        key: &'static str,
        values: impl Iterator<Item = (&'static str, T)> + Clone,
    ) -> Option<T> {
        let value = self.value(key)?;
        let found = value
            .as_str()
            .and_then(|text| values.clone().find(|(name, _)| *name == text));
        if let Some((_, choice)) = found {
            return Some(choice);
        }
        let names: Vec<_> = values.map(|(name, _)| name).collect();
        self.refuse(
            key,
            value,
            "is not one of the allowed values",
            format!("use {}", names.join(" or ")),
        );
        None
    }

    /// A nested object; an absent one reads as empty.
    pub fn object(&mut self, key: &'static str) -> Object<'a, 'v> {
        let value = self.value(key);
        Object::new(self.path(key), value, self.violations)
    }

    /// A nested object, if it is there.
    pub fn optional_object(&mut self, key: &'static str) -> Option<Object<'a, 'v>> {
        let value = self.value(key)?;
        Some(Object::new(self.path(key), Some(value), self.violations))
    }

    /// Ends reading: a field that nobody asked for is a violation.
    pub fn finish(self) {
        self.finish_except(&[]);
    }

    /// Ends reading; the named fields belong to somebody else.
    pub fn finish_except(self, others: &[&str]) {
        for (key, value) in self.fields.into_iter().flat_map(Fields::iter) {
            if self.known.contains(&key) || others.contains(&key) {
                continue;
            }
            let mut names = self.known.clone();
            names.sort_unstable();
            names.dedup();
            let fix = match names.iter().find(|name| close(name, key)) {
                Some(name) => format!("did you mean {name}?"),
                None => format!("remove it or use one of {}", names.join(", ")),
            };
            self.violations.add(Violation::new(
                self.path(&printable(key)),
                show(value),
                "is not a field of this API",
                fix,
            ));
        }
    }
}
