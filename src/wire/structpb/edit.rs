//! Changes of an encoded object.

use std::convert::Infallible;

use super::{message, object::Struct, value::entries_without, write::collect};

impl Struct {
    /// The same object with a string in place of what the key has.
    pub fn with_str(&self, key: &str, value: &str) -> Self {
        let Ok(body) = collect(|body| {
            if self.get(key).is_none() {
                body.extend_from_slice(self.body());
            } else {
                let others = entries_without(self.body(), key);
                others.for_each(|entry| message::entry(body, entry));
            }
            message::string_entry(body, key, value);
            Ok::<_, Infallible>(0)
        });
        Self::of(body)
    }
}
