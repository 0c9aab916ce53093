//! Whether a cluster has room for another one's Pods, as far as the specs say.

use crate::cluster::{Cluster, Pool};

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
    fn of(pools: &[Pool], nodes: impl Fn(&Pool) -> u64) -> Result<Worth, String> {
        let gpus = pools
            .iter()
            .map(|pool| pool.gpus.saturating_mul(nodes(pool)));
        Ok(Worth {
            gpus: gpus.sum(),
            vcpus: vcpus(pools, nodes)?,
        })
    }

    fn holds(self, other: Worth) -> bool {
        self.vcpus >= other.vcpus && self.gpus >= other.gpus
    }
}

/// What the target has room for, against what the source has at least.
pub fn room(source: &Cluster, target: &Cluster) -> Room {
    if target.auto {
        return Room::ByTheCloud;
    }
    let fixed = if target.adds_nodes() {
        String::new()
    } else {
        format!("; nothing adds nodes to {}", target.name)
    };
    if source.auto {
        return Room::Unknown(format!(
            "the cloud makes the nodes of {}, and its object does not say how many there are{fixed}",
            source.name
        ));
    }
    let judged = if target.adds_nodes() {
        room_to_grow(source, target)
    } else {
        room_as_it_is(source, target)
    };
    judged.unwrap_or_else(|why| Room::Unknown(format!("{why}{fixed}")))
}

/// Where an autoscaler adds nodes: up to max. Those that are there already are taken to be busy.
fn room_to_grow(source: &Cluster, target: &Cluster) -> Result<Room, String> {
    let need = Worth::of(&source.pools, |pool| pool.min)?;
    let spare = Worth::of(&target.pools, |pool| pool.max.saturating_sub(pool.min))?;
    let found = format!(
        "{} can add {} vCPU and {} GPUs; {} has at least {} and {}",
        target.name, spare.vcpus, spare.gpus, source.name, need.vcpus, need.gpus
    );
    Ok(if spare.holds(need) {
        Room::Enough(found)
    } else {
        Room::TooLittle(found)
    })
}

/// Where nothing adds nodes: those that are there carry the traffic of both. The target's own is to the source's as its
/// weight is to the source's.
fn room_as_it_is(source: &Cluster, target: &Cluster) -> Result<Room, String> {
    let weight = |cluster: &Cluster| {
        cluster
            .in_force
            .as_ref()
            .map_or(0, |traffic| traffic.weight)
    };
    let (ours, theirs) = (weight(source), weight(target));
    let both = |alone: u64| match ours {
        // The weights do not say, so the source's nodes are the least that is needed.
        0 => alone,
        _ => alone
            .saturating_mul(ours.saturating_add(theirs))
            .div_ceil(ours),
    };
    let has = Worth::of(&target.pools, |pool| pool.min)?;
    let alone = Worth::of(&source.pools, |pool| pool.min)?;
    let need = Worth {
        vcpus: both(alone.vcpus),
        gpus: both(alone.gpus),
    };
    let found = format!(
        "nothing adds nodes to {}: it has {} vCPU and {} GPUs, and needs {} and {} for its traffic and that of {}",
        target.name, has.vcpus, has.gpus, need.vcpus, need.gpus, source.name
    );
    Ok(if has.holds(need) {
        Room::Enough(found)
    } else {
        Room::TooFewNodes(found)
    })
}

/// vCPU of the pools without GPUs. A size has the same vCPU on both clouds.
fn vcpus(pools: &[Pool], nodes: impl Fn(&Pool) -> u64) -> Result<u64, String> {
    let mut sum = 0_u64;
    for pool in pools.iter().filter(|pool| pool.gpus == 0) {
        let each = match pool.size.as_deref() {
            Some("small") => 2,
            Some("medium") => 4,
            Some("large") => 8,
            Some("xlarge") => 16,
            _ => {
                return Err(format!(
                    "pool {} names machine types, whose vCPU its object does not say",
                    pool.name
                ));
            }
        };
        sum = sum.saturating_add(nodes(pool).saturating_mul(each));
    }
    Ok(sum)
}
