//! A cluster, as its object on the management cluster says it is.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;

/// What happens to a cluster's share of the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It gets its share.
    Active,
    /// It gets none; its Pods stay.
    Drained,
    /// It gets none, and has no Pods.
    Evacuated,
}

impl State {
    /// As `spec.traffic.state` has it.
    pub fn word(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Drained => "drained",
            State::Evacuated => "evacuated",
        }
    }

    fn parse(word: &str) -> Option<State> {
        [State::Active, State::Drained, State::Evacuated]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// `status.traffic`: what is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The state that DNS follows.
    pub state: State,
    /// Its share in DNS.
    pub weight: u64,
    /// The service's name in DNS.
    pub host: Option<String>,
    /// Where the cluster takes the service's requests: an address or a name.
    pub address: Option<String>,
}

/// A condition, as far as a person needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Whether it is `True`.
    pub holds: bool,
    /// Reason and message.
    pub why: String,
}

/// A pool of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// The size that has the same vCPU on both clouds, where one is named.
    pub size: Option<String>,
    /// GPUs of one node.
    pub gpus: u64,
    /// Fewest nodes.
    pub min: u64,
    /// Most nodes.
    pub max: u64,
}

/// A cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Its namespace; none when the installed XRD has none.
    pub namespace: Option<String>,
    /// `aws` or `gcp`.
    pub provider: String,
    /// The cloud's region.
    pub region: String,
    /// Whether the cloud makes nodes as Pods need them.
    pub auto: bool,
    /// Its name in Argo CD, which is how it signs its answers.
    pub argocd: String,
    /// `Ready`.
    pub ready: Condition,
    /// `Registered`.
    pub registered: Condition,
    /// `Valid` where it says that the function refuses the spec, else `Synced`.
    pub synced: Condition,
    /// `spec.traffic.state`; `None` is a spec that leaves it to the default.
    pub wanted: Option<State>,
    /// What is in force; `None` where the function does not say.
    pub in_force: Option<InForce>,
    /// Its pools.
    pub pools: Vec<Pool>,
    /// Argo CD's mark on objects that it applies, itself from git.
    pub kept_by_git: bool,
}

impl Cluster {
    /// What its spec asks for.
    pub fn wants(&self) -> State {
        self.wanted.unwrap_or(State::Active)
    }

    /// Whether something adds nodes when Pods need them. GKE scales its node pools; nothing scales EKS node groups.
    pub fn adds_nodes(&self) -> bool {
        self.auto || self.provider != "aws"
    }

    /// Whether a drain, or more than that, is in force.
    pub fn is_drained(&self) -> bool {
        self.in_force
            .as_ref()
            .is_some_and(|traffic| traffic.state != State::Active)
    }

    /// The service's host, where it is known.
    pub fn host(&self) -> Option<&str> {
        self.in_force.as_ref()?.host.as_deref()
    }

    /// Reads an object.
    ///
    /// # Errors
    /// What is missing or unknown.
    pub fn read(object: &Value) -> Result<Cluster, String> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let name = text("/metadata/name").ok_or("an object without metadata.name")?;
        let number = |pointer: &str| object.pointer(pointer).and_then(Value::as_u64);
        let state = |pointer: &str| -> Result<Option<State>, String> {
            let Some(word) = text(pointer) else {
                return Ok(None);
            };
            let known = State::parse(word).ok_or_else(|| {
                format!("{name}: {pointer} is '{word}'; active, drained and evacuated are known")
            })?;
            Ok(Some(known))
        };
        let in_force = state("/status/traffic/state")?.map(|state| InForce {
            state,
            weight: number("/status/traffic/weight").unwrap_or(0),
            host: text("/status/traffic/host").map(str::to_owned),
            address: text("/status/traffic/address").map(str::to_owned),
        });
        let annotations = object.pointer("/metadata/annotations");
        Ok(Cluster {
            name: name.to_owned(),
            namespace: text("/metadata/namespace").map(str::to_owned),
            provider: text("/spec/provider").unwrap_or_default().to_owned(),
            region: text("/spec/region").unwrap_or_default().to_owned(),
            auto: text("/spec/mode") == Some("auto"),
            argocd: text("/status/argocd/name").unwrap_or(name).to_owned(),
            ready: condition(object, "Ready"),
            registered: condition(object, "Registered"),
            synced: synced(object),
            wanted: state("/spec/traffic/state")?,
            in_force,
            pools: pools(object),
            kept_by_git: annotations.is_some_and(|annotations| {
                annotations.get("argocd.argoproj.io/tracking-id").is_some()
            }),
        })
    }
}

