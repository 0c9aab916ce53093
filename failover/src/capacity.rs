//! Whether a cluster has room for another one's Pods, as far as the specs say.

use crate::cluster::{Cluster, Pool};

/// What is known of the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// The cloud makes nodes as Pods need them.
    ByTheCloud,
    /// Enough.
    Enough(String),
    /// Not enough.
    TooLittle(String),
    /// Nobody can say, and why.
    Unknown(String),
}

/// What the target can add, against what the source has at least.
pub fn room(source: &Cluster, target: &Cluster) -> Room {
    if target.auto {
        return Room::ByTheCloud;
    }
    if source.auto {
        return Room::Unknown(format!(
            "the cloud makes the nodes of {}, and its object does not say how many there are",
            source.name
        ));
    }
    let sums: Result<(u64, u64), String> = vcpus(&source.pools, |pool| pool.min).and_then(|need| {
        let most = vcpus(&target.pools, |pool| pool.max)?;
        let least = vcpus(&target.pools, |pool| pool.min)?;
        Ok((need, most.saturating_sub(least)))
    });
    let (need, spare) = match sums {
        Ok(sums) => sums,
        Err(why) => return Room::Unknown(why),
    };
    let gpus = |pools: &[Pool], nodes: fn(&Pool) -> u64| {
        pools
            .iter()
            .map(|pool| pool.gpus.saturating_mul(nodes(pool)))
            .sum::<u64>()
    };
    let need_gpus = gpus(&source.pools, |pool| pool.min);
    let spare_gpus = gpus(&target.pools, |pool| pool.max.saturating_sub(pool.min));
    let found = format!(
        "{} can add {spare} vCPU and {spare_gpus} GPUs; {} has at least {need} and {need_gpus}",
        target.name, source.name
    );
    if spare >= need && spare_gpus >= need_gpus {
        Room::Enough(found)
    } else {
        Room::TooLittle(found)
    }
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
