//! Two clusters, DNS and a management cluster, in memory and in tokio's time.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use failover::{
    cluster::{ApiError, Application, Cluster, ClusterApi, InForce},
    dns::{Answer, Dns},
    engine::{StartError, World, prepare},
    events::{Event, Observer},
    load::Rate,
    plan::{Mode, Plan},
    report::Report,
    sample::Failure,
    service::{Connection, Reply, Service},
    step::{Ending, Step},
};
use serde_json::{Value, json};
use tokio::{sync::watch, time::Instant};
use xcluster::api::choice::TrafficState;

pub(crate) const HOST: &str = "inference.acme.example";
pub(crate) const SOURCE: &str = "prod-us";
pub(crate) const TARGET: &str = "prod-eu";

/// How a cluster's service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Good,
    /// Takes connections, and never answers.
    Silent,
    Status(u16),
}

pub(crate) struct Site {
    pub(crate) cluster: Cluster,
    pub(crate) address: IpAddr,
    pub(crate) health: Health,
    pub(crate) model: &'static str,
    /// When its Pods are there, after they were gone.
    pods_from: Instant,
}

pub(crate) struct Inside {
    pub(crate) sites: Vec<Site>,
    pub(crate) applications: Vec<Application>,
    pub(crate) ttl: Duration,
    /// How long the function and the provider take.
    pub(crate) apply: Duration,
    /// How long Pods take to start.
    pub(crate) start: Duration,
    /// Nothing that is written comes into force.
    pub(crate) stuck: bool,
    /// Writes that fail from now on.
    pub(crate) failing_writes: usize,
    /// The management cluster does not answer at all.
    pub(crate) away: bool,
    pub(crate) writes: Vec<(String, Option<TrafficState>)>,
    pending: Vec<(Instant, String, TrafficState)>,
    turn: usize,
}

/// The whole world; clones share it.
#[derive(Clone)]
pub(crate) struct Sim(Arc<Mutex<Inside>>);

/// A sound spec with other fields, or more of them.
pub(crate) fn spec(fields: Value) -> Value {
    let mut spec = json!({
        "provider": "aws",
        "region": "us-east-1",
        "environment": "prod",
        "kubernetesVersion": "1.36",
        "network": {"cidr": "10.20.0.0/16"},
        "nodePools": [{"name": "general", "size": "medium", "min": 2, "max": 10}],
    });
    let Value::Object(fields) = fields else {
        panic!("{fields} are no fields");
    };
    spec.as_object_mut().unwrap().extend(fields);
    spec
}

pub(crate) fn cluster(name: &str, provider: &str, address: &str) -> Cluster {
    Cluster::read(&json!({
        "metadata": {"name": name, "namespace": "ml-platform"},
        "spec": spec(json!({"provider": provider})),
        "status": {
            "argocd": {"name": format!("ml-platform.{name}")},
            "traffic": {"state": "active", "weight": 100, "host": HOST, "address": address},
            "conditions": [
                {"type": "Ready", "status": "True", "reason": "Available"},
                {"type": "Synced", "status": "True", "reason": "ReconcileSuccess"},
                {"type": "Valid", "status": "True", "reason": "Valid"},
                {"type": "Registered", "status": "True", "reason": "Registered"},
            ],
        },
    }))
    .unwrap()
}

impl Sim {
    pub(crate) fn new() -> Sim {
        let site = |name, provider, address: &str| Site {
            cluster: cluster(name, provider, address),
            address: address.parse().unwrap(),
            health: Health::Good,
            model: "95206efc",
            pods_from: Instant::now(),
        };
        Sim(Arc::new(Mutex::new(Inside {
            sites: vec![
                site(SOURCE, "aws", "192.0.2.1"),
                site(TARGET, "gcp", "192.0.2.2"),
            ],
            applications: Vec::new(),
            ttl: Duration::from_secs(30),
            apply: Duration::from_secs(4),
            start: Duration::from_secs(40),
            stuck: false,
            failing_writes: 0,
            away: false,
            writes: Vec::new(),
            pending: Vec::new(),
            turn: 0,
        })))
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Inside) -> T) -> T {
        let mut inside = self.0.lock().unwrap();
        inside.come_into_force();
        look(&mut inside)
    }

    pub(crate) fn change(&self, name: &str, change: impl FnOnce(&mut Site)) {
        self.with(|inside| change(inside.site(name)));
    }

    /// Changes a cluster when so much time has passed.
    pub(crate) fn later(&self, after: Duration, name: &'static str, health: Health) {
        let sim = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            sim.change(name, |site| site.health = health);
        });
    }

    pub(crate) fn state(&self, name: &str) -> TrafficState {
        self.with(|inside| inside.site(name).cluster.in_force.as_ref().unwrap().state)
    }

    pub(crate) fn writes(&self) -> Vec<(String, Option<TrafficState>)> {
        self.with(|inside| inside.writes.clone())
    }

    pub(crate) fn world(&self, interrupted: watch::Receiver<bool>) -> World {
        World {
            api: Arc::new(self.clone()),
            dns: Arc::new(self.clone()),
            service: Arc::new(self.clone()),
            observer: Arc::new(Silence),
            host: HOST.to_owned(),
            source_address: None,
            target_address: None,
            interrupted,
        }
    }

    /// Gates, and the run if they let it.
    pub(crate) async fn run(&self, plan: Plan) -> Report {
        let (_stop, interrupted) = watch::channel(false);
        self.run_until(plan, interrupted).await.unwrap()
    }

    pub(crate) async fn run_until(
        &self,
        plan: Plan,
        interrupted: watch::Receiver<bool>,
    ) -> Result<Report, StartError> {
        let prepared = prepare(plan, self.world(interrupted)).await?;
        if prepared.may_go_on() {
            Ok(prepared.run().await)
        } else {
            Ok(prepared.report(Ending::Refused))
        }
    }
}

