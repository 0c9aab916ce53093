//! Google Cloud for a year.

use cloudsim::world::World;
use serde_json::json;
use year::{Clouds, Pool, Trouble};

use super::{is_going, name_of, objects};
use crate::{
    Driven,
    google::{Google, container::Faults},
};

const QUOTA: &str = "Insufficient regional quota to satisfy request: resource \"CPUS\"";
const CREATION: &str = "clusters.nodePools.create";
/// What the methods begin with that change something that exists.
const UPDATES: [&str; 4] = [
    "clusters.update",
    "clusters.set",
    "clusters.nodePools.update",
    "clusters.nodePools.set",
];

impl Clouds for Driven<Google> {
    fn pools(world: &World<Self>) -> Vec<Pool> {
        let mut objects = objects(world);
        let mut found = Vec::new();
        for (_, cluster) in world.clouds().cloud.state().container.clusters() {
            for pool in &cluster.pools {
                let name = pool["name"].as_str().unwrap_or_default();
                let Some((key, object)) = objects.remove(name) else {
                    continue;
                };
                let zones = pool["locations"].as_array().map_or(0, Vec::len);
                let per_zone = cluster.nodes.get(name).copied().unwrap_or(0);
                let status = pool["status"].as_str();
                found.push(Pool {
                    key,
                    nodes: per_zone * u64::try_from(zones).unwrap_or(0),
                    image: json!([pool["version"], pool["config"]["diskSizeGb"]]),
                    is_ready: matches!(status, Some("RUNNING" | "RECONCILING")),
                    is_going: is_going(&object) || status == Some("STOPPING"),
                });
            }
        }
        found
    }

    fn resize(world: &mut World<Self>, key: &str, nodes: u64) {
        if let Some(name) = name_of(world, key) {
            let mut state = world.clouds_mut().cloud.state();
            state.container.scale(&name, nodes / 3);
        }
    }

    /// A provider that reports nothing, or cannot log in, is one that is down.
    fn trouble(&mut self, trouble: Option<Trouble>) {
        let methods: &[_] = match trouble {
            Some(Trouble::UpdatesFail) => &UPDATES,
            Some(Trouble::PoolsAreRefused) => &[CREATION],
            Some(Trouble::Flapping) => &[CREATION, UPDATES[0], UPDATES[1], UPDATES[2], UPDATES[3]],
            None | Some(Trouble::PoolsFail | Trouble::NoStatus | Trouble::NoCredentials) => &[],
        };
        let refused = methods.iter().map(|method| (*method, QUOTA.to_owned()));
        self.cloud.state().container.faults = Faults {
            refused: refused.collect(),
            pools: (trouble == Some(Trouble::PoolsFail)).then(|| QUOTA.to_owned()),
            ..Faults::default()
        };
        self.is_down = trouble.is_some_and(Trouble::stops_providers);
    }

    #[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
    fn restart(&mut self) {
        Self::restart(self).unwrap();
    }

    fn told(&self) -> String {
        let state = self.cloud.state();
        let done = state
            .calls
            .iter()
            .filter(|it| it.is_write && it.status == 200);
        let refused = state
            .calls
            .iter()
            .filter(|it| it.is_write && it.status != 200);
        format!(
            "{} calls to Google Cloud, {} changed something, {} were refused",
            state.calls.len(),
            done.count(),
            refused.count()
        )
    }
}
