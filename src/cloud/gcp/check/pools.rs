//! The machines of node pools.

use super::place;
use crate::{
    api::{
        asked::{Asked, Checked},
        provider::Provider,
        spec::NodePoolDraft,
    },
    cloud::gcp::{
        disks,
        machines::{self, MACHINES},
    },
};

pub(super) fn pools(asked: &Asked<'_>) -> Checked {
    let pools = asked.spec.node_pools.get()?;
    asked.check_pools(pools, &[named, machine_types, gpu, zones, disk]);
    Ok(())
}

fn named(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    if pool.names_others_than(Provider::GCP)? {
        let path = format!("{path}.machineTypes.gcp");
        let fix = "add a machine type or use size";
        asked.refuse(path, "", "is missing on GCP", fix);
    }
    Ok(())
}

fn machine_types(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    for name in pool.machines_on(Provider::GCP)?.iter().flatten() {
        let (problem, fix) = if !name.contains('-') || name.contains('.') {
            let fix = "use one such as n2-standard-4".to_owned();
            ("is not a machine type", fix)
        } else if machines::has_gpu(name) && pool.gpu.get() == Ok(None) {
            ("has a GPU", "say which with gpu: {type, count}".to_owned())
        } else if let Some(other) = other_gpus(name, pool) {
            other
        } else {
            continue;
        };
        asked.refuse(format!("{path}.machineTypes.gcp"), name, problem, fix);
    }
    Ok(())
}

/// What is wrong where a machine does not come with the GPUs that the pool says, and the fix.
fn other_gpus(name: &str, pool: &NodePoolDraft) -> Option<(&'static str, String)> {
    let gpu = pool.gpu.get().ok()??.as_ref().ok()?;
    if machines::model_in(name) != Some(gpu.model) {
        let like = MACHINES.with_gpu(gpu.model).first()?.name;
        let fix = format!("use one such as {like}, or another gpu.type");
        return Some(("does not come with such GPUs", fix));
    }
    let gpus = machines::gpus_in(name).filter(|gpus| *gpus != gpu.count)?;
    let fix = format!("set gpu.count to {gpus}");
    Some(("has another number of GPUs", fix))
}

fn gpu(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    MACHINES.check_gpu(asked, path, pool, Provider::GCP)
}

fn zones(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    place::zones_at(asked, &format!("{path}.zones"), &pool.zones)
}

fn disk(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    let Some(Ok(disk)) = pool.disk_type.get()?.get(&Provider::GCP) else {
        return Ok(());
    };
    let Some(machine) = machines::of_draft(pool)?.filter(|machine| !disks::takes(machine, disk))
    else {
        return Ok(());
    };
    let path = format!("{path}.diskType.gcp");
    let problem = format!("is not a disk that {machine} boots from");
    let fix = format!("remove it, which is {}", disks::usual(machine));
    asked.refuse(path, disk, problem, fix);
    Ok(())
}
