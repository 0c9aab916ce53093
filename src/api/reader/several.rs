//! Lists and free-form objects: as many values as the author likes, up to a limit.

use std::collections::BTreeMap;

use super::{
    object::Object,
    words::{Rule, show},
};
use crate::{
    api::violation::{Violation, printable},
    wire::structpb::Value,
};

impl<'a> Object<'a, '_> {
    /// A list, each item with its path.
    pub fn list(&mut self, key: &'static str, most: usize) -> Vec<(String, Value<'a>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        if !matches!(value, Value::List(_)) {
            self.refuse(key, value, "is not a list", "write it as a list");
            return Vec::new();
        }
        let path = self.path(key);
        let items: Vec<_> = value
            .items()
            .take(most + 1)
            .enumerate()
            .map(|(n, item)| (format!("{path}[{n}]"), item))
            .collect();
        if items.len() > most {
            self.violation(too_many(path, most, "items"));
            return Vec::new();
        }
        items
    }

    /// A list of strings that all match a rule, without repeats.
    pub fn strings_that(&mut self, key: &'static str, most: usize, rule: &Rule) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for (path, item) in self.list(key, most) {
            match item.as_str().filter(|text| (rule.holds)(text)) {
                None => {
                    self.violation(rule.broken(path, item));
                }
                Some(text) if found.iter().any(|other| other == text) => {
                    self.violation(Violation::new(
                        path,
                        show(item),
                        "is there twice",
                        "remove one of them",
                    ));
                }
                Some(text) => found.push(text.to_owned()),
            }
        }
        found
    }

    /// The entries of a free-form object, each with its path.
    pub fn entries(&mut self, key: &'static str, most: usize) -> Vec<(String, String, Value<'a>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(fields) = value.as_struct() else {
            self.refuse(
                key,
                value,
                "is not an object",
                "write it as keys and values",
            );
            return Vec::new();
        };
        let path = self.path(key);
        let entries: BTreeMap<_, _> = fields.iter().collect();
        if entries.len() > most {
            self.violation(too_many(path, most, "entries"));
            return Vec::new();
        }
        entries
            .into_iter()
            .map(|(name, value)| {
                let shown = printable(name);
                (format!("{path}[{shown}]"), name.to_owned(), value)
            })
            .collect()
    }

    /// A map of strings whose keys and values match their rules.
    pub fn map_that(
        &mut self,
        key: &'static str,
        most: usize,
        keys: &Rule,
        values: &Rule,
    ) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (path, name, value) in self.entries(key, most) {
            if !(keys.holds)(&name) {
                self.violation(keys.broken(path, Value::String(&name)));
                continue;
            }
            match value.as_str().filter(|text| (values.holds)(text)) {
                Some(text) => {
                    found.insert(name, text.to_owned());
                }
                None => self.violation(values.broken(path, value)),
            }
        }
        found
    }
}

fn too_many(path: String, most: usize, what: &str) -> Violation {
    let problem = format!("has more than {most} {what}");
    Violation::new(path, "", problem, format!("use at most {most}"))
}
