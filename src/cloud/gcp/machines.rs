//! Compute Engine machine types by size and by GPU.
//!
//! vCPU and memory are from the machine families' pages in the Compute Engine documentation.

use crate::{
    api::{
        choice::{GpuModel, Size},
        draft::Field,
        provider::Provider,
        spec::{Gpu, NodePool, NodePoolDraft},
    },
    cloud::sizes::{Machines, SIZE, cpu, gpu},
    wire::structpb::Struct,
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
    match pool.machines_on(Provider::GCP).first() {
        Some(name) => Some(name),
        None => by_size(pool.gpu.as_ref(), pool.size),
    }
}

/// The same, while some of the pool may be unsound.
pub(super) fn of_draft(pool: &NodePoolDraft) -> Field<Option<&str>> {
    if let Some(name) = pool.machines_on(Provider::GCP)?.first() {
        return Ok(Some(name.as_ref()?));
    }
    let gpu = pool.gpu.get()?.map(Result::as_ref).transpose()?;
    Ok(by_size(gpu, pool.size?))
}

/// The machine type of an existing node pool.
pub(super) fn of_object(pool: &Struct) -> Option<&str> {
    pool.str_at("spec.forProvider.nodeConfig.machineType")
}

/// Machine types for general purposes that are as large as one of them. Each of these families comes in all sizes (Compute Engine
/// documentation, "General-purpose machine family").
pub(super) fn like(name: &str) -> Vec<String> {
    const GENERAL: [&str; 4] = ["n2", "n4", "n2d", "e2"];
    let Some((family, vcpu)) = name.split_once("-standard-") else {
        return Vec::new();
    };
    if !GENERAL.contains(&family) {
        return Vec::new();
    }
    let others = GENERAL.iter().filter(|other| **other != family);
    others
        .map(|other| format!("{other}-standard-{vcpu}"))
        .collect()
}

fn by_size(gpu: Option<&Gpu>, size: Option<Size>) -> Option<&'static str> {
    let machine = match gpu {
        Some(gpu) => MACHINES.for_gpu(gpu, size),
        None => MACHINES.of_size(size.unwrap_or(SIZE)).first(),
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

/// The model in a machine type that comes with GPUs of a model that pools can ask for. From the accelerator families' pages in the
/// Compute Engine documentation. N1 machines take other models alone.
pub(super) fn model_in(name: &str) -> Option<GpuModel> {
    const SERIES: [(&str, GpuModel); 7] = [
        ("g2-", GpuModel::L4),
        ("a2-highgpu-", GpuModel::A100),
        ("a2-megagpu-", GpuModel::A100),
        ("a2-ultragpu-", GpuModel::A100Large),
        ("a3-highgpu-", GpuModel::H100),
        ("a3-edgegpu-", GpuModel::H100),
        ("a3-ultragpu-", GpuModel::H200),
    ];
    let mut series = SERIES.iter();
    let found = series.find(|(series, _)| name.starts_with(series));
    found.map(|(_, model)| *model)
}

/// How many GPUs a machine type comes with, where its name tells: in `a2-highgpu-4g` it is the number at the end, and G2 has few.
pub(super) fn gpus_in(name: &str) -> Option<u32> {
    let last = name.rsplit('-').next().unwrap_or_default();
    if let Some(vcpu) = name.strip_prefix("g2-standard-") {
        return match vcpu {
            "4" | "8" | "12" | "16" | "32" => Some(1),
            "24" => Some(2),
            "48" => Some(4),
            "96" => Some(8),
            _ => None,
        };
    }
    last.strip_suffix('g')?.parse().ok()
}

/// Whether a machine type comes with GPUs: the families a and g.
pub(super) fn has_gpu(name: &str) -> bool {
    let family = name.split('-').next().unwrap_or_default();
    matches!(family, "a2" | "a3" | "a4" | "a4x" | "g2" | "g4")
}
