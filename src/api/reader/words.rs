//! Words for messages: what a rule says, values as they were written, names that were nearly right.

use crate::{
    api::violation::{Violation, printable},
    wire::structpb::Value,
};

/// A rule for a string.
pub struct Rule {
    /// Whether it holds.
    pub holds: fn(&str) -> bool,
    /// What is wrong where it does not.
    pub problem: &'static str,
    /// What to write instead.
    pub fix: &'static str,
}

impl Rule {
    /// Says that a value does not keep to it.
    pub fn broken(&self, path: impl Into<String>, value: Value<'_>) -> Violation {
        Violation::new(path, show(value), self.problem, self.fix)
    }
}

/// A value as it appears in a message.
pub fn show(value: Value<'_>) -> String {
    match value {
        Value::Struct(_) => "{…}".to_owned(),
        Value::List(_) => "[…]".to_owned(),
        Value::String(text) => format!("\"{}\"", printable(text)),
        other => serde_json::to_string(&other).unwrap_or_default(),
    }
}

/// Whether two names differ in case, in separators or in one letter.
pub(super) fn close(name: &str, typed: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .take(64)
            .collect()
    };
    let (a, b) = (plain(name), plain(typed));
    let prefix = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let suffix = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let longest = a.len().max(b.len());
    longest > 2 && prefix + suffix + 1 >= longest && a.len().abs_diff(b.len()) <= 1
}
