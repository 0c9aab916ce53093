//! The simulated clouds.

use cloudsim::{Faults, Simulator, world::World};
use serde_json::{Value, json};

use crate::clouds::{Clouds, Pool, Trouble, pool_name};

impl Clouds for Simulator {
    fn pools(world: &World<Self>) -> Vec<Pool> {
        let pools = world.clouds().things().filter_map(|(key, thing)| {
            pool_name(key)?;
            let object = &thing.object;
            let at = &object["status"]["atProvider"];
            let per_zone = at["nodeCount"].as_u64().map(|nodes| nodes * zones(at));
            let conditions = object["status"]["conditions"].as_array();
            let holds = |c: &Value| c["type"] == "Ready" && c["status"] == "True";
            let state = at["status"].as_str();
            Some(Pool {
                key: key.to_owned(),
                nodes: at["scalingConfig"]["desiredSize"]
                    .as_u64()
                    .or(per_zone)
                    .unwrap_or(0),
                image: json!([
                    at["version"],
                    at["launchTemplate"]["version"],
                    at["nodeConfig"]["diskSizeGb"]
                ]),
                is_ready: !thing.failed
                    && conditions.is_some_and(|all| all.iter().any(holds))
                    && matches!(state, None | Some("ACTIVE" | "UPDATING")),
                is_going: !object["metadata"]["deletionTimestamp"].is_null(),
            })
        });
        pools.collect()
    }

    fn resize(world: &mut World<Self>, key: &str, nodes: u64) {
        let cloud = world.clouds_mut().cloud_mut(key).unwrap();
        if cloud.get("scalingConfig").is_some() {
            cloud["scalingConfig"]["desiredSize"] = nodes.into();
        } else {
            cloud["nodeCount"] = (nodes / 3).into();
        }
    }

    fn trouble(&mut self, trouble: Option<Trouble>) {
        let pools = "NodeGroup NodePool";
        let faults: &[(&str, &str)] = match trouble {
            None => &[],
            Some(Trouble::UpdatesFail) => &[("update-fails", "Cluster NodeGroup NodePool")],
            Some(Trouble::PoolsAreRefused) => &[("create-fails", pools)],
            Some(Trouble::PoolsFail) => &[("create-fails-late", pools)],
            Some(Trouble::NoStatus) => &[("no-status", pools)],
            Some(Trouble::NoCredentials) => &[("no-credentials", pools)],
            Some(Trouble::Flapping) => &[("flapping", "*")],
        };
        self.faults = Faults::parse(faults.iter().copied()).unwrap();
    }

    fn restart(&mut self) {
        self.restart_providers();
    }

    fn told(&self) -> String {
        let count = |what: &str| self.events().iter().filter(|it| it.what == what).count();
        let [created, updated, deleted] = ["created", "updated", "deleted"].map(count);
        format!("{created} creations, {updated} updates and {deleted} deletions in the cloud")
    }
}

/// The zones of a pool of GKE.
fn zones(at: &Value) -> u64 {
    at["nodeLocations"]
        .as_array()
        .map_or(3, |zones| u64::try_from(zones.len()).unwrap())
}
