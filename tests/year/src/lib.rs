//! A year in the life of a cluster, with faults in between.
//!
//! After every reconcile and after every tick of the clouds, no work has fewer ready nodes than it was asked for, and
//! nothing is lost that its author did not give up. The same year runs with simulated clouds and with the providers' own code:
//! what a cloud has to be able to do for it is [`Clouds`].

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails, and panicking is how"
)]

mod clouds;
mod life;
mod simulated;

use cloudsim::world::{Step, World};
use serde_json::{Value, json};

use life::{Life, Work};

pub use clouds::{Clouds, Pool, Trouble, pool_name};

/// The minor version of Kubernetes at the beginning of the year; four follow.
const FIRST_MINOR: u32 = 32;

/// The pools of the cluster.
#[derive(Clone)]
struct Pools {
    /// What the general pool is called.
    general: &'static str,
    size: &'static str,
    min: u64,
    disk: u64,
    gpu: &'static str,
    gpu_size: &'static str,
}

impl Pools {
    fn edit(&self) -> Value {
        json!({"nodePools": [
            {"name": self.general, "size": self.size, "min": self.min, "max": 12, "diskGiB": self.disk},
            {"name": self.gpu, "gpu": {"type": "nvidia-l4", "count": 1}, "size": self.gpu_size, "min": 0, "max": 9,
             "capacity": "spot", "diskGiB": self.disk},
        ]})
    }
}

/// Lets a cluster, of which nothing exists yet, live for a year: each month nodes come and go and get a new image, and
/// something else happens. `check` looks at every reconcile. Prints the year's figures.
pub fn live<P: Clouds>(name: &str, world: World<P>, check: fn(&World<P>, &Step)) {
    let mut pools = Pools {
        general: "general",
        size: "medium",
        min: 3,
        disk: 100,
        gpu: "gpu",
        gpu_size: "large",
    };
    let mut minor = FIRST_MINOR;
    let version = |minor: u32| json!({"kubernetesVersion": format!("1.{minor}")});
    let mut life = Life::begin(name, world, check, &[&pools.edit(), &version(minor)]);
    life.settle("made");
    for month in 1..=12 {
        life.scale(Work::General, 3..=12);
        life.scale(Work::Gpu, 0..=9);
        life.settle("scaled");
        pools.disk += 10;
        life.edit(&pools.edit(), &[]);
        life.settle("patched");
        match month {
            2 => {
                pools.size = "large";
                life.edit(&pools.edit(), &["general"]);
                life.lose_status(4);
            }
            3 | 6 | 9 | 12 => {
                minor += 1;
                life.edit(&version(minor), &[]);
                if month == 6 {
                    life.during(Trouble::UpdatesFail, 5);
                }
                if month == 9 {
                    life.steps(2);
                    life.restart_core();
                }
            }
            4 => {
                pools.general = "workers";
                life.edit(&pools.edit(), &["general"]);
                life.steps(3);
                life.restart_providers();
            }
            5 => {
                pools.gpu_size = "xlarge";
                life.edit(&pools.edit(), &["gpu"]);
                life.during(Trouble::PoolsAreRefused, 8);
            }
            7 => {
                pools.size = "xlarge";
                life.edit(&pools.edit(), &["workers"]);
                life.during(Trouble::PoolsFail, 8);
                pools.size = "medium";
                life.edit(&pools.edit(), &["workers"]);
            }
            8 => {
                pools.size = "xlarge";
                life.edit(&pools.edit(), &["workers"]);
                life.steps(4);
                life.shrink(Work::General);
                life.steps(1);
                pools.size = "medium";
                life.edit(&pools.edit(), &["workers"]);
                life.steps(1);
                life.restart_providers();
            }
            10 => {
                pools.general = "general";
                pools.size = "large";
                life.edit(&pools.edit(), &["workers"]);
                life.steps(2);
                life.during(Trouble::NoStatus, 3);
            }
            11 => {
                pools.gpu = "inference";
                life.edit(&pools.edit(), &["gpu"]);
                life.during(Trouble::NoCredentials, 4);
            }
            _ => life.during(Trouble::Flapping, 6),
        }
        life.settle(&format!("month {month}"));
    }
    life.end();
}
