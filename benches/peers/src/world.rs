//! A cluster's life up to the point where nothing changes any more: the function is called as
//! Crossplane calls it, and simulated clouds do what it asks for.

use std::{collections::BTreeMap, path::Path};

use cloudsim::{Pace, Simulator, apply, crowd};
use manifests::{ManifestError, composite_of, input_of, load};
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{
            Capability, Ready, RequestMeta, Resource, RunFunctionRequest, RunFunctionResponse,
            State,
        },
        structpb::{Struct, to_struct},
    },
};

/// More reconciles than any cluster needs.
const MOST: usize = 80;

/// A world that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The example cannot be read.
    #[error("cannot read an example: {0}")]
    Example(#[from] ManifestError),
    /// An object is no JSON.
    #[error("cannot convert: {0}")]
    Json(#[from] serde_json::Error),
    /// An object has no protobuf form.
    #[error("cannot encode: {0}")]
    Encode(#[from] xcluster::wire::structpb::EncodeError),
    /// The function says that the example is wrong.
    #[error("the function refuses an example: {0}")]
    Refused(String),
    /// It never gets ready.
    #[error("an example does not settle; it waits for {0}")]
    Unsettled(String),
}

/// One composite and its composed objects, as they stand in the API server.
pub struct World {
    composite: Value,
    status: Value,
    input: Option<Struct>,
    clouds: Simulator,
    objects: BTreeMap<String, Held>,
}

/// A composed object, and what was applied to it last.
#[derive(Default)]
struct Held {
    object: Value,
    applied: Value,
}

impl World {
    /// The XR and the Input of a folder in examples/, and nothing else. `pools` replaces its pools.
    ///
    /// # Errors
    /// [`Error`] when the folder is not as it should be.
    pub fn new(folder: &Path, pools: Option<Value>) -> Result<Self, Error> {
        let xr = folder.join("xr.yaml");
        let documents = load(&xr)?;
        let first = documents.first().unwrap_or(&Value::Null);
        let mut composite = serde_json::to_value(composite_of(first, None, &xr)?)?;
        if let Some(pools) = pools {
            composite["spec"]["nodePools"] = pools;
        }
        let composition = folder.join("composition.yaml");
        Ok(Self {
            composite,
            status: json!({}),
            input: input_of(&load(&composition)?, &composition)?,
            clouds: Simulator::new(Pace::Quick),
            objects: BTreeMap::new(),
        })
    }

    /// What Crossplane asks, with all that an API server and providers write into objects.
    ///
    /// # Errors
    /// [`Error`] when an object has no protobuf form.
    pub fn request(&self) -> Result<RunFunctionRequest, Error> {
        let references: Vec<&Value> = self.objects.values().map(|held| &held.object).collect();
        let composite = crowd::composite(&self.composite, &references);
        let objects = self.objects.iter().map(|(key, held)| {
            let object = crowd::composed(&held.object, &composite);
            Ok((key.clone(), on_wire(&object)?))
        });
        self.ask(&composite, objects.collect::<Result<_, Error>>()?)
    }

    /// The same without what the function does not read.
    ///
    /// # Errors
    /// [`Error`] when an object has no protobuf form.
    pub fn plain_request(&self) -> Result<RunFunctionRequest, Error> {
        let objects = self.objects.iter();
        let objects = objects.map(|(key, held)| Ok((key.clone(), on_wire(&held.object)?)));
        self.ask(&self.composite, objects.collect::<Result<_, Error>>()?)
    }

    fn ask(
        &self,
        composite: &Value,
        resources: BTreeMap<String, Resource>,
    ) -> Result<RunFunctionRequest, Error> {
        let capabilities = [
            Capability::Capabilities,
            Capability::RequiredResources,
            Capability::Credentials,
            Capability::Conditions,
            Capability::RequiredSchemas,
        ];
        Ok(RunFunctionRequest {
            meta: Some(RequestMeta {
                tag: crowd::hex(64, "tag"),
                capabilities: capabilities.map(i32::from).to_vec(),
            }),
            observed: Some(State {
                composite: Some(on_wire(composite)?),
                resources,
            }),
            input: self.input.clone(),
            ..RunFunctionRequest::default()
        })
    }

    /// Reconciles until the composite is ready and neither the function nor the clouds change anything.
    ///
    /// # Errors
    /// [`Error`] when that does not come.
    pub fn settle(&mut self) -> Result<(), Error> {
        let mut last = None;
        for _ in 0..MOST {
            let response = compose(self.plain_request()?);
            self.follow(&response)?;
            let objects = self.objects.iter_mut();
            let moved = self
                .clouds
                .tick(objects.map(|(key, held)| (key.as_str(), &mut held.object)));
            let same = last.as_ref() == Some(&response);
            if same && !moved && is_ready(&response) {
                return Ok(());
            }
            last = Some(response);
        }
        Err(Error::Unsettled(self.status["waitingFor"].to_string()))
    }

    /// Applies what is desired.
    fn follow(&mut self, response: &RunFunctionResponse) -> Result<(), Error> {
        if let Some(result) = response.results.iter().find(|result| result.severity == 1) {
            return Err(Error::Refused(result.message.clone()));
        }
        let desired = response.desired.clone().unwrap_or_default();
        for (key, resource) in desired.resources {
            let mut object = serde_json::to_value(&resource.resource)?;
            object["metadata"]["annotations"]["crossplane.io/composition-resource-name"] =
                key.clone().into();
            object["metadata"]["labels"]["crossplane.io/composite"] =
                self.composite["metadata"]["name"].clone();
            let held = self.objects.entry(key).or_insert_with(|| Held {
                object: json!({}),
                applied: json!({}),
            });
            apply::apply(&mut held.object, &mut held.applied, object);
        }
        let composite = desired.composite.unwrap_or_default();
        let mut composite = serde_json::to_value(&composite.resource)?;
        let status = composite["status"].take();
        apply::apply(&mut self.composite["status"], &mut self.status, status);
        self.composite["status"]["conditions"] = conditions(response);
        Ok(())
    }
}

/// The function's conditions and Crossplane's own.
fn conditions(response: &RunFunctionResponse) -> Value {
    let ready = if is_ready(response) { "True" } else { "False" };
    let own = response.conditions.iter().map(|condition| {
        let status = ["Unknown", "Unknown", "True", "False"];
        let status = usize::try_from(condition.status).map_or("Unknown", |at| status[at.min(3)]);
        json!({"type": condition.r#type, "status": status, "reason": condition.reason,
            "message": condition.message})
    });
    let core = [
        json!({"type": "Synced", "status": "True", "reason": "ReconcileSuccess"}),
        json!({"type": "Ready", "status": ready, "reason": "Available"}),
        json!({"type": "Responsive", "status": "True", "reason": "WatchCircuitClosed"}),
    ];
    core.into_iter().chain(own).collect()
}

fn is_ready(response: &RunFunctionResponse) -> bool {
    let desired = response.desired.as_ref();
    let composite = desired.and_then(|state| state.composite.as_ref());
    composite.is_some_and(|composite| composite.ready() == Ready::True)
}

fn on_wire(object: &Value) -> Result<Resource, Error> {
    Ok(resource(to_struct(object)?))
}

/// So many node pools. Every third is one of spot GPUs.
pub fn pools(count: usize) -> Value {
    let pool = |number: usize| {
        let name = format!("pool-{number:02}");
        if number.is_multiple_of(3) {
            json!({"name": name, "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8, "capacity": "spot"})
        } else {
            json!({"name": name, "size": "medium", "min": 2, "max": 10})
        }
    };
    (1..=count).map(pool).collect()
}
