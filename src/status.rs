//! `status` of the composite: what exists, and what is being waited for.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    argocd,
    cost::{self, Report},
    gate::Outcome,
    observed::Observed,
    plan::Cx,
    provider::{self, Facts, Parity},
    reader::Choice,
    structpb::{EncodeError, Struct, to_struct},
    traffic::Traffic,
    xcluster::{Provider, Version},
};

/// Most entries of `status.waitingFor`: as many as a cluster of the usual size has resources.
const MOST_WAITING: usize = 60;

/// Where a cluster is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// It has never been ready.
    Provisioning,
    /// Everything required is ready.
    Ready,
    /// It is on its way to a newer version.
    Upgrading,
    /// It was ready, and something no longer is.
    Degraded,
}

impl Phase {
    /// The phase's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "Provisioning",
            Self::Ready => "Ready",
            Self::Upgrading => "Upgrading",
            Self::Degraded => "Degraded",
        }
    }

    /// The next phase, given the last one.
    pub fn next(last: Option<&str>, ready: bool, upgrading: bool) -> Self {
        match (ready, upgrading, last) {
            (_, true, Some("Ready" | "Upgrading" | "Degraded")) => Self::Upgrading,
            (true, _, _) => Self::Ready,
            (false, _, Some("Ready" | "Upgrading" | "Degraded")) => Self::Degraded,
            (false, _, _) => Self::Provisioning,
        }
    }
}

#[derive(Serialize)]
struct Composite<'a> {
    status: Status<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    phase: Phase,
    provider: &'static str,
    cluster_name: &'a str,
    account: Option<&'a str>,
    cluster_id: Option<String>,
    endpoint: Option<String>,
    certificate_authority: Option<String>,
    oidc_issuer: Option<String>,
    workload_pool: Option<String>,
    kubernetes_version: KubernetesVersion,
    network: BTreeMap<&'static str, String>,
    node_pools: Vec<Pool<'a>>,
    waiting_for: Vec<WaitingFor<'a>>,
    argocd: ArgoCd<'a>,
    traffic: &'a Traffic,
    parity: Vec<Parity>,
    cost: cost::Status<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KubernetesVersion {
    desired: String,
    control_plane: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pool<'a> {
    name: &'a str,
    machine_type: &'a str,
    version: Option<&'a str>,
    ready: bool,
}

#[derive(Serialize)]
struct WaitingFor<'a> {
    resource: &'a str,
    #[serde(rename = "for")]
    what: &'a str,
    reason: &'a str,
    fix: Option<&'static str>,
}

#[derive(Serialize)]
struct ArgoCd<'a> {
    name: &'a str,
    registered: bool,
}

/// Builds the desired composite: its status alone, since a function may write nothing else.
///
/// # Errors
/// [`EncodeError`] never, for facts that came as JSON.
pub fn composite(
    cx: &Cx<'_>,
    facts: &Facts,
    outcomes: &[Outcome],
    phase: Phase,
    cost: &Report<'_>,
) -> Result<Struct, EncodeError> {
    let remembered = Remembered(cx.observed_composite);
    let ready = |key: &str| {
        outcomes
            .iter()
            .any(|outcome| outcome.key == key && outcome.ready)
    };
    // An endpoint that nobody reports at the moment is still the endpoint.
    let authority = facts.certificate_authority.clone();
    let status = Status {
        phase,
        provider: cx.spec.provider.name(),
        cluster_name: &cx.names.cloud,
        account: cx.account,
        cluster_id: remembered.or(facts.id.as_ref(), "clusterId"),
        endpoint: remembered.or(facts.endpoint.as_ref(), "endpoint"),
        certificate_authority: if facts.publicly_trusted {
            None
        } else {
            remembered.or(authority.as_ref(), "certificateAuthority")
        },
        oidc_issuer: remembered.or(facts.oidc_issuer.as_ref(), "oidcIssuer"),
        workload_pool: facts.workload_pool.clone(),
        kubernetes_version: KubernetesVersion {
            desired: cx.spec.kubernetes_version.to_string(),
            control_plane: remembered.or(facts.version.as_ref(), "kubernetesVersion.controlPlane"),
        },
        network: network(facts, &remembered, cx.spec.provider),
        node_pools: facts
            .pools
            .iter()
            .map(|pool| Pool {
                name: &pool.name,
                machine_type: &pool.machine_type,
                version: pool.version.as_deref(),
                ready: ready(&pool.key),
            })
            .collect(),
        waiting_for: waiting_for(outcomes),
        argocd: ArgoCd {
            name: &cx.names.argocd,
            registered: ready(argocd::key(cx)),
        },
        traffic: cx.traffic,
        parity: provider::parity(cx.spec),
        cost: cost.status(),
    };
    to_struct(&Composite { status })
}

/// What an earlier call wrote.
struct Remembered<'a>(&'a Struct);

impl Remembered<'_> {
    fn or(&self, now: Option<&String>, path: &str) -> Option<String> {
        let before = || self.0.str_at(&format!("status.{path}")).map(str::to_owned);
        now.cloned().or_else(before)
    }
}

fn network(
    facts: &Facts,
    remembered: &Remembered<'_>,
    provider: Provider,
) -> BTreeMap<&'static str, String> {
    let names: &[&'static str] = match provider {
        Provider::Aws => &["vpcId", "securityGroupId"],
        Provider::Gcp => &["network", "subnetwork"],
    };
    let now = |name: &str| {
        facts
            .network
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, v)| v)
    };
    names
        .iter()
        .filter_map(|name| Some((*name, remembered.or(now(name), &format!("network.{name}"))?)))
        .collect()
}

fn waiting_for(outcomes: &[Outcome]) -> Vec<WaitingFor<'_>> {
    outcomes
        .iter()
        .filter_map(|outcome| {
            let waiting = outcome.waiting.as_ref()?;
            Some(WaitingFor {
                resource: &outcome.key,
                what: &waiting.what,
                reason: &waiting.reason,
                fix: waiting.fix,
            })
        })
        .take(MOST_WAITING)
        .collect()
}

/// The pools that run an older minor version than the control plane.
pub fn pools_behind<'a>(facts: &'a Facts, observed: Observed<'_>) -> Vec<(&'a str, Version)> {
    let control_plane = facts.version.as_deref().and_then(Version::parse);
    facts
        .pools
        .iter()
        .filter(|pool| observed.exists(&pool.key))
        .filter_map(|pool| {
            let version = Version::parse(pool.version.as_deref()?)?;
            (Some(version) < control_plane).then_some((pool.name.as_str(), version))
        })
        .collect()
}
