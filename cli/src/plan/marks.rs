//! What stands out of a plan.

use serde_json::Value;
use xcluster::{api::violation::printable_within, cloud::change, plan::key::Key};

use super::{
    difference::{Cause, Difference, Field, Step, What},
    settle::Wait,
};

/// How much is shown of a provider's words.
const MOST: usize = 500;

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
    /// A release deletes what nobody wants gone.
    Deleted,
    /// The object stays for Kubernetes, and is another thing in the cloud.
    Anew(&'static str),
    /// The provider cannot do it, in its words.
    Stuck(&'a str),
    /// The cluster was Ready, and does not get there again.
    Unready,
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
        matches!(self.about, About::Lost(_) | About::Deleted | About::Anew(_))
    }

    /// Whether a release may not go to this cluster without a person: something is lost or replaced, or gets stuck.
    pub(super) fn stops_a_release(&self) -> bool {
        self.is_loss()
            || matches!(
                self.about,
                About::Replaces(..) | About::Stuck(_) | About::Unready
            )
    }

    /// The mark as a sentence.
    pub(super) fn sentence(&self) -> String {
        let key = self.key;
        match &self.about {
            About::Lost(lost) => format!("{key} is lost: {lost}"),
            About::Deleted => format!("{key} is deleted"),
            About::Anew(why) => format!("{key} is replaced: {why}"),
            About::Unready => format!("{key} does not become Ready again"),
            About::Stuck(message) => {
                format!("{key} cannot change: {}", printable_within(message, MOST))
            }
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
    /// All marks: what is lost, what is replaced, what replaces nodes, and what stays or does not come.
    pub(super) fn marks(&self) -> Vec<Mark<'_>> {
        let steps = || self.steps.iter();
        let losses = steps().filter_map(|step| self.loss(step));
        let anew = steps().filter_map(|step| self.anew(step));
        let unready = (self.before.is_ready && !self.after.is_ready).then_some(Mark {
            key: self.name,
            about: About::Unready,
        });
        let unready = unready.filter(|_| matches!(self.cause, Cause::Release));
        let stuck = self.after.stuck.iter().map(|(key, message)| Mark {
            key,
            about: About::Stuck(message),
        });
        let replacements = steps().filter_map(|step| self.replacement(step));
        let stay = steps().filter_map(|step| self.stays_first(step));
        let waits = self.after.waits.iter();
        let new = waits.filter(|(key, _)| !self.before.waits.contains_key(*key));
        let waits = new.map(|(key, wait)| Mark {
            key,
            about: About::Waits(wait),
        });
        losses
            .chain(anew)
            .chain(stuck)
            .chain(unready)
            .chain(replacements)
            .chain(stay)
            .chain(waits)
            .collect()
    }

    fn loss<'a>(&self, step: &'a Step) -> Option<Mark<'a>> {
        if !matches!(step.what, What::Delete) {
            return None;
        }
        let about = match (self.change.loss(&Key::existing(&step.key)), &self.cause) {
            (Some(lost), _) => About::Lost(lost),
            (None, Cause::Release) => About::Deleted,
            (None, Cause::Edit(_)) => return None,
        };
        let key = &step.key;
        Some(Mark { key, about })
    }

    fn anew<'a>(&self, step: &'a Step) -> Option<Mark<'a>> {
        let What::Change(fields) = &step.what else {
            return None;
        };
        let is_new = self.after.deleted.contains(&step.key);
        let was_deleted = is_new.then_some("the object is deleted, and made again under its key");
        let why = was_deleted.or_else(|| fields.iter().find_map(another_thing))?;
        Some(Mark {
            key: &step.key,
            about: About::Anew(why),
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

/// Why an object is another thing in the cloud when this field of it changes. Crossplane finds what it made by key: it applies
/// the new object beside the old one and no longer lists that (`composition_functions.go`, `UpdateResourceRefs`).
fn another_thing(field: &Field) -> Option<&'static str> {
    let group = |value: &Value| {
        let version = value.as_str().unwrap_or_default();
        let group = version.rsplit_once('/').map(|(group, _)| group);
        group.unwrap_or_default().to_owned()
    };
    match field.path.as_str() {
        "apiVersion" if group(&field.old) == group(&field.new) => None,
        "apiVersion" | "kind" | "metadata.namespace" => {
            Some("another object is made, and the old one is left behind")
        }
        EXTERNAL_NAME => {
            Some("it stands for another thing in the cloud, and the old one is left behind")
        }
        _ => None,
    }
}

const EXTERNAL_NAME: &str = "metadata.annotations.crossplane.io/external-name";
