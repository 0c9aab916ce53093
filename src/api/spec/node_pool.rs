//! Node pools.

use std::{collections::BTreeMap, slice};

use serde::Serialize;

use crate::api::{
    choice::{Capacity, GpuModel, Size, TaintEffect},
    defaults,
    provider::{Clouds, MachineNames, PerCloud, Provider},
    reader::Object,
    rules,
};

/// Most nodes in a pool: the largest that both clouds take without a quota increase.
const MOST_NODES: u32 = 450;
/// Most labels and taints of a pool.
const MOST_ITEMS: usize = 40;

/// A group of equal nodes that scales together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodePool {
    /// Its name, unique in the cluster.
    pub name: String,
    /// Hardware by name, equal on both clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Hardware by each cloud's own name.
    #[serde(skip_serializing_if = "PerCloud::is_empty")]
    pub machine_types: PerCloud<MachineTypes>,
    /// GPUs per node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<Gpu>,
    /// Fewest nodes, over all zones.
    pub min: u32,
    /// Most nodes, over all zones.
    pub max: u32,
    /// How the nodes are bought.
    pub capacity: Capacity,
    /// Root disk, in GiB.
    #[serde(rename = "diskGiB")]
    pub disk_gib: u32,
    /// Kubernetes node labels.
    pub labels: BTreeMap<String, String>,
    /// Kubernetes node taints.
    pub taints: Vec<Taint>,
    /// Extra nodes during an upgrade.
    pub max_surge: u32,
    /// Nodes that may be missing during an upgrade.
    pub max_unavailable: u32,
    /// Whether the cluster is Ready only when this pool is.
    pub required: bool,
}

impl NodePool {
    /// The machine types that it names on a cloud.
    pub fn machines_on(&self, provider: Provider) -> &[String] {
        self.machine_types
            .get(&provider)
            .map_or(&[], MachineTypes::names)
    }

    /// Whether it names machine types, but none of this cloud.
    pub fn names_others_than(&self, provider: Provider) -> bool {
        !self.machine_types.is_empty() && self.machines_on(provider).is_empty()
    }

    /// Whether its nodes take Pods without tolerations: system Pods can run on them.
    pub fn takes_system_pods(&self) -> bool {
        let mut taints = self.taints.iter();
        self.gpu.is_none() && taints.all(|taint| taint.effect == TaintEffect::PreferNoSchedule)
    }
}

/// Machine types by a cloud's own names, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum MachineTypes {
    /// One name.
    One(String),
    /// A list, best first; more than one helps spot capacity.
    Several(Vec<String>),
}

impl MachineTypes {
    /// The names, best first.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// GPUs of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gpu {
    /// The model.
    #[serde(rename = "type")]
    pub model: GpuModel,
    /// How many a node has.
    pub count: u32,
}

/// A Kubernetes node taint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value; may be empty.
    pub value: String,
    /// What it does.
    pub effect: TaintEffect,
}

pub(super) fn node_pool(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> Option<NodePool> {
    let name = object
        .need("name", "give the pool a name such as general")
        .string_that(&rules::POOL);
    let size = object.choice("size");
    let machine_types = machine_types(object.object("machineTypes"), clouds);
    let gpu = object.optional_object("gpu").and_then(gpu);
    let min = object
        .need("min", "set the fewest nodes over all zones, such as 2")
        .integer(&(0..=MOST_NODES));
    let max = object
        .need("max", "set the most nodes over all zones, such as 10")
        .integer(&(1..=MOST_NODES));
    let capacity: Capacity = object.choice("capacity").unwrap_or(defaults::CAPACITY);
    let disk_gib = object.integer("diskGiB", &(50..=16_000));
    let labels = object.map_that(
        "labels",
        MOST_ITEMS,
        &rules::NODE_LABEL_KEY,
        &rules::LABEL_VALUE,
    );
    let taints = taints(&mut object);
    let max_surge = object.integer("maxSurge", &(0..=20));
    let max_unavailable = object.integer("maxUnavailable", &(0..=20));
    let required = object.switch("required");
    object.finish();
    let required_by_default = defaults::required(capacity, gpu.is_some());
    Some(NodePool {
        name: name?,
        size,
        machine_types,
        gpu,
        min: min?,
        max: max?,
        capacity,
        disk_gib: disk_gib.unwrap_or(defaults::DISK_GIB),
        labels,
        taints,
        max_surge: max_surge.unwrap_or(defaults::MAX_SURGE),
        max_unavailable: max_unavailable.unwrap_or(defaults::MAX_UNAVAILABLE),
        required: required.unwrap_or(required_by_default),
    })
}

fn machine_types(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> PerCloud<MachineTypes> {
    let mut found = PerCloud::new();
    for cloud in clouds {
        let key = cloud.provider.name();
        let types = match cloud.machine_types {
            MachineNames::One => {
                let name = object.string_that(key, &rules::MACHINE_TYPE);
                name.map(MachineTypes::One)
            }
            MachineNames::Several(most) => {
                let names = object.strings_that(key, most, &rules::MACHINE_TYPE);
                Some(MachineTypes::Several(names)).filter(|types| !types.names().is_empty())
            }
        };
        found.extend(types.map(|types| (cloud.provider, types)));
    }
    object.finish();
    found
}

fn gpu(mut object: Object<'_, '_>) -> Option<Gpu> {
    let model = object
        .need("type", "name the GPU, such as nvidia-l4")
        .choice();
    let count = object
        .need("count", "say how many a node has, such as 1")
        .integer(&(1..=8));
    object.finish();
    Some(Gpu {
        model: model?,
        count: count?,
    })
}

fn taints(object: &mut Object<'_, '_>) -> Vec<Taint> {
    let mut found = Vec::new();
    for (path, item) in object.list("taints", MOST_ITEMS) {
        let mut taint = object.child(path, item);
        let key = taint
            .need("key", "give the taint a key")
            .string_that(&rules::TAINT_KEY);
        let value = taint.string_that("value", &rules::LABEL_VALUE);
        let effect = taint
            .need("effect", "use NoSchedule, PreferNoSchedule or NoExecute")
            .choice();
        taint.finish();
        if let (Some(key), Some(effect)) = (key, effect) {
            found.push(Taint {
                key,
                value: value.unwrap_or_else(|| defaults::TAINT_VALUE.to_owned()),
                effect,
            });
        }
    }
    found
}
