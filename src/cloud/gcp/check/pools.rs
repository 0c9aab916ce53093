//! The machines of node pools.

use crate::{
    api::{
        asked::{Asked, Checked},
        provider::Provider,
        spec::NodePoolDraft,
    },
    cloud::gcp::machines::{self, MACHINES},
};

pub(super) fn pools(asked: &Asked<'_>) -> Checked {
    let pools = asked.spec.node_pools.get()?;
    asked.check_pools(pools, &[named, machine_types, gpu]);
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
        } else if let Some(gpus) = other_count(name, pool) {
            let fix = format!("set gpu.count to {gpus}");
            ("has another number of GPUs", fix)
        } else {
            continue;
        };
        asked.refuse(format!("{path}.machineTypes.gcp"), name, problem, fix);
    }
    Ok(())
}

/// How many GPUs a machine has, where the pool says another number.
fn other_count(name: &str, pool: &NodePoolDraft) -> Option<u32> {
    let gpu = pool.gpu.get().ok()??.as_ref().ok()?;
    let mut known = MACHINES.with_gpu(gpu.model).iter();
    let machine = known.find(|machine| machine.name == name)?;
    (machine.gpus != gpu.count).then_some(machine.gpus)
}

fn gpu(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    MACHINES.check_gpu(asked, path, pool, Provider::GCP)
}