/// A claim is in step with its composite also when the function refuses that one; only `Valid` says so then.
fn synced(object: &Value) -> Condition {
    let valid = stated(object, "Valid").filter(|valid| !valid.holds);
    valid.unwrap_or_else(|| condition(object, "Synced"))
}

fn condition(object: &Value, kind: &str) -> Condition {
    stated(object, kind).unwrap_or_else(|| Condition {
        holds: false,
        why: format!("no condition {kind}"),
    })
}

fn stated(object: &Value, kind: &str) -> Option<Condition> {
    let conditions = object.pointer("/status/conditions")?.as_array()?;
    let found = conditions
        .iter()
        .find(|condition| condition["type"] == kind)?;
    let word = |key: &str| found[key].as_str().unwrap_or_default();
    let why = match (word("reason"), word("message")) {
        (reason, "") => reason.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    };
    Some(Condition {
        holds: found["status"] == "True",
        why,
    })
}

fn pools(object: &Value) -> Vec<Pool> {
    let pools = object.pointer("/spec/nodePools").and_then(Value::as_array);
    let read = |pool: &Value| Pool {
        name: pool["name"].as_str().unwrap_or_default().to_owned(),
        size: pool["size"].as_str().map(str::to_owned),
        gpus: match pool.get("gpu") {
            Some(gpu) => gpu["count"].as_u64().unwrap_or(1),
            None => 0,
        },
        min: pool["min"].as_u64().unwrap_or(0),
        max: pool["max"].as_u64().unwrap_or(0),
    };
    pools.into_iter().flatten().map(read).collect()
}

/// An Application of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// The cluster it is for, by its name in Argo CD.
    pub cluster: String,
    /// The commit that was synced last; `None` when nothing was.
    pub revision: Option<String>,
    /// The images that run.
    pub images: Vec<String>,
    /// `Healthy`, or what it is instead.
    pub health: Option<String>,
    /// Its ExternalSecrets, each with its health where Argo CD keeps it.
    pub external_secrets: Vec<(String, Option<String>)>,
}

impl Application {
    /// Reads an object.
    pub fn read(object: &Value) -> Application {
        let text = |pointer: &str| {
            let found = object.pointer(pointer).and_then(Value::as_str);
            found.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let list = |pointer: &str| {
            let found = object.pointer(pointer).and_then(Value::as_array);
            found.into_iter().flatten()
        };
        let mut images: Vec<_> = list("/status/summary/images")
            .filter_map(|image| image.as_str().map(str::to_owned))
            .collect();
        images.sort();
        Application {
            name: text("/metadata/name").unwrap_or_default(),
            cluster: text("/spec/destination/name").unwrap_or_default(),
            revision: text("/status/sync/revision"),
            images,
            health: text("/status/health/status"),
            external_secrets: list("/status/resources")
                .filter(|resource| resource["kind"] == "ExternalSecret")
                .map(|resource| {
                    let health = resource.pointer("/health/status").and_then(Value::as_str);
                    let name = resource["name"].as_str().unwrap_or_default();
                    (name.to_owned(), health.map(str::to_owned))
                })
                .collect(),
        }
    }
}

/// The management cluster.
#[async_trait]
pub trait ClusterApi: Send + Sync {
    /// All clusters, in every namespace.
    async fn clusters(&self) -> Result<Vec<Cluster>, ApiError>;
    /// All Applications of Argo CD.
    async fn applications(&self) -> Result<Vec<Application>, ApiError>;
    /// Writes `spec.traffic.state`, and nothing beside it; `None` leaves it to the default.
    async fn set_state(&self, cluster: &Cluster, state: Option<State>) -> Result<(), ApiError>;
    /// The TTL of the service's records, where they are objects of the management cluster.
    async fn record_ttl(&self, host: &str) -> Result<Option<Duration>, ApiError>;
}

/// The management cluster does not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ApiError(pub String);
