//! Building the response by the rules of the function specification: copy the tag, pass on what is
//! not ours, write nothing of the composite but its status, speak on transitions only.

use std::collections::BTreeSet;

use prost_types::Duration;

use crate::{
    plan::{
        gate::Outcome,
        key::Key,
        observed::{Condition, Observed, condition},
    },
    wire::{
        proto::v1::{
            Ready, Resource, ResponseMeta, Result as Event, RunFunctionResponse, Severity, State,
            Target,
        },
        structpb::{EncodeError, Struct, to_struct},
    },
};

/// A response that changes nothing: the tag, the desired state so far and the context.
pub(crate) fn unchanged(
    tag: String,
    desired: Option<State>,
    context: Option<Struct>,
) -> RunFunctionResponse {
    RunFunctionResponse {
        meta: Some(ResponseMeta { tag, ttl: None }),
        desired,
        context,
        ..RunFunctionResponse::default()
    }
}

/// Says how long the response holds.
pub(super) fn set_ttl(rsp: &mut RunFunctionResponse, seconds: u32) {
    rsp.meta.get_or_insert_default().ttl = Some(Duration {
        seconds: seconds.into(),
        nanos: 0,
    });
}

/// Stops the pipeline. Crossplane then applies nothing and, above all, deletes nothing.
pub(super) fn fatal(rsp: &mut RunFunctionResponse, message: String) {
    event(rsp, Severity::Fatal, "InvalidCluster", message);
}

/// Tells a person that something changed.
pub(super) fn normal(rsp: &mut RunFunctionResponse, reason: &str, message: String) {
    event(rsp, Severity::Normal, reason, message);
}

fn event(rsp: &mut RunFunctionResponse, severity: Severity, reason: &str, message: String) {
    rsp.results.push(Event {
        severity: severity.into(),
        message,
        reason: Some(reason.to_owned()),
        target: Some(Target::CompositeAndClaim.into()),
    });
}

/// Desires the composed resources. Others in the desired state stay; a key of ours is ours.
pub(super) fn set_resources(rsp: &mut RunFunctionResponse, outcomes: Vec<Outcome>) {
    let desired = rsp.desired.get_or_insert_default();
    for outcome in outcomes {
        let Some(object) = outcome.object else {
            continue;
        };
        let ready = if outcome.ready {
            Ready::True
        } else {
            Ready::False
        };
        let resource = Resource {
            resource: Some(object),
            ready: ready.into(),
            ..Resource::default()
        };
        desired.resources.insert(outcome.key.to_string(), resource);
    }
}

/// Whether all that earlier steps of the pipeline desire is ready, the composite among it: core takes what this function says of
/// the composite over what it would conclude from theirs.
///
/// A step that says nothing of a resource leaves it to a later one, such as function-auto-ready. Until then the resource itself
/// says so: it has to exist, and its condition `Ready` to be true where it has one.
pub(super) fn earlier_are_ready(
    rsp: &RunFunctionResponse,
    outcomes: &[Outcome],
    observed: Observed<'_>,
) -> bool {
    let Some(desired) = &rsp.desired else {
        return true;
    };
    let ours: BTreeSet<_> = outcomes
        .iter()
        .map(|outcome| outcome.key.as_str())
        .collect();
    let composite = desired.composite.as_ref().map(Resource::ready);
    let mut theirs = desired
        .resources
        .iter()
        .filter(|(key, _)| !ours.contains(key.as_str()));
    composite != Some(Ready::False)
        && theirs.all(|(key, resource)| match resource.ready() {
            Ready::True => true,
            Ready::False => false,
            Ready::Unspecified => observed
                .get(&Key::existing(key))
                .is_some_and(|object| condition(object, "Ready").is_none_or(Condition::holds)),
        })
}

/// Desires the composite's status and says whether it is ready: core takes this over what it would
/// conclude from the composed resources. What earlier steps wrote to the composite is kept.
///
/// # Errors
/// [`EncodeError`] when an earlier step wrote what cannot be merged. The response is unchanged then.
pub(super) fn set_composite(
    rsp: &mut RunFunctionResponse,
    ours: Struct,
    ready: bool,
) -> std::result::Result<(), EncodeError> {
    let earlier = rsp.desired.as_ref().and_then(|desired| {
        let composite = desired.composite.as_ref()?;
        composite.resource.as_ref().filter(|it| !it.is_empty())
    });
    // Nothing is written before it is certain that all of it can be.
    let resource = match earlier {
        Some(before) => merged(before, &ours)?,
        None => ours,
    };
    let composite = rsp
        .desired
        .get_or_insert_default()
        .composite
        .get_or_insert_default();
    composite.resource = Some(resource);
    composite.ready = if ready { Ready::True } else { Ready::False }.into();
    Ok(())
}

/// `before` with the fields of our status in its status.
fn merged(before: &Struct, ours: &Struct) -> std::result::Result<Struct, EncodeError> {
    // Deeper than anything of ours: what follows is recursive.
    before
        .check()
        .map_err(|error| EncodeError::Unsupported(error.to_string()))?;
    let mut whole = serde_json::to_value(before).unwrap_or_default();
    let ours = serde_json::to_value(ours).unwrap_or_default();
    if let (Some(whole), Some(status)) = (
        whole.as_object_mut(),
        ours.get("status").and_then(|s| s.as_object()),
    ) {
        let theirs = whole
            .entry("status")
            .or_insert_with(|| serde_json::json!({}));
        match theirs.as_object_mut() {
            Some(theirs) => theirs.extend(status.clone()),
            None => *theirs = status.clone().into(),
        }
    }
    to_struct(&whole)
}
