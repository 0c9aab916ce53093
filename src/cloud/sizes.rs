//! Sizes: what both clouds' machine tables have in common.

use crate::api::{
    asked::{Asked, Checked},
    choice::{GpuModel, Size},
    provider::Provider,
    spec::{Gpu, NodePoolDraft},
};

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

/// The machine types of a cloud.
pub struct Machines {
    /// Those of [`Size::Small`], best first; so for all sizes.
    pub small: &'static [Machine],
    /// Those of [`Size::Medium`].
    pub medium: &'static [Machine],
    /// Those of [`Size::Large`].
    pub large: &'static [Machine],
    /// Those of [`Size::Xlarge`].
    pub xlarge: &'static [Machine],
    /// Those with [`GpuModel::L4`]; so for all models.
    pub l4: &'static [Machine],
    /// Those with [`GpuModel::A100`].
    pub a100: &'static [Machine],
    /// Those with [`GpuModel::A100Large`].
    pub a100_large: &'static [Machine],
    /// Those with [`GpuModel::H100`].
    pub h100: &'static [Machine],
    /// Those with [`GpuModel::H200`].
    pub h200: &'static [Machine],
}

impl Machines {
    /// Machines of a size, best first.
    pub fn of_size(&self, size: Size) -> &'static [Machine] {
        match size {
            Size::Small => self.small,
            Size::Medium => self.medium,
            Size::Large => self.large,
            Size::Xlarge => self.xlarge,
        }
    }

    /// Machines with a GPU model.
    pub fn with_gpu(&self, model: GpuModel) -> &'static [Machine] {
        match model {
            GpuModel::L4 => self.l4,
            GpuModel::A100 => self.a100,
            GpuModel::A100Large => self.a100_large,
            GpuModel::H100 => self.h100,
            GpuModel::H200 => self.h200,
        }
    }

    /// The machine that carries GPUs: of the wanted size where several have as many, else the only one
    /// there is.
    pub fn for_gpu(&self, gpu: &Gpu, size: Option<Size>) -> Option<&'static Machine> {
        let machines = self.with_gpu(gpu.model).iter();
        let fitting: Vec<_> = machines.filter(|it| it.gpus == gpu.count).collect();
        if let [only] = fitting[..] {
            return Some(only).filter(|only| size.is_none_or(|size| only.vcpu == vcpu(size)));
        }
        let wanted = vcpu(size.unwrap_or(GPU_SIZE));
        fitting.into_iter().find(|machine| machine.vcpu == wanted)
    }

    /// Checks that a pool's GPUs are available, unless it names its machine types. These are the machines of
    /// `provider`.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when what it depends on is.
    pub fn check_gpu(
        &self,
        asked: &Asked<'_>,
        path: &str,
        pool: &NodePoolDraft,
        provider: Provider,
    ) -> Checked {
        let Some(gpu) = pool.gpu.get()? else {
            return Ok(());
        };
        let (gpu, size) = (gpu.as_ref()?, pool.size?);
        let named = pool.machines_on(provider)?;
        if named.is_empty() && self.for_gpu(gpu, size).is_none() {
            let cloud = provider.name().to_ascii_uppercase();
            let problem = format!("is not to be had on {cloud} in this count and size");
            let fix = gpu_fix(self.with_gpu(gpu.model));
            asked.refuse(format!("{path}.gpu"), "", problem, fix);
        }
        Ok(())
    }
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

/// What to write instead of GPUs that are not available.
fn gpu_fix(machines: &[Machine]) -> String {
    let offers: Vec<_> = machines
        .iter()
        .map(|machine| format!("count {} with {} vCPU", machine.gpus, machine.vcpu))
        .collect();
    format!("use {}, or machineTypes", offers.join(" or "))
}
