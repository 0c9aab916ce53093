//! Values that the checks guarantee.

use serde::{Serialize, Serializer, ser::Error};

/// A value that every valid spec has. Without it its object cannot be encoded: then the answer is an
/// error, and an impossible value is never sent to a cloud.
#[derive(Clone, Debug)]
pub struct Required<T = String> {
    what: &'static str,
    value: Option<T>,
}

impl<T> Required<T> {
    /// A value, and what to call it where it is missing.
    pub fn new(what: &'static str, value: Option<T>) -> Self {
        Self { what, value }
    }

    /// What follows from the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Required<U> {
        Required {
            what: self.what,
            value: self.value.map(change),
        }
    }
}

/// Of a field that is not set: it cannot be encoded either.
impl<T> Default for Required<T> {
    fn default() -> Self {
        Self::new("a value", None)
    }
}

impl Required<String> {
    /// The JSON of a value, as text.
    pub fn json(what: &'static str, value: &impl Serialize) -> Self {
        Self::new(what, serde_json::to_string(value).ok())
    }
}

impl<T: Serialize> Serialize for Required<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Some(value) => value.serialize(serializer),
            None => Err(S::Error::custom(format!(
                "{} is missing, which a check should have refused",
                self.what
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::wire::structpb::to_struct;

    #[test]
    fn an_object_without_it_cannot_be_encoded() {
        let object = |value| BTreeMap::from([("project", Required::new("the project", value))]);
        let found = to_struct(&object(Some("acme".to_owned()))).unwrap();
        assert_eq!(found.str_at("project"), Some("acme"));
        let error = to_struct(&object(None)).unwrap_err().to_string();
        assert_eq!(
            error,
            "the project is missing, which a check should have refused"
        );
    }
}
