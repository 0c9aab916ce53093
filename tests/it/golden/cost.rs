//! `cost.yaml`: the estimate of each example, which follows from its spec and the price book alone.

use serde_json::{Map, Value, json};

use super::yaml;
use crate::support::{
    cases::{Case, SCOPES, run_in},
    simulator::Step,
};

/// The condition that says what the estimate is.
pub(super) const CONDITION: &str = "WithinBudget";

/// What stands in other files in place of the cost.
const ELSEWHERE: &str = "see cost.yaml";

/// A status's fields except the cost.
pub(super) fn without(status: Value) -> Map<String, Value> {
    let Value::Object(mut fields) = status else {
        panic!("the status is {status}");
    };
    fields.remove("cost");
    fields
}

/// Takes the cost out of a status that has its conditions.
pub(super) fn refer(status: &mut Value) {
    status["cost"] = ELSEWHERE.into();
    let conditions = status["conditions"].as_array_mut();
    conditions
        .unwrap()
        .retain(|condition| condition["type"] != CONDITION);
}

/// The cost of all examples.
///
/// # Panics
/// When an example's cost is not the same in each scope and at each step.
pub(super) fn file(cases: &[Case]) -> String {
    let documents = cases.iter().map(|case| {
        let estimate = of(run_in(&case.name, SCOPES[0].1).last());
        for (_, scope) in SCOPES {
            let run = run_in(&case.name, scope);
            for step in &run.steps {
                assert_eq!(of(step), estimate, "{}: cost", run.title());
            }
        }
        json!({"example": case.name, "status": estimate})
    });
    yaml(&documents.collect::<Vec<_>>())
}

fn of(step: &Step) -> Value {
    let mut conditions = step.conditions();
    conditions.retain(|condition| condition["type"] == CONDITION);
    json!({"conditions": conditions, "cost": step.status()["cost"]})
}
