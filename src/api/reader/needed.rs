//! Fields that have to be there.

use std::ops::RangeInclusive;

use super::{object::Object, words::Rule};
use crate::api::{
    choice::Choice,
    draft::{Field, Unsound},
    violation::Violation,
};

/// A field that has to be there: that it is missing is said before it is read.
pub struct Needed<'o, 'a, 'v> {
    object: &'o mut Object<'a, 'v>,
    key: &'static str,
}

impl<'a, 'v> Object<'a, 'v> {
    /// A field that has to be there; where it is missing, `fix` says what to write.
    pub fn need(&mut self, key: &'static str, fix: impl Into<String>) -> Needed<'_, 'a, 'v> {
        if self.value(key) == Ok(None) {
            self.violation(Violation::new(self.path(key), "", "is missing", fix));
        }
        Needed { object: self, key }
    }
}

impl<'a, 'v> Needed<'_, 'a, 'v> {
    /// As [`Object::string`] reads it.
    pub fn string(self) -> Field<String> {
        self.object.string(self.key)?.ok_or(Unsound)
    }

    /// As [`Object::string_that`] reads it.
    pub fn string_that(self, rule: &Rule) -> Field<String> {
        self.object.string_that(self.key, rule)?.ok_or(Unsound)
    }

    /// As [`Object::integer`] reads it.
    pub fn integer(self, range: &RangeInclusive<u32>) -> Field<u32> {
        self.object.integer(self.key, range)?.ok_or(Unsound)
    }

    /// As [`Object::choice`] reads it.
    pub fn choice<T: Choice>(self) -> Field<T> {
        self.object.choice(self.key)?.ok_or(Unsound)
    }

    /// As [`Object::one_of`] reads it.
    pub fn one_of<T>(self, values: impl Iterator<Item = (&'static str, T)> + Clone) -> Field<T> {
        self.object.one_of(self.key, values)?.ok_or(Unsound)
    }

    /// As [`Object::object`] reads it; where it is missing, all its fields are unsound.
    pub fn object(self) -> Object<'a, 'v> {
        self.object.needed_object(self.key)
    }
}
