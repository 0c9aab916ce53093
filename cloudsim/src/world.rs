//! One composite under Crossplane: its Input, its composed objects, and the clouds behind them.
//!
//! [`World::reconcile`] calls the function and uses its answer as Crossplane does: a Fatal result
//! changes nothing; else what exists and is no longer desired is deleted, and the rest is applied by
//! server-side apply. [`World::tick`] then lets the providers work for a while. [`World::settle`] does
//! both until neither changes anything.

mod collect;
mod held;
mod reconcile;
mod require;
mod response;
mod settle;
mod step;
mod teardown;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use xcluster::{
    compose::resource,
    wire::{
        proto::v1::{RequestMeta, Resource, RunFunctionRequest, RunFunctionResponse, State},
        structpb::{EncodeError, Struct, to_struct},
    },
};

use self::held::Held;
pub use self::{
    reconcile::composed,
    require::call,
    response::{Core, desired, fatal, is_ready},
    step::Step,
};
use crate::{Fault, Pace, Providers, Simulator, apply};

/// The annotation that Crossplane puts a composed resource's key in.
pub const KEY: &str = "crossplane.io/composition-resource-name";

/// A composition function.
type Function = Arc<dyn Fn(RunFunctionRequest) -> RunFunctionResponse + Send + Sync>;

/// A world that does not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An object has no protobuf form.
    #[error("cannot encode an object: {0}")]
    Encode(#[from] EncodeError),
    /// An object is no JSON.
    #[error("cannot read an object: {0}")]
    Json(#[from] serde_json::Error),
    /// The function asks for something else at each call.
    #[error("the function asks for other objects at each call")]
    Requirements,
    /// It changes at each reconcile.
    #[error("not settled after {reconciles} reconciles; it waits for {waiting}")]
    Unsettled {
        /// How many there were.
        reconciles: usize,
        /// `status.waitingFor`.
        waiting: Value,
    },
}

/// The objects of one composite, and the composite. Its providers are the simulated ones, unless they
/// are others.
#[derive(Clone)]
pub struct World<P = Simulator> {
    /// The composite resource as it stands in the API server.
    pub composite: Value,
    /// The function's Input.
    pub input: Option<Struct>,
    /// What earlier steps of the pipeline desire.
    pub upstream: Option<State>,
    /// What else there is in the API server for a function that asks; nothing from a Crossplane that
    /// does not answer.
    pub others: Option<Vec<Value>>,
    /// What the next observations are falsified with, by key.
    pub faults: BTreeMap<String, Fault>,
    function: Function,
    clouds: P,
    objects: BTreeMap<String, Held>,
    /// What earlier calls wrote to the composite's status.
    status: Value,
    /// Whether the last tick changed nothing, and nothing has changed since.
    is_quiet: bool,
}

impl World {
    /// A world in which nothing exists but the composite, with simulated providers.
    pub fn new(
        composite: Value,
        input: Option<Struct>,
        function: impl Fn(RunFunctionRequest) -> RunFunctionResponse + Send + Sync + 'static,
    ) -> Self {
        Self::with(composite, input, function, Simulator::new(Pace::Quick))
    }

    /// The same world with other clouds.
    pub fn on(mut self, clouds: Simulator) -> Self {
        self.clouds = clouds;
        self.is_quiet = false;
        self
    }

    /// The same world with clouds at another pace.
    pub fn at_pace(mut self, pace: Pace) -> Self {
        self.clouds = self.clouds.at_pace(pace);
        self.is_quiet = false;
        self
    }
}

impl<P: Providers> World<P> {
    /// A world in which nothing exists but the composite, with these providers.
    pub fn with(
        composite: Value,
        input: Option<Struct>,
        function: impl Fn(RunFunctionRequest) -> RunFunctionResponse + Send + Sync + 'static,
        clouds: P,
    ) -> Self {
        Self {
            composite,
            input,
            upstream: None,
            others: Some(Vec::new()),
            faults: BTreeMap::new(),
            function: Arc::new(function),
            clouds,
            objects: BTreeMap::new(),
            status: json!({}),
            is_quiet: false,
        }
    }

    /// The same world, and another function from now on.
    pub fn by(
        mut self,
        function: impl Fn(RunFunctionRequest) -> RunFunctionResponse + Send + Sync + 'static,
    ) -> Self {
        self.function = Arc::new(function);
        self
    }

    /// What the clouds have.
    pub fn clouds(&self) -> &P {
        &self.clouds
    }

    /// The same, to change it.
    pub fn clouds_mut(&mut self) -> &mut P {
        self.is_quiet = false;
        &mut self.clouds
    }

    /// The composed objects as an observer sees them, by key.
    pub fn observed(&self) -> BTreeMap<String, Value> {
        let objects = self.objects.iter();
        objects
            .map(|(key, held)| {
                let mut object = held.object().clone();
                if let Some(fault) = self.faults.get(key) {
                    fault.hit(&mut object);
                }
                (key.clone(), object)
            })
            .collect()
    }

    /// Changes the composite's spec, as its author would. `null` removes a field.
    pub fn edit(&mut self, spec: &Value) {
        apply::merge_patch(&mut self.composite["spec"], spec);
    }

    /// An object, to change it as somebody else would.
    pub fn object_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.is_quiet = false;
        self.objects.get_mut(key).map(Held::object_mut)
    }

    /// An object and what the cloud has for it are gone.
    pub fn forget(&mut self, key: &str) {
        self.is_quiet = false;
        self.objects.remove(key);
        self.clouds.forget(key);
    }

    /// The objects that their provider cannot bring to what is desired, with its message.
    pub fn stuck(&self) -> Vec<String> {
        let mut stuck = Vec::new();
        for (key, object) in self.observed() {
            let conditions = object["status"]["conditions"].as_array();
            let failed = conditions.into_iter().flatten();
            let failed = failed.filter(|c| c["type"] == "Synced" && c["status"] == "False");
            stuck.extend(failed.map(|condition| format!("{key}: {}", condition["message"])));
        }
        stuck
    }

    /// What Crossplane would ask now.
    ///
    /// # Errors
    /// [`Error::Encode`].
    pub fn request(&self) -> Result<RunFunctionRequest, Error> {
        let resources = self.objects.iter().map(|(key, held)| {
            let resource = match self.faults.get(key) {
                None => held.on_wire()?,
                Some(fault) => {
                    let mut object = held.object().clone();
                    fault.hit(&mut object);
                    on_wire(&object)?
                }
            };
            Ok((key.clone(), resource))
        });
        Ok(RunFunctionRequest {
            meta: Some(RequestMeta {
                tag: "tag".to_owned(),
                ..RequestMeta::default()
            }),
            observed: Some(State {
                composite: Some(on_wire(&self.composite)?),
                resources: resources.collect::<Result<_, Error>>()?,
            }),
            desired: self.upstream.clone(),
            input: self.input.clone(),
            ..RunFunctionRequest::default()
        })
    }
}

/// An object on the wire.
///
/// # Errors
/// [`EncodeError`] when it has no protobuf form.
pub fn on_wire(object: &Value) -> Result<Resource, EncodeError> {
    Ok(resource(to_struct(object)?))
}
