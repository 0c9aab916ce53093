//! The other clusters of a service: whether any serves when this one does not.
//!
//! Crossplane is asked for them only while it matters. Within a reconcile the question is the same at
//! every call, since it follows from the spec and the Input alone.

use crate::{
    api::composite::Composite,
    plan::observed::{Condition, condition},
    wire::{
        proto::v1::{
            Capability, MatchLabels, RequestMeta, Requirements, ResourceSelector, Resources,
            resource_selector::Match,
        },
        structpb::Struct,
    },
};

/// What the requirement is called.
pub const NAME: &str = "siblings";

/// What is known of the other clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Siblings {
    /// Nothing that can be relied on, which is not the same as "none serves".
    Unknown,
    /// At least one serves.
    Serve,
    /// None does.
    Idle,
}

/// Asks for all composites of the kind. Crossplane before v2 knows only the older name of the field;
/// one that says what it is capable of needs it no more.
pub fn question(composite: &Composite, meta: &RequestMeta) -> Requirements {
    let selector = ResourceSelector {
        api_version: composite.api_version.clone(),
        kind: composite.kind.clone(),
        // No labels are all objects. To leave them out is an error to Crossplane before v2.3.
        r#match: Some(Match::MatchLabels(MatchLabels::default())),
        namespace: None,
    };
    let mut requirements = Requirements::default();
    let modern = i32::from(Capability::RequiredResources);
    if !meta.capabilities.contains(&modern) {
        requirements
            .extra_resources
            .insert(NAME.to_owned(), selector.clone());
    }
    requirements.resources.insert(NAME.to_owned(), selector);
    requirements
}

/// Reads the answer.
pub fn answer(found: Option<&Resources>, own: &Composite, host: &str) -> Siblings {
    let objects: Vec<_> = found
        .into_iter()
        .flat_map(|found| &found.items)
        .filter_map(|item| item.resource.as_ref())
        .filter(|object| object.check().is_ok())
        .collect();
    let (others, itself): (Vec<_>, Vec<_>) =
        objects.into_iter().partition(|object| !is(object, own));
    if itself.is_empty() {
        // Whoever lists all composites finds this one too: the list is not all of them.
        return Siblings::Unknown;
    }
    if others.into_iter().any(|other| serves(other, host)) {
        Siblings::Serve
    } else {
        Siblings::Idle
    }
}

fn is(object: &Struct, own: &Composite) -> bool {
    object.str_at("metadata.name") == Some(own.name.as_str())
        && object.str_at("metadata.namespace") == own.namespace.as_deref()
}

/// Whether another cluster serves now, and is meant to go on. It need not be Ready: a node pool that is not sound, or a change that
/// goes on, takes no caller away from it, and Route 53 leaves out one that does not answer.
fn serves(other: &Struct, host: &str) -> bool {
    let weight = other
        .at("spec.traffic.weight")
        .and_then(|weight| weight.as_i64());
    let state = other.str_at("spec.traffic.state");
    other.str_at("status.traffic.host") == Some(host)
        && state.is_none_or(|state| state == "active")
        && weight.is_none_or(|weight| weight > 0)
        && condition(other, "Serving").is_some_and(Condition::holds)
        && other.at("metadata.deletionTimestamp").is_none()
}