impl Inside {
    pub(crate) fn site(&mut self, name: &str) -> &mut Site {
        self.sites
            .iter_mut()
            .find(|site| site.cluster.name == name)
            .unwrap()
    }

    fn come_into_force(&mut self) {
        let (now, start) = (Instant::now(), self.start);
        let due: Vec<_> = self.pending.extract_if(.., |(at, ..)| *at <= now).collect();
        for (at, name, state) in due {
            let site = self.site(&name);
            let before = site.cluster.in_force.as_ref().unwrap().state;
            if before == TrafficState::Evacuated && state != TrafficState::Evacuated {
                site.pods_from = at + start;
            }
            site.cluster.in_force.as_mut().unwrap().state = state;
        }
    }

    fn has_pods(&mut self, address: IpAddr) -> bool {
        let site = self
            .sites
            .iter()
            .find(|site| site.address == address)
            .unwrap();
        let InForce { state, .. } = site.cluster.in_force.as_ref().unwrap();
        *state != TrafficState::Evacuated && site.pods_from <= Instant::now()
    }
}

#[async_trait]
impl ClusterApi for Sim {
    async fn clusters(&self) -> Result<Vec<Cluster>, ApiError> {
        self.with(|inside| {
            let sites = inside.sites.iter();
            let clusters = sites.map(|site| site.cluster.clone()).collect();
            let away = ApiError("no route to host".to_owned());
            if inside.away { Err(away) } else { Ok(clusters) }
        })
    }

    async fn applications(&self) -> Result<Vec<Application>, ApiError> {
        Ok(self.with(|inside| inside.applications.clone()))
    }

    async fn set_state(
        &self,
        cluster: &Cluster,
        state: Option<TrafficState>,
    ) -> Result<(), ApiError> {
        self.with(|inside| {
            if inside.failing_writes > 0 || inside.away {
                inside.failing_writes = inside.failing_writes.saturating_sub(1);
                return Err(ApiError("the API server is away".to_owned()));
            }
            inside.writes.push((cluster.name.clone(), state));
            inside.site(&cluster.name).cluster.wanted = state;
            if !inside.stuck {
                let at = Instant::now() + inside.apply;
                inside.pending.push((
                    at,
                    cluster.name.clone(),
                    state.unwrap_or(TrafficState::Active),
                ));
            }
            Ok(())
        })
    }

    async fn record_ttl(&self, _: &str) -> Result<Option<Duration>, ApiError> {
        Ok(None)
    }
}

#[async_trait]
impl Dns for Sim {
    async fn resolve(&self, _: &str) -> Result<Answer, String> {
        Ok(self.with(|inside| {
            let is_active = |site: &&Site| {
                site.cluster.in_force.as_ref().unwrap().state == TrafficState::Active
            };
            let mut addresses: Vec<_> = inside
                .sites
                .iter()
                .filter(is_active)
                .map(|site| site.address)
                .collect();
            inside.turn += 1;
            let first = inside.turn % addresses.len().max(1);
            addresses.rotate_left(first);
            Answer {
                addresses,
                ttl: inside.ttl,
            }
        }))
    }
}

#[async_trait]
impl Service for Sim {
    async fn connect(&self, address: IpAddr) -> Result<Box<dyn Connection>, Failure> {
        if !self.with(|inside| inside.has_pods(address)) {
            return Err(Failure::Connect);
        }
        Ok(Box::new(Line {
            sim: self.clone(),
            address,
            broken: false,
        }))
    }
}

struct Line {
    sim: Sim,
    address: IpAddr,
    broken: bool,
}

#[async_trait]
impl Connection for Line {
    async fn ask(&mut self) -> Result<Reply, Failure> {
        if !self.is_open() {
            return Err(Failure::Closed);
        }
        let address = self.address;
        let (health, reply) = self.sim.with(|inside| {
            let site = inside.sites.iter().find(|site| site.address == address).unwrap();
            let reply = Reply {
                cluster: site.cluster.argocd.clone(),
                model_version: Some(site.model.to_owned()),
                body: json!({"model": {"sha256": site.model}, "predictions": [{"label": "9", "probability": 0.9}]}),
            };
            (site.health, reply)
        });
        match health {
            Health::Good => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(reply)
            }
            Health::Silent => {
                tokio::time::sleep(Duration::from_secs(2)).await;
                self.broken = true;
                Err(Failure::Timeout)
            }
            Health::Status(status) => Err(Failure::Status(status)),
        }
    }

    fn is_open(&mut self) -> bool {
        let address = self.address;
        !self.broken && self.sim.with(|inside| inside.has_pods(address))
    }
}

struct Silence;

impl Observer for Silence {
    fn see(&self, _: &Event<'_>) {}
}

pub(crate) fn plan(mode: Mode) -> Plan {
    Plan {
        from: SOURCE.to_owned(),
        to: TARGET.to_owned(),
        namespace: None,
        mode,
        failback: false,
        baseline: Duration::from_secs(15),
        hold: Duration::from_mins(5),
        margin: Duration::from_mins(1),
        apply: Duration::from_mins(2),
        warm_up: Duration::from_mins(10),
        ttl_limit: Duration::from_mins(1),
        budget_percent: 1.0,
        direct_requests: 10,
        request_limit: Duration::from_secs(2),
        rate: Rate {
            per_second: 20,
            in_flight: 120,
        },
        application: "inference-".to_owned(),
    }
}

pub(crate) fn steps(report: &Report) -> Vec<Step> {
    report.steps.iter().map(|record| record.step).collect()
}

pub(crate) fn failed(report: &Report) -> usize {
    report.phases.values().map(|phase| phase.all.failed).sum()
}
