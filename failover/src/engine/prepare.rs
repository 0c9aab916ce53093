//! Before anything is changed: find both clusters, look at everything, judge.

use std::{net::IpAddr, time::Duration};

use xcluster::api::choice::{Choice as _, TrafficState};

use super::World;
use crate::{
    cluster::Cluster,
    events::Event,
    gates::{Direct, Findings, Gate, judge, may_go_on},
    plan::{Mode, Plan},
    report::{Facts, Report},
    sample::Failure,
    step::Ending,
    tally::Tally,
};

/// More failures say nothing new, and each may take as long as a request may.
const ENOUGH_FAILURES: usize = 3;

/// Why there is nothing to run: bad input, or nothing to read it from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

/// A run that has been looked at.
pub struct Prepared {
    /// Its settings.
    pub plan: Plan,
    /// Everything outside.
    pub world: World,
    /// The cluster that serves now.
    pub source: Cluster,
    /// The one that serves afterwards.
    pub target: Cluster,
    /// How long callers may keep an answer.
    pub ttl: Duration,
    /// What must hold.
    pub gates: Vec<Gate>,
}

impl Prepared {
    /// Whether the gates let it go on.
    pub fn may_go_on(&self) -> bool {
        may_go_on(&self.gates)
    }

    /// The report of a run that changes nothing.
    pub fn report(self, ending: Ending) -> Report {
        let facts = Facts {
            mode: self.plan.mode,
            source: self.source,
            target: self.target,
            host: self.world.host,
            rate: self.plan.rate.per_second,
            ttl: self.ttl,
            gates: self.gates,
            steps: Vec::new(),
            ending,
            decision: None,
            settled: None,
            end: Duration::ZERO,
        };
        Report::new(facts, &Tally::default())
    }
}

/// One cluster by its name.
///
/// # Errors
/// None has it, or several do.
pub(crate) fn find(
    clusters: &[Cluster],
    name: &str,
    namespace: Option<&str>,
) -> Result<Cluster, StartError> {
    let fits = |cluster: &&Cluster| {
        cluster.name == name
            && namespace.is_none_or(|namespace| cluster.namespace.as_deref() == Some(namespace))
    };
    let found: Vec<_> = clusters.iter().filter(fits).collect();
    match found[..] {
        [cluster] => match &cluster.unclear {
            None => Ok(cluster.clone()),
            Some(why) => Err(StartError(format!(
                "{why}; use the command of the release that the management cluster runs"
            ))),
        },
        [] => {
            let known: Vec<_> = clusters
                .iter()
                .map(|cluster| cluster.name.as_str())
                .collect();
            Err(StartError(format!(
                "there is no cluster '{name}'; there are: {}",
                known.join(", ")
            )))
        }
        _ => Err(StartError(format!(
            "several namespaces have a cluster '{name}'; name one with --namespace"
        ))),
    }
}

