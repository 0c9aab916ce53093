//! The simulator against a cluster.

mod diff;
mod kinds;
mod manifests;
pub(crate) mod state;
mod write;

use std::{collections::BTreeMap, path::Path, time::Duration};

use cloudsim::{Faults, Pace, Simulator};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::{Api, Client};
use serde_json::Value;
use tracing::{info, warn};

use self::kinds::Kinds;
use self::write::Writer;

pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Runs until it is told to stop.
pub(crate) fn run(
    path: &Path,
    tick: Duration,
    namespace: &str,
    address: Option<&str>,
) -> Result<(), Fault> {
    let filter = tracing_subscriber::EnvFilter::builder()
        .with_default_directive(tracing::Level::INFO.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
    let mut simulator = state::load(path)?.at_pace(Pace::Real);
    simulator.restart_providers();
    if let Some(address) = address {
        simulator = simulator.reserving(address);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = Client::try_default().await?;
        let ended = tokio::select! {
            ended = simulate(client, simulator, path, tick, namespace) => ended,
            _ = tokio::signal::ctrl_c() => Ok(()),
            () = terminated() => Ok(()),
        };
        info!("stopped");
        ended
    })
}

async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

async fn simulate(
    client: Client,
    mut simulator: Simulator,
    path: &Path,
    tick: Duration,
    namespace: &str,
) -> Result<(), Fault> {
    let faults: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    let mut kinds = Kinds::new(client.clone());
    let mut writer = Writer::new(client);
    let mut clock = tokio::time::interval(tick);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = simulator.events().len();
    loop {
        clock.tick().await;
        kinds.discover().await;
        simulator.faults = read_faults(&faults, &simulator.faults).await;
        let before: BTreeMap<String, Value> =
            kinds.objects(|key, object| writer.fresh(key, object));
        let mut after = before.clone();
        let changes = simulator.tick(after.iter_mut().map(|(key, object)| (key.as_str(), object)));
        if !changes.any() {
            continue;
        }
        // What the clouds did is remembered before anybody is told.
        state::store(path, &simulator)?;
        for event in &simulator.events()[told..] {
            info!(
                kind = event.kind,
                object = event.object,
                "{}: {}",
                event.what,
                event.detail
            );
        }
        told = simulator.events().len();
        for (key, object) in &after {
            writer.write(&kinds, key, &before[key], object).await;
        }
    }
}

/// What goes wrong now, or what went wrong before where that is unknown.
async fn read_faults(api: &Api<ConfigMap>, before: &Faults) -> Faults {
    let data = match api.get_opt("cloudsim").await {
        Ok(found) => found.and_then(|map| map.data).unwrap_or_default(),
        Err(_) => return before.clone(),
    };
    let entries = data.iter().map(|(name, of)| (name.as_str(), of.as_str()));
    match Faults::parse(entries) {
        Ok(faults) => faults,
        Err(error) => {
            warn!("ConfigMap cloudsim: {error}");
            before.clone()
        }
    }
}
