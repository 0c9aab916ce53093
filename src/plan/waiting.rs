//! What a resource waits for.

use std::borrow::Cow;

use super::key::Key;

/// What a resource waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The thing that has to happen.
    pub what: String,
    /// Why it has not happened.
    pub reason: String,
    /// What you can do about it, where it does not pass by itself.
    pub fix: Option<Cow<'static, str>>,
}

impl Waiting {
    /// All of it in one line.
    pub(crate) fn sentence(&self, key: &Key) -> String {
        let fix = self.fix.as_ref();
        let fix = fix.map_or(String::new(), |fix| format!("; fix: {fix}"));
        format!("{key} waits for {}: {}{fix}", self.what, self.reason)
    }
}

/// Names a few resources; a list of all subnets is too long to read.
pub(crate) fn waits_for(keys: &[&Key], reason: &str) -> Waiting {
    const SHOWN: usize = 3;
    let mut what = keys
        .iter()
        .take(SHOWN)
        .map(|key| key.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    if keys.len() > SHOWN {
        what = format!("{what} and {} more", keys.len() - SHOWN);
    }
    Waiting {
        what,
        reason: reason.to_owned(),
        fix: None,
    }
}
