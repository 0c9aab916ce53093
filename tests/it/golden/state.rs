//! `first.yaml` and `settled.yaml`: the composite and its objects, whole.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

use super::{cost, yaml};
use crate::support::{cases::Run, simulator::Step};

/// The last answer: the composite, and all objects.
pub(super) fn settled(run: &Run) -> String {
    let status = status(run.last());
    yaml(&documents(run, status, run.last().annotated()))
}

/// The first answer: the composite, and the objects that are not yet as they stay.
pub(super) fn first(run: &Run) -> String {
    let step = &run.steps[0];
    let mut status = status(step);
    status["waitingFor"] = "see timeline.txt".into();
    let stay = run.last().annotated();
    let mut objects = step.annotated();
    let mut text = String::new();
    objects.retain(|key, object| {
        let stays = stay.get(key) == Some(object);
        if stays {
            writeln!(text, "# as in settled.yaml: {key}").unwrap();
        }
        !stays
    });
    text + &yaml(&documents(run, status, objects))
}

fn documents(run: &Run, status: Value, objects: BTreeMap<String, Value>) -> Vec<Value> {
    let mut composite = composite(run);
    composite["status"] = status;
    std::iter::once(composite)
        .chain(objects.into_values())
        .collect()
}

/// What the composite is, without its spec and its status.
pub(super) fn composite(run: &Run) -> Value {
    let own = &run.world.composite;
    let mut metadata = json!({"name": own["metadata"]["name"]});
    if let Some(namespace) = own["metadata"].get("namespace") {
        metadata["namespace"] = namespace.clone();
    }
    json!({"apiVersion": own["apiVersion"], "kind": own["kind"], "metadata": metadata})
}

/// The status as it stands in the composite, without the cost.
fn status(step: &Step) -> Value {
    let mut status = step.status();
    let ready = if step.is_ready() { "True" } else { "False" };
    let mut conditions = vec![json!({"type": "Ready", "status": ready})];
    conditions.extend(step.conditions());
    status["conditions"] = conditions.into();
    cost::refer(&mut status);
    status
}
