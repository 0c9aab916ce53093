//! What stands out of a plan.

use xcluster::{cloud::change, plan::key::Key};

use super::{
    difference::{Difference, Step, What},
    settle::Wait,
};

/// Something that a person should see before they go on.
pub(super) struct Mark<'a> {
    /// The key of the resource.
    pub(super) key: &'a str,
    /// What it is.
    pub(super) about: About<'a>,
}

/// What a mark is about.
pub(super) enum About<'a> {
    /// Something is lost for good.
    Lost(&'static str),
    /// Nodes are replaced: of this pool, or of all pools without one.
    Replaces(Option<String>, &'static str),
    /// A pool that goes stays until something else has happened.
    StaysFirst(&'a Wait),
    /// The resource waits in the end for what does not come by itself.
    Waits(&'a Wait),
}

impl Mark<'_> {
    /// Whether something is lost.
    pub(super) fn is_loss(&self) -> bool {
        matches!(self.about, About::Lost(_))
    }

    /// The mark as a sentence.
    pub(super) fn sentence(&self) -> String {
        let key = self.key;
        match &self.about {
            About::Lost(lost) => format!("{key} is lost: {lost}"),
            About::Replaces(Some(pool), why) => {
                format!("{key} replaces every node of pool {pool}: {why}")
            }
            About::Replaces(None, why) => format!("{key} replaces every node: {why}"),
            About::StaysFirst(wait) => {
                format!("{key} stays while it waits for {}", said(wait))
            }
            About::Waits(wait) => format!("{key} waits for {}", said(wait)),
        }
    }
}

fn said(wait: &Wait) -> String {
    format!("{} ({})", wait.what, wait.reason)
}

impl Difference<'_> {
    /// All marks: what is lost, what replaces nodes, and what stays or does not come.
    pub(super) fn marks(&self) -> Vec<Mark<'_>> {
        let steps = || self.steps.iter();
        let losses = steps().filter_map(|step| self.loss(step));
        let replacements = steps().filter_map(|step| self.replacement(step));
        let stay = steps().filter_map(|step| self.stays_first(step));
        let waits = self.after.waits.iter();
        let new = waits.filter(|(key, _)| !self.before.waits.contains_key(*key));
        let waits = new.map(|(key, wait)| Mark {
            key,
            about: About::Waits(wait),
        });
        losses
            .chain(replacements)
            .chain(stay)
            .chain(waits)
            .collect()
    }

    fn loss<'a>(&self, step: &'a Step) -> Option<Mark<'a>> {
        if !matches!(step.what, What::Delete) {
            return None;
        }
        let lost = self.change.loss(&Key::existing(&step.key))?;
        Some(Mark {
            key: &step.key,
            about: About::Lost(lost),
        })
    }

    fn replacement<'a>(&self, step: &'a Step) -> Option<Mark<'a>> {
        let key = Key::existing(&step.key);
        let (pool, why) = match &step.what {
            What::Create => self.change.replaces(&key),
            What::Change(fields) => {
                let mut fields = fields.iter();
                fields.find_map(|field| self.change.replacement(&key, &field.path))
            }
            What::Delete => None,
        }?;
        Some(Mark {
            key: &step.key,
            about: About::Replaces(pool.map(str::to_owned), why),
        })
    }

    fn stays_first<'a>(&'a self, step: &'a Step) -> Option<Mark<'a>> {
        let is_pool = change::is_pool(&Key::existing(&step.key));
        if !is_pool || !matches!(step.what, What::Delete) {
            return None;
        }
        let wait = self.after.waited.get(&step.key)?;
        Some(Mark {
            key: &step.key,
            about: About::StaysFirst(wait),
        })
    }
}
