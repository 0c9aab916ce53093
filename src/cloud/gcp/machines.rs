//! Compute Engine machine types by size and by GPU.
//!
//! vCPU and memory are from the machine families' pages in the Compute Engine documentation.

use crate::{
    api::{choice::GpuModel, provider::Provider, spec::NodePool},
    cloud::sizes::{Machines, SIZE, cpu, gpu},
};

pub(super) static MACHINES: Machines = Machines {
    small: &[cpu("n2-standard-2", 2, 8)],
    medium: &[cpu("n2-standard-4", 4, 16)],
    large: &[cpu("n2-standard-8", 8, 32)],
    xlarge: &[cpu("n2-standard-16", 16, 64)],
    l4: &[
        gpu("g2-standard-4", 4, 16, 1),
        gpu("g2-standard-8", 8, 32, 1),
        gpu("g2-standard-16", 16, 64, 1),
        gpu("g2-standard-48", 48, 192, 4),
    ],
    a100: &[gpu("a2-highgpu-8g", 96, 680, 8)],
    a100_large: &[gpu("a2-ultragpu-8g", 96, 1360, 8)],
    h100: &[gpu("a3-highgpu-8g", 208, 1872, 8)],
    h200: &[gpu("a3-ultragpu-8g", 224, 2952, 8)],
};

/// The machine type of a pool, if there is one with its GPUs.
pub(super) fn of_pool(pool: &NodePool) -> Option<&str> {
    if let Some(name) = pool.machines_on(Provider::GCP).first() {
        return Some(name);
    }
    let machine = match &pool.gpu {
        Some(gpu) => MACHINES.for_gpu(gpu, pool.size),
        None => MACHINES.of_size(pool.size.unwrap_or(SIZE)).first(),
    };
    machine.map(|machine| machine.name)
}

/// GCP's name for a GPU model.
pub(super) fn accelerator(model: GpuModel) -> &'static str {
    match model {
        GpuModel::L4 => "nvidia-l4",
        GpuModel::A100 => "nvidia-tesla-a100",
        GpuModel::A100Large => "nvidia-a100-80gb",
        GpuModel::H100 => "nvidia-h100-80gb",
        GpuModel::H200 => "nvidia-h200-141gb",
    }
}

/// Whether a machine type comes with GPUs: the families a and g.
pub(super) fn has_gpu(name: &str) -> bool {
    let family = name.split('-').next().unwrap_or_default();
    matches!(family, "a2" | "a3" | "a4" | "a4x" | "g2" | "g4")
}
