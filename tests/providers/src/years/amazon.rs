//! AWS for a year.

use cloudsim::world::World;
use serde_json::json;
use year::{Clouds, Pool, Trouble};

use super::{is_going, name_of, objects};
use crate::{
    Driven,
    amazon::{Amazon, Switches},
};

impl Clouds for Driven<Amazon> {
    #[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
    fn pools(world: &World<Self>) -> Vec<Pool> {
        let mut objects = objects(world);
        let groups = world.clouds().cloud.groups().unwrap().into_iter();
        let pools = groups.filter_map(|group| {
            let (key, object) = objects.remove(group["nodegroupName"].as_str()?)?;
            let status = group["status"].as_str();
            Some(Pool {
                key,
                nodes: group["scalingConfig"]["desiredSize"].as_u64()?,
                image: json!([
                    group["version"],
                    group["releaseVersion"],
                    group["launchTemplate"]["version"],
                ]),
                is_ready: matches!(status, Some("ACTIVE" | "UPDATING")),
                is_going: is_going(&object) || status == Some("DELETING"),
            })
        });
        pools.collect()
    }

    #[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
    fn resize(world: &mut World<Self>, key: &str, nodes: u64) {
        if let Some(name) = name_of(world, key) {
            world.clouds_mut().cloud.resize(&name, nodes).unwrap();
        }
    }

    /// A provider that reports nothing, or cannot log in, is one that is down. What AWS refuses, it refuses each action once.
    #[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
    fn trouble(&mut self, trouble: Option<Trouble>) {
        let mut switches = Switches::default();
        match trouble {
            None | Some(Trouble::NoStatus | Trouble::NoCredentials) => {}
            Some(Trouble::UpdatesFail) => switches.throttle = "^eks.Update",
            Some(Trouble::PoolsAreRefused) => switches.throttle = "^eks.CreateNodegroup$",
            Some(Trouble::PoolsFail) => switches.fail_nodegroup = ".",
            Some(Trouble::Flapping) => switches.throttle = ".",
        }
        self.cloud.set(&switches).unwrap();
        self.is_down = trouble.is_some_and(Trouble::stops_providers);
    }

    #[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
    fn restart(&mut self) {
        Self::restart(self).unwrap();
    }

    #[expect(clippy::unwrap_used, reason = "the test that runs it fails")]
    fn told(&self) -> String {
        let calls = self.cloud.calls(0).unwrap();
        let done = calls.iter().filter(|it| it.is_write && it.status < 300);
        let refused = calls.iter().filter(|it| it.status == 429);
        format!(
            "{} calls to AWS, {} changed something, {} were throttled",
            calls.len(),
            done.count(),
            refused.count()
        )
    }
}
