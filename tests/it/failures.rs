//! What fails is seen, in the words of who said it, and the advice works.

mod composite;
mod messages;
mod readiness;

use serde_json::{Value, json};
use xcluster::{
    compose::compose, plan::object::EXTERNAL_NAME, wire::proto::v1::RunFunctionRequest,
};

use crate::support::{
    cases::{Run, run},
    simulator::{Step, on_wire},
};

/// The two clouds' examples with node pools.
const STANDARD: [&str; 2] = ["aws-standard", "gcp-standard"];

/// The first key of the settled cluster that begins so.
fn key(run: &Run, begins: &str) -> String {
    let keys = run.world.observed().into_keys();
    let mut keys = keys.filter(|key| key.starts_with(begins));
    keys.next()
        .unwrap_or_else(|| panic!("nothing begins with {begins}"))
}

/// What becomes of the object of a key.
type Change<'a> = (&'a str, &'a dyn Fn(&mut Value));

/// What Crossplane would ask if objects were changed so.
fn request(run: &Run, changes: &[Change<'_>]) -> RunFunctionRequest {
    let mut request = run.world.request();
    let observed = request.observed.as_mut().unwrap();
    for (key, change) in changes {
        let mut object = run.world.observed()[*key].clone();
        change(&mut object);
        observed
            .resources
            .insert((*key).to_owned(), on_wire(&object));
    }
    request
}

/// The answer to it.
fn answer(run: &Run, changes: &[Change<'_>]) -> Step {
    let request = request(run, changes);
    let response = compose(request.clone());
    Step {
        request,
        response,
        deleted: Vec::new(),
        refused: Vec::new(),
    }
}

/// The provider has only asked for it, or the cloud has refused it.
fn unmade(object: &mut Value, conditions: &Value) {
    object["status"] = json!({"conditions": conditions});
    // The id of a thing that the cloud names comes with the thing.
    let id = regex::Regex::new("^[a-z]+-[0-9a-f]{17}$").unwrap();
    if let Some(annotations) = object["metadata"]["annotations"].as_object_mut() {
        annotations
            .retain(|key, name| key != EXTERNAL_NAME || !id.is_match(name.as_str().unwrap()));
    }
}

/// A condition of a managed resource.
fn told(kind: &str, status: &str, reason: &str, message: &str) -> Value {
    json!({"type": kind, "status": status, "reason": reason, "message": message})
}

/// `STATUS REASON: MESSAGE` of a condition of the cluster.
fn condition(step: &Step, kind: &str) -> String {
    let conditions = step.conditions();
    let found = conditions.iter().find(|it| it["type"] == kind).unwrap();
    let text = |field: &str| found[field].as_str().unwrap_or_default();
    format!("{} {}: {}", text("status"), text("reason"), text("message"))
}

#[test]
fn the_first_failure_comes_first_in_both_lists() {
    for name in STANDARD {
        let run = run(name);
        let late = key(run, "nodes-pool-general-");
        let early = key(run, "network-vpc");
        // What waits stands before what failed in the plan.
        let waits =
            |object: &mut Value| unmade(object, &json!([told("Ready", "False", "Creating", "")]));
        let fails = |object: &mut Value| {
            let synced = told("Synced", "False", "ReconcileError", "create failed: no");
            unmade(
                object,
                &json!([told("Ready", "False", "Creating", ""), synced]),
            );
        };
        let step = answer(run, &[(&early, &waits), (&late, &fails)]);
        assert_eq!(step.status()["waitingFor"][0]["resource"], *late, "{name}");
        let last = key(run, "network-nat");
        let step = answer(run, &[(&early, &waits), (&last, &fails)]);
        assert_ne!(early, last);
        let told = condition(&step, "NetworkReady");
        assert!(
            told.starts_with(&format!("False Waiting: {last} waits for")),
            "{told}"
        );
        assert!(
            told.ends_with("(and 1 more in status.waitingFor)"),
            "{told}"
        );
    }
}
