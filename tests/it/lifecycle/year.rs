//! A year in the life of a cluster on each cloud, with faults in between.
//!
//! After every reconcile and after every tick of the clouds, no work has fewer ready nodes than it was asked for, and
//! nothing is lost that nobody gave up. `--nocapture` prints the figures of the year.

mod life;

use serde_json::{Value, json};

use super::STANDARD;
use life::{Life, Work};

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

/// The year: each month nodes come and go and get a new image, and something else happens.
fn year(cloud: &str) {
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
    let mut life = Life::begin(cloud, &[&pools.edit(), &version(minor)]);
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
                    life.during(&[("update-fails", "Cluster NodeGroup NodePool")], 5);
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
                life.during(&[("create-fails", "NodeGroup NodePool")], 8);
            }
            7 => {
                pools.size = "xlarge";
                life.edit(&pools.edit(), &["workers"]);
                // No provider reports of a GKE pool that it has no nodes.
                if cloud.starts_with("aws") {
                    life.during(&[("create-fails-late", "NodeGroup")], 8);
                } else {
                    life.during(&[("create-fails", "NodePool")], 8);
                }
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
                life.during(&[("no-status", "NodeGroup NodePool")], 3);
            }
            11 => {
                pools.gpu = "inference";
                life.edit(&pools.edit(), &["gpu"]);
                life.during(&[("no-credentials", "NodeGroup NodePool")], 4);
            }
            _ => life.during(&[("flapping", "*")], 6),
        }
        life.settle(&format!("month {month}"));
    }
    life.end();
}

#[test]
fn a_year_on_eks_takes_no_capacity_and_loses_nothing() {
    year(STANDARD[0]);
}

#[test]
fn a_year_on_gke_takes_no_capacity_and_loses_nothing() {
    year(STANDARD[1]);
}
