//! A cluster's life up to the point where nothing changes any more, and the requests of it with all that
//! an API server and providers write into objects.

use std::path::Path;

use cloudsim::{
    crowd,
    world::{self, on_wire},
};
use manifests::{ManifestError, composite_of, input_of, load};
use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::proto::v1::{Capability, RequestMeta, RunFunctionRequest, State},
};

/// A world that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The example cannot be read.
    #[error("cannot read an example: {0}")]
    Example(#[from] ManifestError),
    /// The composite is no JSON.
    #[error("cannot convert: {0}")]
    Json(#[from] serde_json::Error),
    /// The world does not go on.
    #[error("an example does not settle: {0}")]
    World(#[from] world::Error),
    /// The function says that the example is wrong.
    #[error("the function refuses an example: {0}")]
    Refused(String),
    /// It never gets ready.
    #[error("an example is not ready; it waits for {0}")]
    Unready(Value),
}

/// One composite and its composed objects, as they stand in the API server.
pub struct World(world::World);

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
        let input = input_of(&load(&composition)?, &composition)?;
        Ok(Self(world::World::new(composite, input, compose)))
    }

    /// What Crossplane asks, with all that an API server and providers write into objects.
    ///
    /// # Errors
    /// [`Error`] when an object has no protobuf form.
    pub fn request(&self) -> Result<RunFunctionRequest, Error> {
        let objects = self.0.observed();
        let references: Vec<&Value> = objects.values().collect();
        let composite = crowd::composite(&self.0.composite, &references);
        let crowded = objects.iter().map(|(key, object)| {
            let object = crowd::composed(object, &composite);
            Ok((key.clone(), on_wire(&object)?))
        });
        let crowded: Result<_, world::Error> = crowded.collect();
        Ok(RunFunctionRequest {
            observed: Some(State {
                composite: Some(on_wire(&composite).map_err(world::Error::from)?),
                resources: crowded?,
            }),
            ..self.plain_request()?
        })
    }

    /// The same without what the function does not read.
    ///
    /// # Errors
    /// [`Error`] when an object has no protobuf form.
    pub fn plain_request(&self) -> Result<RunFunctionRequest, Error> {
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
            ..self.0.request()?
        })
    }

    /// Reconciles until the composite is ready and neither the function nor the clouds change anything.
    ///
    /// # Errors
    /// [`Error`] when that does not come.
    pub fn settle(&mut self) -> Result<(), Error> {
        let steps = self.0.settle()?;
        let Some(last) = steps.last() else {
            return Ok(());
        };
        if let Some(message) = last.fatal() {
            return Err(Error::Refused(message.to_owned()));
        }
        if !last.is_ready() {
            return Err(Error::Unready(last.status()["waitingFor"].take()));
        }
        Ok(())
    }
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
