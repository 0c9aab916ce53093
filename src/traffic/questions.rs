//! What Crossplane is asked for, and what it has answered.
//!
//! Within a reconcile it calls again until the same is asked twice in a row, five times at most. So a question
//! that is asked stays, and what one answer leads to is asked beside it.

use std::collections::BTreeMap;

use crate::wire::{
    proto::v1::{
        Capability, MatchLabels, RequestMeta, Requirements, ResourceSelector, Resources,
        resource_selector::Match,
    },
    structpb::Struct,
};

/// What Crossplane has answered, by the name of the question.
#[derive(Clone, Copy)]
pub struct Answers<'a> {
    /// Under the name that the field has today.
    pub required: &'a BTreeMap<String, Resources>,
    /// Under its older name.
    pub extra: &'a BTreeMap<String, Resources>,
}

impl<'a> Answers<'a> {
    /// The objects that a question has found; none before it is answered.
    fn to(self, name: &str) -> Option<Vec<&'a Struct>> {
        let found = self.required.get(name).or_else(|| self.extra.get(name))?;
        let objects = found.items.iter().filter_map(|it| it.resource.as_ref());
        Some(objects.filter(|object| object.check().is_ok()).collect())
    }
}

/// Objects of a kind.
#[derive(Clone, Copy)]
pub(super) struct Kind<'a> {
    /// Its `apiVersion`.
    pub version: &'a str,
    /// The kind.
    pub kind: &'a str,
}

/// The questions of one call.
pub(super) struct Questions<'a> {
    answers: Answers<'a>,
    /// Whether Crossplane knows the older name of the field alone. One that says what it is capable of needs it no more.
    is_old: bool,
    asked: Requirements,
}

impl<'a> Questions<'a> {
    pub(super) fn new(meta: &RequestMeta, answers: Answers<'a>) -> Self {
        let modern = i32::from(Capability::RequiredResources);
        Self {
            answers,
            is_old: !meta.capabilities.contains(&modern),
            asked: Requirements::default(),
        }
    }

    /// Asks for the object of a name.
    pub(super) fn named(
        &mut self,
        question: String,
        of: Kind<'_>,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<Vec<&'a Struct>> {
        self.ask(question, of, namespace, Match::MatchName(name.to_owned()))
    }

    /// Asks for all objects that have these labels, in every namespace. No labels are all objects: to leave them out is
    /// an error to Crossplane before v2.3.
    pub(super) fn labeled(
        &mut self,
        question: &str,
        of: Kind<'_>,
        labels: BTreeMap<String, String>,
    ) -> Option<Vec<&'a Struct>> {
        let labels = Match::MatchLabels(MatchLabels { labels });
        self.ask(question.to_owned(), of, None, labels)
    }

    fn ask(
        &mut self,
        question: String,
        of: Kind<'_>,
        namespace: Option<&str>,
        r#match: Match,
    ) -> Option<Vec<&'a Struct>> {
        let selector = ResourceSelector {
            api_version: of.version.to_owned(),
            kind: of.kind.to_owned(),
            r#match: Some(r#match),
            namespace: namespace.map(str::to_owned),
        };
        let found = self.answers.to(&question);
        if self.is_old {
            let extra = &mut self.asked.extra_resources;
            extra.insert(question.clone(), selector.clone());
        }
        self.asked.resources.insert(question, selector);
        found
    }

    /// What was asked, if anything.
    pub(super) fn asked(self) -> Option<Requirements> {
        (!self.asked.resources.is_empty()).then_some(self.asked)
    }
}
