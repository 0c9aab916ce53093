//! Compute Engine machine types by size and by GPU.
//!
//! vCPU and memory are from the machine families' pages in the Compute Engine documentation.

use crate::{
    api::{
        choice::{GpuModel, Size},
        provider::Provider,
        spec::{Gpu, NodePool},
    },
    cloud::sizes::{Machine, SIZE, cpu, gpu, with_gpus},
};

static SMALL: [Machine; 1] = [cpu("n2-standard-2", 2, 8)];
static MEDIUM: [Machine; 1] = [cpu("n2-standard-4", 4, 16)];
static LARGE: [Machine; 1] = [cpu("n2-standard-8", 8, 32)];
static XLARGE: [Machine; 1] = [cpu("n2-standard-16", 16, 64)];

static L4: [Machine; 4] = [
    gpu("g2-standard-4", 4, 16, 1),
    gpu("g2-standard-8", 8, 32, 1),
    gpu("g2-standard-16", 16, 64, 1),
    gpu("g2-standard-48", 48, 192, 4),
];
static A100: [Machine; 1] = [gpu("a2-highgpu-8g", 96, 680, 8)];
static A100_LARGE: [Machine; 1] = [gpu("a2-ultragpu-8g", 96, 1360, 8)];
static H100: [Machine; 1] = [gpu("a3-highgpu-8g", 208, 1872, 8)];
static H200: [Machine; 1] = [gpu("a3-ultragpu-8g", 224, 2952, 8)];

/// Machines of a size, best first.
pub(super) fn machines(size: Size) -> &'static [Machine] {
    match size {
        Size::Small => &SMALL,
        Size::Medium => &MEDIUM,
        Size::Large => &LARGE,
        Size::Xlarge => &XLARGE,
    }
}

/// Machines with a GPU model.
pub(super) fn with_gpu(model: GpuModel) -> &'static [Machine] {
    match model {
        GpuModel::L4 => &L4,
        GpuModel::A100 => &A100,
        GpuModel::A100Large => &A100_LARGE,
        GpuModel::H100 => &H100,
        GpuModel::H200 => &H200,
    }
}

/// The machine that carries GPUs.
pub(super) fn gpu_machine(wanted: &Gpu, size: Option<Size>) -> Option<&'static Machine> {
    with_gpus(with_gpu(wanted.model), wanted.count, size)
}

/// The machine type of a pool, if there is one with its GPUs.
pub(super) fn of_pool(pool: &NodePool) -> Option<&str> {
    if let Some(name) = pool.machines_on(Provider::GCP).first() {
        return Some(name);
    }
    let machine = match &pool.gpu {
        Some(gpu) => gpu_machine(gpu, pool.size),
        None => machines(pool.size.unwrap_or(SIZE)).first(),
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
