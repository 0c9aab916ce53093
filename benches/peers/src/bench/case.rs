//! The requests that are measured, and what a sensible answer to each is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use peers::world::{self, World};
use prost::Message;
use xcluster::{
    compose::compose,
    wire::proto::v1::{Ready, Resource, RunFunctionRequest, RunFunctionResponse, State},
};

use crate::Error;

/// A request.
#[derive(Clone)]
pub(crate) struct Case {
    /// What tables call it.
    pub(crate) name: String,
    /// Whether the bars apply: every object exists and is ready.
    pub(crate) settled: bool,
    /// What is sent.
    pub(crate) request: Bytes,
    /// The function's answer, which the floor answers with.
    pub(crate) answer: Bytes,
    /// The composed objects, which the other peers copy.
    objects: Vec<u8>,
    /// The keys of the desired objects.
    keys: BTreeSet<String>,
    /// Those whose observed Ready condition is true.
    ready: BTreeSet<String>,
}

/// What an answer has to look like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// As the function gives it.
    Whole,
    /// Every object with a label patched in, and ready where its condition says so.
    Patched,
}

impl Case {
    /// The first call and the settled state of a folder in examples/.
    pub(crate) fn both(root: &Path, example: &str) -> Result<[Self; 2], Error> {
        let mut world = World::new(&root.join("examples").join(example), None)?;
        let first = Self::new(format!("{example}, first call"), false, &world)?;
        world.settle()?;
        let settled = Self::new(format!("{example}, settled"), true, &world)?;
        Ok([first, settled])
    }

    /// The settled state of an example with so many pools.
    pub(crate) fn with_pools(root: &Path, example: &str, count: usize) -> Result<Self, Error> {
        let pools = Some(world::pools(count));
        let mut world = World::new(&root.join("examples").join(example), pools)?;
        world.settle()?;
        Self::new(
            format!("{example} with {count} pools, settled"),
            true,
            &world,
        )
    }

    fn new(name: String, settled: bool, world: &World) -> Result<Self, Error> {
        let request = world.request()?;
        let response = compose(request.clone());
        if response != compose(world.plain_request()?) {
            return Err(Error::Misread(name));
        }
        let resources = response.desired.clone().unwrap_or_default().resources;
        let observed = request.observed.clone().unwrap_or_default().resources;
        let ready = observed.iter().filter(|(_, resource)| is_ready(resource));
        let objects = State {
            composite: None,
            resources: resources
                .iter()
                .map(|(key, resource)| {
                    let mut resource = resource.clone();
                    resource.set_ready(Ready::Unspecified);
                    (key.clone(), resource)
                })
                .collect(),
        };
        Ok(Self {
            name,
            settled,
            request: request.encode_to_vec().into(),
            answer: response.encode_to_vec().into(),
            objects: objects.encode_to_vec(),
            keys: resources.keys().cloned().collect(),
            ready: ready.map(|(key, _)| key.clone()).collect(),
        })
    }

    /// How many objects are desired.
    pub(crate) fn count(&self) -> usize {
        self.keys.len()
    }

    /// Writes what peers need into files: the answer and the objects.
    pub(crate) fn write(&self, folder: &Path) -> Result<(PathBuf, PathBuf), Error> {
        let (answer, objects) = (folder.join("answer.bin"), folder.join("objects.bin"));
        fs::create_dir_all(folder)?;
        fs::write(&answer, &self.answer)?;
        fs::write(&objects, &self.objects)?;
        Ok((answer, objects))
    }

    /// What is wrong with an answer, if anything is.
    pub(crate) fn flaw(&self, expected: Answer, answer: Bytes) -> Option<String> {
        let response = match RunFunctionResponse::decode(answer) {
            Ok(response) => response,
            Err(error) => return Some(format!("cannot be decoded: {error}")),
        };
        if let Some(result) = response.results.first() {
            return Some(format!("has a result: {}", result.message));
        }
        let request = RunFunctionRequest::decode(self.request.clone()).unwrap_or_default();
        if response.meta.unwrap_or_default().tag != request.meta.unwrap_or_default().tag {
            return Some("has another tag".to_owned());
        }
        let desired = response.desired.unwrap_or_default();
        let keys: BTreeSet<_> = desired.resources.keys().cloned().collect();
        if keys != self.keys {
            return Some(format!(
                "desires {} objects, not {}",
                keys.len(),
                self.count()
            ));
        }
        match expected {
            Answer::Whole => {
                let composite = desired.composite.unwrap_or_default();
                let ready = composite.ready() == Ready::True;
                (ready != self.settled).then(|| format!("says that ready is {ready}"))
            }
            Answer::Patched => self.unpatched(&desired),
        }
    }

    fn unpatched(&self, desired: &State) -> Option<String> {
        for (key, resource) in &desired.resources {
            let object = serde_json::to_value(&resource.resource).unwrap_or_default();
            if !object["metadata"]["labels"][peers::PATCHED].is_string() {
                return Some(format!("lacks the label in {key}"));
            }
            if (resource.ready() == Ready::True) != self.ready.contains(key) {
                return Some(format!("is wrong about the readiness of {key}"));
            }
        }
        None
    }
}

fn is_ready(resource: &Resource) -> bool {
    let object = serde_json::to_value(&resource.resource).unwrap_or_default();
    let conditions = object["status"]["conditions"].as_array();
    let mut conditions = conditions.into_iter().flatten();
    conditions.any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}
