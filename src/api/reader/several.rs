//! Lists and free-form objects: as many values as the author likes, up to a limit.

use std::collections::BTreeMap;

use super::{
    object::Object,
    words::{Rule, show},
};
use crate::{
    api::{
        draft::{Entries, Field, Items, Unsound},
        violation::{Violation, printable},
    },
    wire::structpb::Value,
};

impl<'a> Object<'a, '_> {
    /// A list, each item with its path.
    ///
    /// # Errors
    /// [`Unsound`] when it is no list, or too long.
    pub fn list(&mut self, key: &'static str, most: usize) -> Field<Vec<(String, Value<'a>)>> {
        let Some(value) = self.value(key)? else {
            return Ok(Vec::new());
        };
        if !matches!(value, Value::List(_)) {
            return Err(self.refuse(key, value, "is not a list", "write it as a list"));
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
            return Err(Unsound);
        }
        Ok(items)
    }

    /// A list, each item read by itself.
    pub fn items<D>(
        &mut self,
        key: &'static str,
        most: usize,
        read: impl Fn(&Self, String, Value<'a>) -> D,
    ) -> Items<D> {
        Items(self.list(key, most).map(|items| {
            let items = items.into_iter();
            items.map(|(path, item)| read(self, path, item)).collect()
        }))
    }

    /// A list of strings that all match a rule, without repeats.
    pub fn strings_that(
        &mut self,
        key: &'static str,
        most: usize,
        rule: &Rule,
    ) -> Items<Field<String>> {
        Items(self.list(key, most).map(|items| {
            let mut found: Vec<Field<String>> = Vec::with_capacity(items.len());
            for (path, item) in items {
                let text = item.as_str().filter(|text| (rule.holds)(text));
                let violation = match text {
                    None => rule.broken(path, item),
                    Some(text) if found.iter().flatten().any(|other| other == text) => {
                        Violation::new(path, show(item), "is there twice", "remove one of them")
                    }
                    Some(text) => {
                        found.push(Ok(text.to_owned()));
                        continue;
                    }
                };
                self.violation(violation);
                found.push(Err(Unsound));
            }
            found
        }))
    }

    /// The entries of a free-form object, each with its path.
    ///
    /// # Errors
    /// [`Unsound`] when it is no object, or has too many.
    pub fn entries(
        &mut self,
        key: &'static str,
        most: usize,
    ) -> Field<Vec<(String, String, Value<'a>)>> {
        let Some(value) = self.value(key)? else {
            return Ok(Vec::new());
        };
        let Some(fields) = value.as_struct() else {
            let fix = "write it as keys and values";
            return Err(self.refuse(key, value, "is not an object", fix));
        };
        let path = self.path(key);
        let entries: BTreeMap<_, _> = fields.iter().collect();
        if entries.len() > most {
            self.violation(too_many(path, most, "entries"));
            return Err(Unsound);
        }
        let entries = entries.into_iter().map(|(name, value)| {
            let shown = printable(name);
            (format!("{path}[{shown}]"), name.to_owned(), value)
        });
        Ok(entries.collect())
    }

    /// A map of strings whose keys and values match their rules.
    pub fn map_that(
        &mut self,
        key: &'static str,
        most: usize,
        keys: &Rule,
        values: &Rule,
    ) -> Entries<String, Field<String>> {
        Entries(self.entries(key, most).map(|entries| {
            let read = entries.into_iter().map(|(path, name, value)| {
                let text = value.as_str().filter(|text| (values.holds)(text));
                let violation = match text {
                    _ if !(keys.holds)(&name) => keys.broken(path, Value::String(&name)),
                    None => values.broken(path, value),
                    Some(text) => return (name, Ok(text.to_owned())),
                };
                self.violation(violation);
                (name, Err(Unsound))
            });
            read.collect()
        }))
    }
}

fn too_many(path: String, most: usize, what: &str) -> Violation {
    let problem = format!("has more than {most} {what}");
    Violation::new(path, "", problem, format!("use at most {most}"))
}
