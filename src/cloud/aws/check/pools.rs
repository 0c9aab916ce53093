//! The machines of node pools.

use super::place;
use crate::{
    api::{
        asked::{Asked, Checked},
        draft::Unsound,
        provider::Provider,
        spec::NodePoolDraft,
    },
    cloud::aws::{
        machines::{self, MACHINES},
        regions,
    },
};

pub(super) fn pools(asked: &Asked<'_>) -> Checked {
    let pools = asked.spec.node_pools.get()?;
    asked.check_pools(pools, &[named, machine_types, gpu, zones]);
    Ok(())
}

fn named(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    if pool.names_others_than(Provider::AWS)? {
        let path = format!("{path}.machineTypes.aws");
        let fix = "add EC2 instance types or use size";
        asked.refuse(path, "", "is missing on AWS", fix);
    }
    Ok(())
}

fn machine_types(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    let types = pool.machines_on(Provider::AWS)?;
    let arm = types.iter().flatten().any(|name| machines::is_arm(name));
    for (n, name) in types.iter().enumerate() {
        let Ok(name) = name else { continue };
        let (problem, fix) = if !name.contains('.') {
            ("is not an EC2 instance type", "use one such as m7i.xlarge")
        } else if machines::is_arm(name) != arm {
            ("mixes Arm and x86 processors", "put them in two pools")
        } else if machines::has_gpu(name) && pool.gpu.get() == Ok(None) {
            ("has a GPU", "say which with gpu: {type, count}")
        } else {
            continue;
        };
        let path = format!("{path}.machineTypes.aws[{n}]");
        asked.refuse(path, name, problem, fix);
    }
    Ok(())
}

fn gpu(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    MACHINES.check_gpu(asked, path, pool, Provider::AWS)
}

/// A subnet is in one zone, and there are those of the cluster's zones. Where these are wrong, nothing is known of a pool's.
///
/// A cluster without `zoneNames` has its region's default zones, by id or by letter: what exists decides which
/// (`network::zones`).
fn zones(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    let network = &asked.spec.network;
    let named: Vec<String> = network.zone_names.all()?.into_iter().cloned().collect();
    let region = asked.region()?;
    let (known, letters) = if named.is_empty() {
        let count = network.zones?;
        let letters = regions::default_letters(region, count);
        (regions::default_zones(region, count), letters)
    } else {
        (named, Vec::new())
    };
    if known.len() < 2 || !known.iter().all(|zone| place::is_zone(region, zone)) {
        return Err(Unsound);
    }
    for (n, zone) in pool.zones.sound()? {
        if !known.contains(zone) && !letters.contains(zone) {
            let path = format!("{path}.zones[{n}]");
            let fix = format!("use {}", known.join(" or "));
            asked.refuse(path, zone, "is not a zone of the cluster", fix);
        }
    }
    Ok(())
}