/// Looks at everything that gates need.
///
/// # Errors
/// [`StartError`] when there is nothing to look at.
pub async fn prepare(plan: Plan, world: World) -> Result<Prepared, StartError> {
    if plan.from == plan.to {
        return Err(StartError(format!(
            "--from and --to are both '{}'; name two clusters",
            plan.from
        )));
    }
    let clusters = world
        .api
        .clusters()
        .await
        .map_err(|error| StartError(error.to_string()))?;
    let source = find(&clusters, &plan.from, plan.namespace.as_deref())?;
    let target = find(&clusters, &plan.to, plan.namespace.as_deref())?;
    has_something_to_move(&plan, &source, &target)?;
    let is_other =
        |cluster: &Cluster| cluster.argocd != source.argocd && cluster.argocd != target.argocd;
    let others = clusters.into_iter().filter(is_other).collect();
    let applications = world
        .api
        .applications()
        .await
        .map_err(|error| error.to_string());
    let requests = plan.direct_requests;
    let source_direct = match plan.mode {
        Mode::Unplanned => Direct::default(),
        _ => {
            world
                .ask_directly(world.source_address(&source), requests)
                .await
        }
    };
    // A cluster without Pods is asked when they are back.
    let target_direct = match plan.mode {
        Mode::Failback => Direct::default(),
        _ => {
            world
                .ask_directly(world.target_address(&target), requests)
                .await
        }
    };
    let see = Findings {
        ttl: world.ttl().await,
        source,
        target,
        others,
        applications,
        source_direct,
        target_direct,
    };
    let mut gates = judge(&plan, &see);
    if plan.mode == Mode::Failback {
        gates.retain(|gate| {
            !matches!(
                gate.name,
                "target-answers" | "same-answer" | "same-revision"
            )
        });
    }
    for gate in &gates {
        world.observer.see(&Event::Gate(gate));
    }
    let Findings {
        source,
        target,
        ttl,
        ..
    } = see;
    // Where it is not known, and that does not stop an unplanned run, the limit is assumed.
    let ttl = ttl.unwrap_or(plan.ttl_limit);
    Ok(Prepared {
        plan,
        world,
        source,
        target,
        ttl,
        gates,
    })
}

fn has_something_to_move(
    plan: &Plan,
    source: &Cluster,
    target: &Cluster,
) -> Result<(), StartError> {
    match (plan.mode, source.wants(), target.wants()) {
        (Mode::Failback, _, TrafficState::Active) => Err(StartError(format!(
            "{} takes traffic already; nothing is to be given back",
            target.name
        ))),
        (
            Mode::Planned | Mode::Unplanned,
            state @ (TrafficState::Drained | TrafficState::Evacuated),
            _,
        ) => Err(StartError(format!(
            "{} is {} already; it has no traffic to move",
            source.name,
            state.name()
        ))),
        _ => Ok(()),
    }
}

impl World {
    pub(super) fn source_address(&self, cluster: &Cluster) -> Option<String> {
        address(self.source_address.as_ref(), cluster)
    }

    pub(super) fn target_address(&self, cluster: &Cluster) -> Option<String> {
        address(self.target_address.as_ref(), cluster)
    }

    /// Asks one cluster's own address, past the service's name.
    pub(super) async fn ask_directly(&self, address: Option<String>, requests: u32) -> Direct {
        let mut direct = Direct {
            address,
            ..Direct::default()
        };
        let Some(name) = &direct.address else {
            return direct;
        };
        direct.asked = requests;
        let mut failed = 0;
        for _ in 0..requests {
            match self.ask_once(name).await {
                Ok(reply) => direct.replies.push(reply),
                Err(failure) => {
                    direct.failures.insert(failure);
                    failed += 1;
                }
            }
            if failed == ENOUGH_FAILURES {
                break;
            }
        }
        direct
    }

    async fn ask_once(&self, name: &str) -> Result<crate::service::Reply, Failure> {
        let address: IpAddr = match name.parse() {
            Ok(address) => address,
            Err(_) => {
                let answer = self.dns.resolve(name).await.map_err(|_| Failure::Dns)?;
                answer.addresses.first().copied().ok_or(Failure::Dns)?
            }
        };
        self.service.connect(address).await?.ask().await
    }

    /// How long callers may keep an answer. A resolver says how much of it is left; a record says the whole.
    async fn ttl(&self) -> Result<Duration, String> {
        let answer = self.dns.resolve(&self.host).await;
        let record = self.api.record_ttl(&self.host).await.ok().flatten();
        match (answer, record) {
            (Ok(answer), Some(record)) => Ok(answer.ttl.max(record)),
            (Ok(answer), None) => Ok(answer.ttl),
            (Err(why), _) => Err(why),
        }
    }
}

fn address(named: Option<&String>, cluster: &Cluster) -> Option<String> {
    named
        .cloned()
        .or_else(|| cluster.in_force.as_ref()?.address.clone())
}
