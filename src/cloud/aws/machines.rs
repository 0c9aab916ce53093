//! EC2 instance types by size and by GPU.
//!
//! vCPU and memory are from the instance types' pages in the AWS documentation.

use std::{collections::BTreeSet, slice};

use crate::{
    api::{
        choice::{Capacity, Choice as _, Size},
        draft::Field,
        provider::Provider,
        spec::{Gpu, NodePool, NodePoolDraft},
    },
    cloud::sizes::{Machine, Machines, SIZE, cpu, gpu},
    plan::{key::Key, observed::Observed},
    wire::structpb::Struct,
};

/// Of a size, the first is what on-demand pools use; spot pools take any of them, since capacity is where the
/// price is low only if there is a choice.
pub(super) static MACHINES: Machines = Machines {
    small: &[
        cpu("m7i.large", 2, 8),
        cpu("m6i.large", 2, 8),
        cpu("m7a.large", 2, 8),
        cpu("m6a.large", 2, 8),
    ],
    medium: &[
        cpu("m7i.xlarge", 4, 16),
        cpu("m6i.xlarge", 4, 16),
        cpu("m7a.xlarge", 4, 16),
        cpu("m6a.xlarge", 4, 16),
    ],
    large: &[
        cpu("m7i.2xlarge", 8, 32),
        cpu("m6i.2xlarge", 8, 32),
        cpu("m7a.2xlarge", 8, 32),
        cpu("m6a.2xlarge", 8, 32),
    ],
    xlarge: &[
        cpu("m7i.4xlarge", 16, 64),
        cpu("m6i.4xlarge", 16, 64),
        cpu("m7a.4xlarge", 16, 64),
        cpu("m6a.4xlarge", 16, 64),
    ],
    l4: &[
        gpu("g6.xlarge", 4, 16, 1),
        gpu("g6.2xlarge", 8, 32, 1),
        gpu("g6.4xlarge", 16, 64, 1),
        gpu("g6.12xlarge", 48, 192, 4),
    ],
    a100: &[gpu("p4d.24xlarge", 96, 1152, 8)],
    a100_large: &[gpu("p4de.24xlarge", 96, 1152, 8)],
    h100: &[gpu("p5.48xlarge", 192, 2048, 8)],
    h200: &[gpu("p5en.48xlarge", 192, 2048, 8)],
};

/// The instance types of a pool, best first.
pub(super) fn of_pool(pool: &NodePool) -> impl Iterator<Item = &str> {
    let named = pool.machines_on(Provider::AWS);
    let machines = match &pool.gpu {
        _ if !named.is_empty() => &[],
        gpu => by_size(gpu.as_ref(), pool.size, pool.capacity),
    };
    let machines = machines.iter().map(|machine| machine.name);
    named.iter().map(String::as_str).chain(machines)
}

/// The same, while some of the pool may be unsound.
pub(super) fn of_draft(pool: &NodePoolDraft) -> Field<Vec<&str>> {
    let named = pool.machines_on(Provider::AWS)?;
    if !named.is_empty() {
        return Ok(named.iter().flatten().map(String::as_str).collect());
    }
    let gpu = pool.gpu.get()?.map(Result::as_ref).transpose()?;
    let machines = by_size(gpu, pool.size?, pool.capacity?);
    Ok(machines.iter().map(|machine| machine.name).collect())
}

fn by_size(gpu: Option<&Gpu>, size: Option<Size>, capacity: Capacity) -> &'static [Machine] {
    let Some(gpu) = gpu else {
        let choice = MACHINES.of_size(size.unwrap_or(SIZE));
        return match capacity {
            Capacity::OnDemand => choice.get(..1).unwrap_or(choice),
            Capacity::Spot => choice,
        };
    };
    MACHINES.for_gpu(gpu, size).map_or(&[][..], slice::from_ref)
}

/// The instance types of an existing node group.
pub(super) fn of_object(group: &Struct) -> Vec<&str> {
    let types = group.at("spec.forProvider.instanceTypes");
    let types = types.into_iter().flat_map(|types| types.items());
    types.filter_map(|name| name.as_str()).collect()
}

/// The instance types that the node group of a key was made with, if they are those of a pool in any order.
pub(super) fn made_with<'a>(
    observed: Observed<'a>,
    key: &Key,
    pool: &NodePool,
) -> Option<Vec<&'a str>> {
    let made_with = of_object(observed.get(key)?);
    let wanted: BTreeSet<_> = of_pool(pool).collect();
    let same = made_with.len() == wanted.len() && made_with.iter().all(|it| wanted.contains(it));
    same.then_some(made_with)
}

/// Those of the sizes that are as large as an instance type for general purposes.
pub(super) fn like(name: &str) -> Vec<String> {
    let general = name.strip_prefix('m').filter(|rest| {
        let is_generation = rest.starts_with(|c: char| c.is_ascii_digit());
        is_generation && !is_arm(name)
    });
    let Some((_, size)) = general.and_then(|rest| rest.split_once('.')) else {
        return Vec::new();
    };
    let sizes = Size::ALL.iter();
    sizes
        .flat_map(|(_, of)| MACHINES.of_size(*of))
        .map(|machine| machine.name)
        .filter(|other| *other != name && other.split_once('.').is_some_and(|(_, it)| it == size))
        .map(str::to_owned)
        .collect()
}

/// Whether an instance type has an Arm processor: a `g` after the generation, as in m7g and c7gn.
pub(super) fn is_arm(name: &str) -> bool {
    let family = name.split('.').next().unwrap_or_default();
    let generation = family.find(|c: char| c.is_ascii_digit());
    let attributes = generation.map_or("", |at| {
        family[at..].trim_start_matches(|c: char| c.is_ascii_digit())
    });
    family == "a1" || attributes.contains('g')
}

/// Whether an instance type has GPUs: the families g and p, but not the Graviton ones.
pub(super) fn has_gpu(name: &str) -> bool {
    let letters: String = name.chars().take_while(char::is_ascii_lowercase).collect();
    matches!(letters.as_str(), "g" | "gr" | "p")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_and_gpus_are_told_by_name() {
        for name in [
            "m7g.large",
            "c7gn.xlarge",
            "t4g.small",
            "g5g.xlarge",
            "im4gn.large",
            "a1.large",
        ] {
            assert!(is_arm(name), "{name}");
        }
        for name in [
            "m7i.large",
            "g6.xlarge",
            "g4dn.xlarge",
            "p4d.24xlarge",
            "m6a.large",
        ] {
            assert!(!is_arm(name), "{name}");
        }
        for name in [
            "g6.xlarge",
            "g4dn.xlarge",
            "p5.48xlarge",
            "gr6.4xlarge",
            "g5g.xlarge",
        ] {
            assert!(has_gpu(name), "{name}");
        }
        for name in ["m7g.large", "i4g.large", "c7i.large"] {
            assert!(!has_gpu(name), "{name}");
        }
    }
}
