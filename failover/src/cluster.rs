//! A cluster, as its object on the management cluster says it is.
//!
//! The spec is read with the function's own types and rules. What a run cannot do without is read on its own, so that
//! a spec which this release does not understand stops nothing that works without it:
//!
//! | what | when it cannot be read |
//! |---|---|
//! | [`Cluster::wanted`], [`Cluster::in_force`] | [`Cluster::unclear`] says so. No run moves traffic from or to the cluster, and it does not count as one that serves |
//! | [`Cluster::spec`] | the gate `spec-accepted` tells why, `capacity` is not checked, and the run goes on where the function accepts the spec |
//! | an object of a cluster that the run does not name | nothing |
//!
//! A management cluster may run another release of the function than the one that this command was built with. So its
//! condition `Valid` decides whether it accepts a spec, and the rules here only where there is no such condition.

mod read;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use xcluster::api::{choice::TrafficState, defaults, spec::Spec};

/// `status.traffic`: what is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The state that DNS follows.
    pub state: TrafficState,
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

/// A cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Its namespace; none when the installed XRD has none.
    pub namespace: Option<String>,
    /// Its cloud, as people are told.
    pub provider: String,
    /// The cloud's region, as people are told.
    pub region: String,
    /// What its author asks for, or why this release does not understand it.
    pub spec: Result<Spec, String>,
    /// Its name in Argo CD, which is how it signs its answers.
    pub argocd: String,
    /// `Ready`.
    pub ready: Condition,
    /// `Registered`.
    pub registered: Condition,
    /// `Valid`: whether the function accepts the spec; `None` where it does not say.
    pub valid: Option<Condition>,
    /// `Valid` where it says that the function refuses the spec, else `Synced`.
    pub synced: Condition,
    /// `spec.traffic.state`; `None` is a spec that leaves it to the default.
    pub wanted: Option<TrafficState>,
    /// What is in force; `None` where the function does not say.
    pub in_force: Option<InForce>,
    /// Why `wanted` or `in_force` cannot be relied on: a word that this release does not know.
    pub unclear: Option<String>,
    /// Argo CD's mark on objects that it applies, itself from git.
    pub kept_by_git: bool,
}

impl Cluster {
    /// What its spec asks for.
    pub fn wants(&self) -> TrafficState {
        self.wanted.unwrap_or(defaults::TRAFFIC_STATE)
    }

    /// Whether a drain, or more than that, is in force.
    pub fn is_drained(&self) -> bool {
        self.in_force
            .as_ref()
            .is_some_and(|traffic| traffic.state != TrafficState::Active)
    }

    /// Whether it serves a host now, and is meant to go on.
    pub fn serves(&self, host: &str) -> bool {
        self.unclear.is_none()
            && self.wants() == TrafficState::Active
            && self.host() == Some(host)
            && self
                .in_force
                .as_ref()
                .is_some_and(|traffic| traffic.weight > 0)
    }

    /// The service's host, where it is known.
    pub fn host(&self) -> Option<&str> {
        self.in_force.as_ref()?.host.as_deref()
    }
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
    async fn set_state(
        &self,
        cluster: &Cluster,
        state: Option<TrafficState>,
    ) -> Result<(), ApiError>;
    /// The TTL of the service's records, where they are objects of the management cluster.
    async fn record_ttl(&self, host: &str) -> Result<Option<Duration>, ApiError>;
}

/// The management cluster does not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ApiError(pub String);
