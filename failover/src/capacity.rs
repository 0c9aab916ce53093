//! Whether a cluster has room for another one's Pods, as far as the specs say.

use xcluster::{
    api::{
        choice::Mode,
        spec::{NodePool, Spec},
    },
    cloud::{registry::Clouds, sizes},
};

use crate::cluster::Cluster;

/// What is known of the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// The cloud makes nodes as Pods need them.
    ByTheCloud,
    /// Enough.
    Enough(String),
    /// Not enough, even with every pool at its max.
    TooLittle(String),
    /// Not enough, and nothing adds nodes.
    TooFewNodes(String),
    /// The objects do not say, and why.
    Unknown(String),
}

/// What nodes are worth.
#[derive(Clone, Copy)]
struct Worth {
    vcpus: u64,
    gpus: u64,
}

impl Worth {
    fn of(spec: &Spec, nodes: impl Fn(&NodePool) -> u32) -> Result<Worth, String> {
        let mut sum = Worth { vcpus: 0, gpus: 0 };
        for pool in &spec.node_pools {
            let nodes = u64::from(nodes(pool));
            match &pool.gpu {
                Some(gpu) => sum.gpus += nodes * u64::from(gpu.count),
                None => sum.vcpus += nodes * vcpus(pool)?,
            }
        }
        Ok(sum)
    }

    fn holds(self, other: Worth) -> bool {
        self.vcpus >= other.vcpus && self.gpus >= other.gpus
    }
}

/// vCPU of a node. A size has as many on each cloud.
fn vcpus(pool: &NodePool) -> Result<u64, String> {
    if pool.machine_types.is_empty() {
        return Ok(sizes::vcpu(pool.size.unwrap_or(sizes::SIZE)).into());
    }
    Err(format!(
        "pool {} names machine types, whose vCPU its object does not say",
        pool.name
    ))
}

/// A cluster with its spec, where this release understands it.
#[derive(Clone, Copy)]
struct Known<'a> {
    cluster: &'a Cluster,
    spec: &'a Spec,
}

impl Known<'_> {
    fn of(cluster: &Cluster) -> Result<Known<'_>, String> {
        match &cluster.spec {
            Ok(spec) => Ok(Known { cluster, spec }),
            Err(why) => Err(format!(
                "this command does not understand the spec of {}: {why}",
                cluster.name
            )),
        }
    }

    fn name(&self) -> &str {
        &self.cluster.name
    }

    /// Whether something adds nodes when Pods need them.
    fn adds_nodes(&self) -> bool {
        let cloud = Clouds::ALL.of(self.spec.provider);
        cloud.is_some_and(|cloud| cloud.adds_nodes(self.spec))
    }

    fn weight(&self) -> u64 {
        let traffic = self.cluster.in_force.as_ref();
        traffic.map_or(0, |traffic| traffic.weight)
    }
}

/// What the target has room for, against what the source has at least.
pub fn room(source: &Cluster, target: &Cluster) -> Room {
    let target = match Known::of(target) {
        Ok(target) => target,
        Err(why) => return Room::Unknown(why),
    };
    if target.spec.mode == Mode::Auto {
        return Room::ByTheCloud;
    }
    let judged = Known::of(source).and_then(|source| {
        if source.spec.mode == Mode::Auto {
            Err(format!(
                "the cloud makes the nodes of {}, and its object does not say how many there are",
                source.name()
            ))
        } else if target.adds_nodes() {
            room_to_grow(source, target)
        } else {
            room_as_it_is(source, target)
        }
    });
    judged.unwrap_or_else(|why| {
        Room::Unknown(if target.adds_nodes() {
            why
        } else {
            format!("{why}; nothing adds nodes to {}", target.name())
        })
    })
}

/// Where an autoscaler adds nodes: up to max. Those that are there already are taken to be busy.
fn room_to_grow(source: Known<'_>, target: Known<'_>) -> Result<Room, String> {
    let need = Worth::of(source.spec, |pool| pool.min)?;
    let spare = Worth::of(target.spec, |pool| pool.max.saturating_sub(pool.min))?;
    let found = format!(
        "{} can add {} vCPU and {} GPUs; {} has at least {} and {}",
        target.name(),
        spare.vcpus,
        spare.gpus,
        source.name(),
        need.vcpus,
        need.gpus
    );
    Ok(if spare.holds(need) {
        Room::Enough(found)
    } else {
        Room::TooLittle(found)
    })
}

/// Where nothing adds nodes: those that are there carry the traffic of both. The target's own is to the source's as its
/// weight is to the source's.
fn room_as_it_is(source: Known<'_>, target: Known<'_>) -> Result<Room, String> {
    let (ours, theirs) = (source.weight(), target.weight());
    let both = |alone: u64| match ours {
        // The weights do not say, so the source's nodes are the least that is needed.
        0 => alone,
        _ => alone
            .saturating_mul(ours.saturating_add(theirs))
            .div_ceil(ours),
    };
    let has = Worth::of(target.spec, |pool| pool.min)?;
    let alone = Worth::of(source.spec, |pool| pool.min)?;
    let need = Worth {
        vcpus: both(alone.vcpus),
        gpus: both(alone.gpus),
    };
    let found = format!(
        "nothing adds nodes to {}: it has {} vCPU and {} GPUs, and needs {} and {} for its traffic and that of {}",
        target.name(),
        has.vcpus,
        has.gpus,
        need.vcpus,
        need.gpus,
        source.name()
    );
    Ok(if has.holds(need) {
        Room::Enough(found)
    } else {
        Room::TooFewNodes(found)
    })
}
