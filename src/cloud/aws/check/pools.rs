//! The machines of node pools.

use crate::{
    api::{
        asked::{Asked, Checked},
        provider::Provider,
        spec::NodePoolDraft,
    },
    cloud::aws::machines::{self, MACHINES},
};

pub(super) fn pools(asked: &Asked<'_>) -> Checked {
    let pools = asked.spec.node_pools.get()?;
    asked.check_pools(pools, &[named, machine_types, gpu]);
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
