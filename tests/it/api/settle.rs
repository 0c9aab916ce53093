//! Clusters of the API's own tests, until nothing changes any more.

use manifests::ScopeArg;
use serde_json::Value;
use xcluster::wire::proto::v1::RunFunctionResponse;

use crate::{fixture, support::simulator::World};

fn world(spec: &Value, input: &Value) -> World {
    fixture::world(ScopeArg::Cluster, "prod", spec, Some(input))
}

/// The answers to all calls, or the refusal.
pub(super) fn settle(spec: &Value, input: &Value) -> Result<Vec<RunFunctionResponse>, String> {
    let steps = world(spec, input).settle().into_iter();
    let answers = steps.map(|step| match step.fatal() {
        Some(message) => Err(message.to_owned()),
        None => Ok(step.response),
    });
    answers.collect()
}

/// The answer once everything that it asks for first exists and no provider has looked at it.
pub(super) fn unreported(spec: &Value, input: &Value) -> RunFunctionResponse {
    let mut world = world(spec, input);
    world.reconcile();
    world.reconcile().response
}

/// The status that an answer writes.
pub(super) fn status_of(answer: &RunFunctionResponse) -> Value {
    let desired = answer.desired.as_ref().unwrap();
    let composite = desired.composite.as_ref().unwrap();
    let mut object = serde_json::to_value(&composite.resource).unwrap();
    object["status"].take()
}
