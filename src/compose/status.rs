//! `status` of the composite: what exists, and what is being waited for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{phase::Phase, versions::Versions};
use crate::{
    api::{minors, spec::Version},
    cloud::{
        facts::{Facts, Parity},
        interface::Cloud,
        versions::Hold,
    },
    cost::{self, Report},
    plan::{context::Cx, gate::Outcome, key::Key, traffic::Traffic},
    registration,
    wire::structpb::{EncodeError, Struct, to_struct},
};

/// Most entries of `status.waitingFor`: as many as a cluster of the usual size has resources.
const MOST_WAITING: usize = 60;

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
    kubernetes_version: KubernetesVersion<'a>,
    network: BTreeMap<&'static str, String>,
    node_pools: Vec<Pool<'a>>,
    addons: Vec<Addon<'a>>,
    waiting_for: Vec<WaitingFor<'a>>,
    argocd: ArgoCd<'a>,
    traffic: &'a Traffic,
    parity: Vec<Parity>,
    cost: cost::Status<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KubernetesVersion<'a> {
    desired: String,
    control_plane: Option<String>,
    support_ends: Option<String>,
    blocked_by: &'a [Hold],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pool<'a> {
    name: &'a str,
    machine_type: Option<&'a str>,
    version: Option<&'a str>,
    release: Option<&'a str>,
    ready: bool,
}

#[derive(Serialize)]
struct Addon<'a> {
    name: &'static str,
    version: Option<&'a str>,
    ready: bool,
}

#[derive(Serialize)]
struct WaitingFor<'a> {
    resource: &'a str,
    #[serde(rename = "for")]
    what: &'a str,
    reason: &'a str,
    fix: Option<&'a str>,
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
pub(super) fn composite(
    cloud: &dyn Cloud,
    cx: &Cx<'_>,
    facts: &Facts,
    outcomes: &[Outcome],
    phase: Phase,
    versions: &Versions<'_>,
    cost: &Report<'_>,
) -> Result<Struct, EncodeError> {
    let remembered = Remembered(cx.observed_composite);
    let ready = |key: &Key| {
        outcomes
            .iter()
            .any(|outcome| outcome.key == *key && outcome.ready)
    };
    // An endpoint that the provider does not report at the moment is still the endpoint.
    let authority = facts.certificate_authority.clone();
    let control_plane = remembered.or(facts.version.as_ref(), "kubernetesVersion.controlPlane");
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
            support_ends: support_ends(cx, control_plane.as_deref()),
            control_plane,
            blocked_by: &versions.holds,
        },
        network: network(facts, &remembered, cloud.network_facts()),
        node_pools: versions
            .followers
            .pools
            .iter()
            .map(|pool| Pool {
                name: &pool.name,
                machine_type: pool.machine_type.as_deref(),
                version: pool.version.as_deref(),
                release: pool.release.as_deref(),
                ready: ready(&pool.key),
            })
            .collect(),
        addons: versions
            .followers
            .addons
            .iter()
            .filter(|addon| cx.observed.exists(&addon.key))
            .map(|addon| Addon {
                name: addon.field,
                version: addon.version.as_deref(),
                ready: ready(&addon.key),
            })
            .collect(),
        waiting_for: waiting_for(outcomes),
        argocd: ArgoCd {
            name: &cx.names.argocd,
            registered: ready(&registration::key(cx)),
        },
        traffic: cx.traffic,
        parity: cloud.parity(cx.spec),
        cost: cost.status(),
    };
    to_struct(&Composite { status })
}

/// When the cloud's support ends of what runs, else of what is asked for. Whether that is soon, nothing here can know.
fn support_ends(cx: &Cx<'_>, control_plane: Option<&str>) -> Option<String> {
    let running = control_plane.and_then(Version::parse);
    let ends = minors::support_ends(
        &cx.input.kubernetes_versions,
        cx.spec.provider,
        running.unwrap_or(cx.spec.kubernetes_version),
        cx.spec.upgrade.support_type,
    );
    ends.map(str::to_owned)
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
    names: &[&'static str],
) -> BTreeMap<&'static str, String> {
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

/// What failed comes first: the rest often waits for it.
fn waiting_for(outcomes: &[Outcome]) -> Vec<WaitingFor<'_>> {
    let (failed, others): (Vec<_>, Vec<_>) = outcomes
        .iter()
        .partition(|outcome| outcome.trouble.is_some());
    failed
        .into_iter()
        .chain(others)
        .filter_map(|outcome| {
            let waiting = outcome.waiting.as_ref()?;
            Some(WaitingFor {
                resource: outcome.key.as_str(),
                what: &waiting.what,
                reason: &waiting.reason,
                fix: waiting.fix.as_deref(),
            })
        })
        .take(MOST_WAITING)
        .collect()
}
