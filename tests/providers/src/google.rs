//! Google Cloud on this machine: the APIs that provider-gcp calls for what the function composes.
//!
//! Each request is held against Google's discovery document: an unknown field, value or query parameter
//! is refused as Google refuses it. What an API makes of a request is in one file an API, and each rule
//! names where it is from. Nothing is charged, and no credential is looked at.

mod compute;
pub mod container;
mod iam;
mod kms;
mod policy;
mod projects;
mod refusal;
mod services;

use std::{
    collections::BTreeMap,
    fs, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

pub use self::{container::Container, refusal::Refusal};
use crate::{
    discovery::{Api, Call, Method},
    driven::Cloud,
    http::{Asked, Server},
};

/// The number of every project.
pub const NUMBER: &str = "123456789012";

/// The APIs: the first label of their hosts, and the files of their documents.
const APIS: [(&str, &str); 7] = [
    ("cloudbilling", "cloudbilling-api.json"),
    ("cloudkms", "cloudkms-api.json"),
    ("cloudresourcemanager", "cloudresourcemanager-api.json"),
    ("compute", "compute-api.json"),
    ("container", "container-api.json"),
    ("iam", "iam-api.json"),
    ("serviceusage", "serviceusage-api.json"),
];

/// Fields that no document knows and Terraform sends whatever the object says, for networks
/// (google/services/compute/resource_compute_network.go) and NAT gateways (resource_compute_router_nat.go). Both can
/// be made all the same, so Compute Engine ignores them.
const IGNORED: [&str; 2] = ["\"deleteBgpAlwaysCompareMed\"", "\"initialNatIps\""];

/// What the cloud has.
#[derive(Default)]
pub struct State {
    /// All calls, oldest first.
    pub calls: Vec<Record>,
    /// GKE.
    pub container: Container,
    compute: compute::Compute,
    iam: iam::Iam,
    kms: kms::Kms,
    projects: projects::Projects,
    services: services::Services,
}

/// A call that was answered.
#[derive(Clone, Debug)]
pub struct Record {
    /// The method's id; the path where no API has that method.
    pub method: String,
    /// Whether it was to change something.
    pub is_write: bool,
    /// The path.
    pub path: String,
    /// What was sent.
    pub body: Value,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Why it was refused.
    pub message: String,
}

/// A running Google Cloud.
pub struct Google {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Google {
    /// Starts one with the documents of a folder.
    ///
    /// # Errors
    /// A document is not there or is no JSON, or no socket is available.
    pub fn start(documents: &Path) -> io::Result<Self> {
        let mut apis = BTreeMap::new();
        for (host, file) in APIS {
            let text = fs::read_to_string(documents.join(file))?;
            apis.insert(host, Api::new(&serde_json::from_str(&text)?));
        }
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let answer = move |asked: &Asked| {
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            state.answer(&apis, asked)
        };
        Ok(Self {
            server: Server::start(Arc::new(answer))?,
            state,
        })
    }

    /// Where its APIs are: each at the path that is the host of the real one.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// What it has, to look at it or to change it.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cloud for Google {
    fn writes(&self) -> usize {
        let state = self.state();
        state.calls.iter().filter(|call| call.is_write).count()
    }

    fn recent(&self) -> String {
        let state = self.state();
        let told = state
            .calls
            .iter()
            .filter(|call| call.is_write || call.status != 200);
        let last: Vec<_> = told.rev().take(8).collect();
        let last = last.into_iter().rev();
        let lines = last.map(|call| {
            format!(
                "{} {} {} {} {}\n",
                call.status, call.method, call.path, call.body, call.message
            )
        });
        lines.collect()
    }
}

impl State {
    /// What there is that can be deleted.
    pub fn left(&self) -> Vec<String> {
        let mut left = self.compute.left();
        left.extend(
            self.container
                .clusters()
                .map(|(name, _)| format!("cluster {name}")),
        );
        left.extend(self.iam.left());
        left.extend(self.projects.left());
        left
    }

    fn answer(&mut self, apis: &BTreeMap<&str, Api>, asked: &Asked) -> (u16, Value) {
        let (method, result) = self.route(apis, asked);
        let (status, body, message) = match result {
            Ok(body) => (200, body, String::new()),
            Err(refusal) => (refusal.code, refusal.body(), refusal.message),
        };
        // Checks and policies are asked for with POST, and change nothing.
        let reads = ["getIamPolicy", "batchGet", ".wait"];
        let is_write = asked.verb != "GET" && !reads.iter().any(|read| method.ends_with(read));
        self.calls.push(Record {
            method,
            is_write,
            path: asked.path.clone(),
            body: asked.body.clone(),
            status,
            message,
        });
        (status, body)
    }

    fn route(
        &mut self,
        apis: &BTreeMap<&str, Api>,
        asked: &Asked,
    ) -> (String, Result<Value, Refusal>) {
        let trimmed = asked.path.trim_start_matches('/');
        let (host, path) = trimmed.split_once('/').unwrap_or((trimmed, ""));
        let name = host.split('.').next().unwrap_or_default();
        let Some(api) = apis.get(name) else {
            let refusal = Refusal::not_found(&format!("there is no API at {host}"));
            return (asked.path.clone(), Err(refusal));
        };
        let Some((method, variables)) = api.find(&asked.verb, path) else {
            let refusal = Refusal::not_found(&format!("{} has no {} {path}", host, asked.verb));
            return (asked.path.clone(), Err(refusal));
        };
        let call = Call {
            method: method.id.clone(),
            path: variables,
            query: query(&asked.query),
            body: asked.body.clone(),
        };
        let result = self.checked(api, method, &call);
        (method.id.clone(), result)
    }

    fn checked(&mut self, api: &Api, method: &Method, call: &Call) -> Result<Value, Refusal> {
        let mut problems = api.request_problems(method, &call.query, &call.body);
        problems.retain(|problem| !IGNORED.iter().any(|field| problem.contains(field)));
        if !problems.is_empty() {
            return Err(Refusal::invalid(&problems.join("\n")));
        }
        self.services.check(&call.method, &call.path)?;
        let answer = self.dispatch(call)?;
        let mut problems = api.response_problems(method, &answer);
        problems.retain(|problem| !IGNORED.iter().any(|field| problem.contains(field)));
        if problems.is_empty() {
            return Ok(answer);
        }
        let what = format!("this cloud's own answer is wrong: {}", problems.join("\n"));
        Err(Refusal::new(500, "INTERNAL", &what))
    }

    fn dispatch(&mut self, call: &Call) -> Result<Value, Refusal> {
        if call.method == "compute.instanceGroupManagers.list" {
            let part = |index: usize| call.path.get(index).map_or("", String::as_str);
            return Ok(self.container.groups(part(0), part(1)));
        }
        match call.method.split('.').next().unwrap_or_default() {
            "cloudbilling" => Ok(projects::billing(call)),
            "cloudkms" => self.kms.answer(call, &self.iam),
            "cloudresourcemanager" => self.projects.answer(call, &self.iam),
            "compute" => self.compute.answer(call),
            "container" => self.container.answer(call, &self.compute, &self.iam),
            "iam" => {
                let answer = self.iam.answer(call);
                if let Some((address, id)) = self.iam.deleted.take() {
                    self.projects.lose(&address, &id);
                }
                answer
            }
            "serviceusage" => self.services.answer(call, &mut self.iam),
            _ => Err(Refusal::unimplemented(&call.method)),
        }
    }
}

fn query(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

/// Fields that an object gets where it does not have them.
fn fill(object: &mut Value, defaults: Value) {
    match (object, defaults) {
        (Value::Object(object), Value::Object(defaults)) => {
            for (name, value) in defaults {
                match object.get_mut(&name) {
                    Some(had) if had.is_object() => fill(had, value),
                    Some(_) => {}
                    None => drop(object.insert(name, value)),
                }
            }
        }
        (object, defaults) if object.is_null() => *object = defaults,
        _ => {}
    }
}

fn empty() -> Value {
    json!({})
}
