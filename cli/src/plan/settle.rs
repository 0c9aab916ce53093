//! A cluster and its change, followed to the end in a world where everything succeeds at once.

use std::collections::{BTreeMap, BTreeSet};

use cloudsim::{
    Pace,
    world::{Step, World},
};
use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::{
        proto::v1::{RunFunctionRequest, RunFunctionResponse},
        structpb::Struct,
    },
};

/// A cluster that asks for nothing new.
pub(super) struct Settled {
    world: World,
    /// What each resource waited for first, on the way.
    pub(super) waited: BTreeMap<String, Wait>,
    /// What resources wait for in the end.
    pub(super) waits: BTreeMap<String, Wait>,
    /// What the control plane's next version waits for in the end.
    pub(super) held_back: Vec<String>,
    /// Whether the function asked who else serves.
    pub(super) asked: bool,
    /// Whether the function calls the cluster ready in the end.
    pub(super) is_ready: bool,
    /// What was deleted on the way, by key: a new object may have its key by now.
    pub(super) deleted: BTreeSet<String>,
    /// What providers cannot do in the end, by key, in their words.
    pub(super) stuck: BTreeMap<String, String>,
}

/// What a resource waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// The thing that has to happen.
    pub(super) what: String,
    /// Why it has not happened.
    pub(super) reason: String,
}

/// Makes a cluster that is there already: without NAT no first nodes may be made, so it had some then. Another one serves `host`, if the platform names one: a single file cannot say, and
/// a drain would be refused.
///
/// # Errors
/// Why the function refuses the cluster.
pub(super) fn make(
    composite: &Struct,
    input: Option<&Struct>,
    host: Option<&str>,
) -> Result<Settled, String> {
    let mut first = authored(composite)?;
    let nat = "/spec/network/nat";
    let is_cut_off = first.pointer(nat).is_some_and(|nat| nat == "none");
    if let Some(nat) = first.pointer_mut(nat).filter(|_| is_cut_off) {
        *nat = "single".into();
    }
    let mut world = World::new(first, input.cloned(), compose).at_pace(Pace::Instant);
    let other = host.map(|host| serving(&world.composite, host));
    world.others = Some(other.into_iter().collect());
    let settled = follow(world)?;
    if is_cut_off {
        return settled.change(composite);
    }
    Ok(settled)
}

impl Settled {
    /// What becomes of the cluster when its author changes it.
    ///
    /// # Errors
    /// Why the function refuses the change.
    pub(super) fn change(&self, composite: &Struct) -> Result<Self, String> {
        let mut world = self.world.clone();
        let status = world.composite["status"].take();
        world.composite = authored(composite)?;
        world.composite["status"] = status;
        follow(world)
    }

    /// What becomes of the cluster when another function composes it. What its provider cannot do is in [`Self::stuck`].
    ///
    /// # Errors
    /// Why that function refuses the cluster, or Crossplane its answer.
    pub(super) fn by(
        &self,
        function: impl Fn(RunFunctionRequest) -> RunFunctionResponse + Send + Sync + 'static,
    ) -> Result<Self, String> {
        run(self.world.clone().by(function))
    }

    /// What exists and stays, without what providers report of it.
    pub(super) fn objects(&self) -> BTreeMap<String, Value> {
        let mut objects = self.world.observed();
        objects.retain(|_, object| object["metadata"]["deletionTimestamp"].is_null());
        for fields in objects.values_mut().filter_map(Value::as_object_mut) {
            fields.remove("status");
        }
        objects
    }
}

/// What the author of a composite wrote. A file that comes out of a cluster has a status, too.
fn authored(composite: &Struct) -> Result<Value, String> {
    let mut composite = serde_json::to_value(composite).map_err(|error| error.to_string())?;
    if let Some(fields) = composite.as_object_mut() {
        fields.remove("status");
    }
    Ok(composite)
}

/// Another cluster of the service, which serves.
fn serving(own: &Value, host: &str) -> Value {
    let name = own["metadata"]["name"].as_str().unwrap_or_default();
    let condition = |kind: &str| json!({"type": kind, "status": "True"});
    json!({
        "apiVersion": own["apiVersion"],
        "kind": own["kind"],
        "metadata": {"name": format!("{name}-other"), "namespace": own["metadata"]["namespace"]},
        "status": {
            "traffic": {"host": host},
            "conditions": [condition("Serving")],
        },
    })
}

/// Follows a world in which nothing may get stuck.
fn follow(world: World) -> Result<Settled, String> {
    let settled = run(world)?;
    match settled.stuck.first_key_value() {
        Some((key, message)) => Err(format!("a provider could not do it: {key}: {message}")),
        None => Ok(settled),
    }
}

fn run(mut world: World) -> Result<Settled, String> {
    let steps = world.settle().map_err(|error| error.to_string())?;
    for step in &steps {
        if let Some(message) = step.fatal() {
            return Err(message.to_owned());
        }
        if let Some(refused) = step.refused.first() {
            return Err(format!("Crossplane would not do it: {refused}"));
        }
    }
    let mut waited = BTreeMap::new();
    for (resource, wait) in steps.iter().flat_map(waits) {
        waited.entry(resource).or_insert(wait);
    }
    let asked = steps
        .iter()
        .any(|step| step.response.requirements.is_some());
    let deleted = steps.iter().flat_map(|step| step.deleted.iter().cloned());
    let stuck = world.stuck().into_iter();
    let stuck = stuck.filter_map(|it| {
        let (key, message) = it.split_once(": ")?;
        Some((key.to_owned(), message.trim_matches('"').to_owned()))
    });
    Ok(Settled {
        deleted: deleted.collect(),
        stuck: stuck.collect(),
        is_ready: steps.last().is_some_and(Step::is_ready),
        world,
        waited,
        waits: steps.last().map(waits).unwrap_or_default(),
        held_back: steps.last().map(held_back).unwrap_or_default(),
        asked,
    })
}

/// `status.kubernetesVersion.blockedBy`, as sentences.
fn held_back(step: &Step) -> Vec<String> {
    let list = step.status()["kubernetesVersion"]["blockedBy"].take();
    let holds = list.as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let sentence = |hold: &Value| {
        let (what, reason) = (text(&hold["what"]), text(&hold["reason"]));
        let fix = hold["fix"].as_str().map(|fix| format!("; {fix}"));
        format!(
            "the next version waits for {what}: {reason}{}",
            fix.unwrap_or_default()
        )
    };
    holds.map(sentence).collect()
}

/// `status.waitingFor`, by resource.
fn waits(step: &Step) -> BTreeMap<String, Wait> {
    let list = step.status()["waitingFor"].take();
    let entries = list.as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let waits = entries.map(|entry| {
        let wait = Wait {
            what: text(&entry["for"]),
            reason: text(&entry["reason"]),
        };
        (text(&entry["resource"]), wait)
    });
    waits.collect()
}
