//! Whether the composite is ready, beside other steps of the pipeline.

use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::proto::v1::{Ready, Resource, State},
};

use super::STANDARD;
use crate::support::{cases::run, simulator::on_wire};

fn theirs(status: Option<Value>) -> Value {
    let mut object = json!({
        "apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "Bucket",
        "metadata": {"name": "prod-us-models"}, "spec": {"forProvider": {"region": "us-east-1"}},
    });
    if let Some(status) = status {
        object["status"] = status;
    }
    object
}

fn ready(status: &str) -> Value {
    json!({"conditions": [{"type": "Ready", "status": status}]})
}

/// 30: what an earlier step says, what exists of its resource, and what this function says of the composite.
#[test]
fn the_composite_is_ready_when_all_steps_say_so() {
    let rows = [
        (
            Ready::Unspecified,
            Some((Ready::True, None)),
            true,
            "their step says that it is ready",
        ),
        (
            Ready::Unspecified,
            Some((Ready::False, Some(theirs(Some(ready("True")))))),
            false,
            "their step says that it is not",
        ),
        (
            Ready::Unspecified,
            Some((Ready::Unspecified, None)),
            false,
            "it does not exist",
        ),
        (
            Ready::Unspecified,
            Some((Ready::Unspecified, Some(theirs(Some(ready("False")))))),
            false,
            "it says that it is not",
        ),
        (
            Ready::Unspecified,
            Some((Ready::Unspecified, Some(theirs(Some(ready("True")))))),
            true,
            "it says that it is",
        ),
        (
            Ready::Unspecified,
            Some((Ready::Unspecified, Some(theirs(None)))),
            true,
            "it exists and has no conditions",
        ),
        (
            Ready::False,
            None,
            false,
            "their step says that the composite is not ready",
        ),
        (Ready::True, None, true, "nothing is in the way"),
        (Ready::Unspecified, None, true, "there is no other step"),
    ];
    for name in STANDARD {
        for (composite, resource, expected, reason) in &rows {
            let mut request = run(name).world.request();
            let composite = Resource {
                ready: (*composite).into(),
                ..Resource::default()
            };
            let mut state = State {
                composite: Some(composite),
                ..State::default()
            };
            if let Some((says, exists)) = resource {
                let desired = Resource {
                    ready: (*says).into(),
                    ..on_wire(&theirs(None))
                };
                state.resources.insert("models".to_owned(), desired);
                if let Some(exists) = exists {
                    let observed = request.observed.as_mut().unwrap();
                    observed
                        .resources
                        .insert("models".to_owned(), on_wire(exists));
                }
            }
            request.desired = Some(state);
            let response = compose(request);
            let desired = response.desired.unwrap();
            let expected = if *expected { Ready::True } else { Ready::False };
            assert_eq!(
                desired.composite.unwrap().ready(),
                expected,
                "{name}: {reason}"
            );
        }
    }
}

/// What this function composes does not become ready by another step's word.
#[test]
fn an_earlier_step_does_not_make_an_unready_cluster_ready() {
    let run = run("aws-standard");
    let mut request = run.steps[0].request.clone();
    let composite = Resource {
        ready: Ready::True.into(),
        ..Resource::default()
    };
    request.desired = Some(State {
        composite: Some(composite),
        ..State::default()
    });
    let desired = compose(request).desired.unwrap();
    assert_eq!(desired.composite.unwrap().ready(), Ready::False);
}
