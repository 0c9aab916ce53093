//! Sizes: what both clouds' machine tables have in common.

use crate::api::choice::Size;

/// A machine type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Its name in the cloud.
    pub name: &'static str,
    /// Virtual CPUs.
    pub vcpu: u32,
    /// Memory, in GiB.
    pub gib: u32,
    /// GPUs.
    pub gpus: u32,
}

/// The size of a pool that names neither size, machine type nor GPU.
pub const SIZE: Size = Size::Medium;
/// The size of a GPU node that names none: enough CPU and memory to feed one inference server.
const GPU_SIZE: Size = Size::Large;

/// A machine without GPUs.
pub const fn cpu(name: &'static str, vcpu: u32, gib: u32) -> Machine {
    gpu(name, vcpu, gib, 0)
}

/// A machine with GPUs.
pub const fn gpu(name: &'static str, vcpu: u32, gib: u32, gpus: u32) -> Machine {
    Machine {
        name,
        vcpu,
        gib,
        gpus,
    }
}

/// vCPU of a size; memory is four GiB for each.
pub fn vcpu(size: Size) -> u32 {
    match size {
        Size::Small => 2,
        Size::Medium => 4,
        Size::Large => 8,
        Size::Xlarge => 16,
    }
}

/// The machine with `count` GPUs: of the wanted size where several have one GPU, else the only one
/// there is.
pub fn with_gpus(
    machines: &'static [Machine],
    count: u32,
    size: Option<Size>,
) -> Option<&'static Machine> {
    let fitting: Vec<_> = machines
        .iter()
        .filter(|machine| machine.gpus == count)
        .collect();
    if let [only] = fitting[..] {
        return Some(only).filter(|only| size.is_none_or(|size| only.vcpu == vcpu(size)));
    }
    let wanted = vcpu(size.unwrap_or(GPU_SIZE));
    fitting.into_iter().find(|machine| machine.vcpu == wanted)
}

/// What to write instead of GPUs that are not to be had.
pub fn gpu_fix(machines: &[Machine]) -> String {
    let offers: Vec<_> = machines
        .iter()
        .map(|machine| format!("count {} with {} vCPU", machine.gpus, machine.vcpu))
        .collect();
    format!("use {}, or machineTypes", offers.join(" or "))
}
