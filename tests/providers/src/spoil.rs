//! A function that sends something else than ours.

use cloudsim::apply;
use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::{
        proto::v1::{RunFunctionRequest, RunFunctionResponse},
        structpb::to_struct,
    },
};

/// Our function, and a change of each composed object that it sends. Null removes a field.
///
/// # Panics
/// The function panics where an object has no JSON or protobuf form.
#[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
pub fn spoiled(
    spoil: fn(&mut Value),
) -> impl Fn(RunFunctionRequest) -> RunFunctionResponse + Send + Sync + 'static {
    move |request| {
        let mut response = compose(request);
        let desired = response.desired.iter_mut();
        for resource in desired.flat_map(|it| it.resources.values_mut()) {
            let mut object = serde_json::to_value(&resource.resource).unwrap();
            spoil(&mut object);
            let mut plain = json!({});
            apply::merge_patch(&mut plain, &object);
            resource.resource = Some(to_struct(&plain).unwrap());
        }
        response
    }
}
