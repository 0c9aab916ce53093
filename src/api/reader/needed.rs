//! Fields that have to be there.

use std::ops::RangeInclusive;

use super::{object::Object, words::Rule};
use crate::api::{choice::Choice, violation::Violation};

/// A field that has to be there: that it is missing is said before it is read.
pub struct Needed<'o, 'a, 'v> {
    object: &'o mut Object<'a, 'v>,
    key: &'static str,
}

impl<'a, 'v> Object<'a, 'v> {
    /// A field that has to be there; where it is missing, `fix` says what to write.
    pub fn need(&mut self, key: &'static str, fix: impl Into<String>) -> Needed<'_, 'a, 'v> {
        if self.value(key).is_none() {
            self.violation(Violation::new(self.path(key), "", "is missing", fix));
        }
        Needed { object: self, key }
    }
}

impl<'a, 'v> Needed<'_, 'a, 'v> {
    /// As [`Object::string`] reads it.
    pub fn string(self) -> Option<String> {
        self.object.string(self.key)
    }

    /// As [`Object::string_that`] reads it.
    pub fn string_that(self, rule: &Rule) -> Option<String> {
        self.object.string_that(self.key, rule)
    }

    /// As [`Object::integer`] reads it.
    pub fn integer(self, range: &RangeInclusive<u32>) -> Option<u32> {
        self.object.integer(self.key, range)
    }

    /// As [`Object::choice`] reads it.
    pub fn choice<T: Choice>(self) -> Option<T> {
        self.object.choice(self.key)
    }

    /// As [`Object::one_of`] reads it.
    pub fn one_of<T>(self, values: impl Iterator<Item = (&'static str, T)> + Clone) -> Option<T> {
        self.object.one_of(self.key, values)
    }

    /// As [`Object::optional_object`] reads it.
    pub fn object(self) -> Option<Object<'a, 'v>> {
        self.object.optional_object(self.key)
    }
}
