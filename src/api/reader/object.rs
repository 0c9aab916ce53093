//! Objects, field by field.

use std::ops::RangeInclusive;

use super::words::{Rule, close, show};
use crate::{
    api::{
        choice::Choice,
        draft::{Field, Maybe, Unsound},
        violation::{Violation, Violations, printable},
    },
    wire::structpb::{Fields, Struct, Value},
};

/// A field that may be left out.
pub trait Optional<T> {
    /// The field, or what it is where it is left out.
    fn default_to(self, default: impl Into<T>) -> Field<T>;
}

impl<T> Optional<T> for Field<Option<T>> {
    fn default_to(self, default: impl Into<T>) -> Field<T> {
        self.map(|value| value.unwrap_or_else(|| default.into()))
    }
}

/// As many fields as most objects have.
const FIELDS: usize = 16;

/// An object being read.
pub struct Object<'a, 'v> {
    path: String,
    /// `None` reads as an object without fields; where something else stands, all its fields are unsound.
    fields: Field<Option<Fields<'a>>>,
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
            fields: Ok(Some(object.fields())),
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
            Some(Value::Struct(fields)) => Ok(Some(fields)),
            None | Some(Value::Null) => Ok(None),
            Some(other) => {
                violations.add(Violation::new(
                    &path,
                    show(other),
                    "is not an object",
                    "write it as fields and values",
                ));
                Err(Unsound)
            }
        };
        Self {
            path,
            fields,
            known: Vec::with_capacity(FIELDS),
            violations,
        }
    }

    /// An object that there is nothing of, which was said already.
    fn unsound(path: String, violations: &'v Violations) -> Self {
        Self {
            path,
            fields: Err(Unsound),
            known: Vec::new(),
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
    ///
    /// # Errors
    /// [`Unsound`] when the field cannot be told.
    pub fn value(&mut self, key: &'static str) -> Field<Option<Value<'a>>> {
        self.known.push(key);
        let value = self.fields?.and_then(|fields| fields.get(key));
        let value = value.filter(|value| *value != Value::Null);
        if value.is_none() && self.violations.is_misspelt(|| self.path(key)) {
            return Err(Unsound);
        }
        Ok(value)
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
    ) -> Unsound {
        let path = self.path(key);
        self.violation(Violation::new(path, show(value), problem, fix));
        Unsound
    }

    /// A string.
    pub fn string(&mut self, key: &'static str) -> Field<Option<String>> {
        let Some(value) = self.value(key)? else {
            return Ok(None);
        };
        if let Some(text) = value.as_str() {
            return Ok(Some(text.to_owned()));
        }
        let fix = match value {
            Value::Struct(_) | Value::List(_) => "write one plain value",
            _ => "put it in quotes",
        };
        Err(self.refuse(key, value, "is not a string", fix))
    }

    /// A string that must match a rule; an empty one counts as any other value.
    pub fn string_that(&mut self, key: &'static str, rule: &Rule) -> Field<Option<String>> {
        let text = self.string(key)?;
        match text.as_deref().filter(|text| !(rule.holds)(text)) {
            None => Ok(text),
            Some(text) => Err(self.refuse(key, Value::String(text), rule.problem, rule.fix)),
        }
    }

    /// A boolean.
    pub fn boolean(&mut self, key: &'static str, default: bool) -> Field<bool> {
        self.switch(key).default_to(default)
    }

    /// A boolean, if it is there.
    pub fn switch(&mut self, key: &'static str) -> Field<Option<bool>> {
        let Some(value) = self.value(key)? else {
            return Ok(None);
        };
        match value.as_bool() {
            Some(on) => Ok(Some(on)),
            None => Err(self.refuse(key, value, "is not a boolean", "write true or false")),
        }
    }

    /// An integer within a range.
    pub fn integer(
        &mut self,
        key: &'static str,
        range: &RangeInclusive<u32>,
    ) -> Field<Option<u32>> {
        let Some(value) = self.value(key)? else {
            return Ok(None);
        };
        if let Some(n) = value.as_u32().filter(|n| range.contains(n)) {
            return Ok(Some(n));
        }
        let (low, high) = (range.start(), range.end());
        let problem = format!("is not an integer from {low} to {high}");
        Err(self.refuse(key, value, problem, format!("use {low} to {high}")))
    }

    /// One of a fixed list of values.
    pub fn choice<T: Choice>(&mut self, key: &'static str) -> Field<Option<T>> {
        self.one_of(key, T::ALL.iter().copied())
    }

    /// One of these values, by its name.
    pub fn one_of<T>(
        &mut self,
        key: &'static str,
        values: impl Iterator<Item = (&'static str, T)> + Clone,
    ) -> Field<Option<T>> {
        let Some(value) = self.value(key)? else {
            return Ok(None);
        };
        let found = value
            .as_str()
            .and_then(|text| values.clone().find(|(name, _)| *name == text));
        if let Some((_, choice)) = found {
            return Ok(Some(choice));
        }
        let names: Vec<_> = values.map(|(name, _)| name).collect();
        let fix = format!("use {}", names.join(" or "));
        Err(self.refuse(key, value, "is not one of the allowed values", fix))
    }

    /// A nested object; an absent one reads as empty.
    pub fn object(&mut self, key: &'static str) -> Object<'a, 'v> {
        match self.value(key) {
            Ok(value) => Object::new(self.path(key), value, self.violations),
            Err(Unsound) => Object::unsound(self.path(key), self.violations),
        }
    }

    /// A nested object that has to be there.
    pub(super) fn needed_object(&mut self, key: &'static str) -> Object<'a, 'v> {
        match self.value(key) {
            Ok(Some(value)) => Object::new(self.path(key), Some(value), self.violations),
            Ok(None) | Err(Unsound) => Object::unsound(self.path(key), self.violations),
        }
    }

    /// A nested object, if it is there.
    pub fn optional_object<D>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Object<'a, 'v>) -> D,
    ) -> Maybe<D> {
        Maybe(self.value(key).map(|value| {
            let value = value?;
            let object = Object::new(self.path(key), Some(value), self.violations);
            Some(read(object))
        }))
    }

    /// Ends reading: a field that was not read is a violation.
    pub fn finish(self) {
        self.finish_except(&[]);
    }

    /// Ends reading; the named fields are read elsewhere.
    pub fn finish_except(self, others: &[&str]) {
        for (key, value) in self.fields.into_iter().flatten().flat_map(Fields::iter) {
            if self.known.contains(&key) || others.contains(&key) {
                continue;
            }
            let mut names = self.known.clone();
            names.sort_unstable();
            names.dedup();
            let fix = match names.iter().find(|name| close(name, key)) {
                Some(name) => {
                    self.violations.misspelt(self.path(name));
                    format!("did you mean {name}?")
                }
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
