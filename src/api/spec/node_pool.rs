//! Node pools.

use std::{collections::BTreeMap, slice};

use serde::Serialize;

use crate::api::{
    choice::{Capacity, GpuModel, Size, TaintEffect},
    defaults,
    draft::{Draft, Entries, Field, Flawless, Items, Maybe, drafted},
    provider::{Clouds, MachineNames, PerCloud, Provider},
    reader::{Object, Optional as _},
    rules,
};

/// Most nodes in a pool: the largest that both clouds take without a quota increase.
const MOST_NODES: u32 = 450;
/// Most zones of a pool: as many as a cluster has.
const MOST_ZONES: usize = 3;
/// Most labels and taints of a pool.
const MOST_ITEMS: usize = 40;

drafted! {
    /// A group of equal nodes that scales together.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct NodePool, NodePoolDraft {
        /// Its name, unique in the cluster.
        pub name: String,
        /// Hardware by name, equal on both clouds.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub size: Option<Size>,
        /// Hardware by each cloud's own name.
        #[serde(skip_serializing_if = "PerCloud::is_empty")]
        pub machine_types: PerCloud<MachineTypes> = Entries<Provider, MachineTypesDraft>,
        /// GPUs per node.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub gpu: Option<Gpu> = Maybe<Field<Gpu>>,
        /// The zones of its nodes, instead of the cluster's.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub zones: Vec<String> = Items<Field<String>>,
        /// Fewest nodes, over all zones.
        pub min: u32,
        /// Most nodes, over all zones.
        pub max: u32,
        /// How the nodes are bought.
        pub capacity: Capacity,
        /// Root disk, in GiB.
        #[serde(rename = "diskGiB")]
        pub disk_gib: u32,
        /// The type of the root disk, by each cloud's own name.
        #[serde(skip_serializing_if = "PerCloud::is_empty")]
        pub disk_type: PerCloud<&'static str> = Entries<Provider, Field<&'static str>>,
        /// Kubernetes node labels.
        pub labels: BTreeMap<String, String> = Entries<String, Field<String>>,
        /// Kubernetes node taints.
        pub taints: Vec<Taint> = Items<Field<Taint>>,
        /// Extra nodes during an upgrade.
        pub max_surge: u32,
        /// Nodes that may be missing during an upgrade.
        pub max_unavailable: u32,
        /// Whether the cluster is Ready only when this pool is.
        pub required: bool,
    }
}

impl NodePool {
    /// The machine types that it names on a cloud.
    pub fn machines_on(&self, provider: Provider) -> &[String] {
        self.machine_types
            .get(&provider)
            .map_or(&[], MachineTypes::names)
    }

    /// The type of its disks that it names on a cloud.
    pub fn disk_on(&self, provider: Provider) -> Option<&'static str> {
        self.disk_type.get(&provider).copied()
    }

    /// Its own zones, sorted: they are a set. None are the cluster's.
    pub fn own_zones(&self) -> Option<Vec<String>> {
        let mut zones = self.zones.clone();
        zones.sort_unstable();
        (!zones.is_empty()).then_some(zones)
    }

    /// Whether it names machine types, but none of this cloud.
    pub fn names_others_than(&self, provider: Provider) -> bool {
        names_others_than(provider, &self.machine_types)
    }

    /// Whether its nodes take Pods without tolerations: system Pods can run on them.
    pub fn takes_system_pods(&self) -> bool {
        self.gpu.is_none() && !self.taints.iter().any(Taint::repels)
    }
}

impl NodePoolDraft {
    /// The machine types that it names on a cloud.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when they are no such names.
    pub fn machines_on(&self, provider: Provider) -> Field<&[Field<String>]> {
        match self.machine_types.get()?.get(&provider) {
            None => Ok(&[]),
            Some(MachineTypesDraft::One(name)) => Ok(slice::from_ref(name)),
            Some(MachineTypesDraft::Several(names)) => names.get(),
        }
    }

    /// Whether it names machine types, but none of this cloud.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when they are no such names.
    pub fn names_others_than(&self, provider: Provider) -> Field<bool> {
        Ok(names_others_than(provider, self.machine_types.get()?))
    }

    /// Whether it has a node that takes Pods without tolerations, at any time.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when a field that decides it is.
    pub fn hosts_system_pods(&self) -> Field<bool> {
        let has_gpu = matches!(self.gpu.get(), Ok(Some(_)));
        let mut taints = self.taints.get().into_iter().flatten().flatten();
        if has_gpu || self.min == Ok(0) || taints.any(Taint::repels) {
            return Ok(false);
        }
        self.gpu.get()?;
        self.min?;
        self.taints.all()?;
        Ok(true)
    }
}

fn names_others_than<T>(provider: Provider, types: &PerCloud<T>) -> bool {
    !types.is_empty() && !types.contains_key(&provider)
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

/// [`MachineTypes`], as far as they are sound.
#[derive(Debug)]
pub enum MachineTypesDraft {
    /// One name.
    One(Field<String>),
    /// A list.
    Several(Items<Field<String>>),
}

impl Draft for MachineTypesDraft {
    type Whole = MachineTypes;

    fn whole(self, flawless: &Flawless) -> Field<MachineTypes> {
        match self {
            Self::One(name) => Ok(MachineTypes::One(name?)),
            Self::Several(names) => Ok(MachineTypes::Several(names.whole(flawless)?)),
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

impl Taint {
    /// Whether it keeps Pods without tolerations away.
    pub fn repels(&self) -> bool {
        self.effect != TaintEffect::PreferNoSchedule
    }
}

pub(super) fn node_pool(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> NodePoolDraft {
    let name = object
        .need("name", "give the pool a name such as general")
        .string_that(&rules::POOL);
    let gpu = object.optional_object("gpu", gpu);
    let capacity = object.choice("capacity").default_to(defaults::CAPACITY);
    let required = object.switch("required");
    let [max_surge, max_unavailable] =
        ["maxSurge", "maxUnavailable"].map(|key| object.integer(key, &(0..=20)));
    let draft = NodePoolDraft {
        name,
        size: object.choice("size"),
        machine_types: machine_types(object.object("machineTypes"), clouds),
        zones: object.strings_that("zones", MOST_ZONES, &rules::ZONE),
        min: object
            .need("min", "set the fewest nodes over all zones, such as 2")
            .integer(&(0..=MOST_NODES)),
        max: object
            .need("max", "set the most nodes over all zones, such as 10")
            .integer(&(1..=MOST_NODES)),
        disk_gib: object
            .integer("diskGiB", &(50..=16_000))
            .default_to(defaults::DISK_GIB),
        disk_type: disk_type(object.object("diskType"), clouds),
        labels: labels(&mut object),
        taints: object.items("taints", MOST_ITEMS, |pool, path, item| {
            taint(pool.child(path, item))
        }),
        max_surge: by_gpu(max_surge, &gpu, defaults::max_surge),
        max_unavailable: by_gpu(max_unavailable, &gpu, defaults::max_unavailable),
        required: required.and_then(|required| match required {
            Some(required) => Ok(required),
            None => Ok(defaults::required(capacity?, gpu.get()?.is_some())),
        }),
        gpu,
        capacity,
    };
    object.finish();
    draft
}

/// A number whose default depends on whether the nodes have GPUs.
fn by_gpu(
    written: Field<Option<u32>>,
    gpu: &Maybe<Field<Gpu>>,
    default: fn(bool) -> u32,
) -> Field<u32> {
    match written? {
        Some(written) => Ok(written),
        None => Ok(default(gpu.get()?.is_some())),
    }
}

fn labels(object: &mut Object<'_, '_>) -> Entries<String, Field<String>> {
    let (keys, values) = (&rules::NODE_LABEL_KEY, &rules::LABEL_VALUE);
    object.map_that("labels", MOST_ITEMS, keys, values)
}

/// Machine types; an empty list is none.
fn machine_types(
    mut object: Object<'_, '_>,
    clouds: Clouds<'_>,
) -> Entries<Provider, MachineTypesDraft> {
    let mut found = PerCloud::new();
    for cloud in clouds {
        let key = cloud.provider.name();
        let types = match cloud.machine_types {
            MachineNames::One => {
                let name = object.string_that(key, &rules::MACHINE_TYPE);
                name.transpose().map(MachineTypesDraft::One)
            }
            MachineNames::Several(most) => {
                let names = object.strings_that(key, most, &rules::MACHINE_TYPE);
                let is_empty = names.get().is_ok_and(<[_]>::is_empty);
                (!is_empty).then_some(MachineTypesDraft::Several(names))
            }
        };
        found.extend(types.map(|types| (cloud.provider, types)));
    }
    object.finish();
    Entries(Ok(found))
}

fn disk_type(
    mut object: Object<'_, '_>,
    clouds: Clouds<'_>,
) -> Entries<Provider, Field<&'static str>> {
    let mut found = PerCloud::new();
    for cloud in clouds {
        let types = cloud.disk_types.iter().map(|name| (*name, *name));
        let named = object.one_of(cloud.provider.name(), types).transpose();
        found.extend(named.map(|named| (cloud.provider, named)));
    }
    object.finish();
    Entries(Ok(found))
}

fn gpu(mut object: Object<'_, '_>) -> Field<Gpu> {
    let model = object
        .need("type", "name the GPU, such as nvidia-l4")
        .choice();
    let count = object
        .need("count", "say how many a node has, such as 1")
        .integer(&(1..=8));
    object.finish();
    Ok(Gpu {
        model: model?,
        count: count?,
    })
}

fn taint(mut object: Object<'_, '_>) -> Field<Taint> {
    let key = object
        .need("key", "give the taint a key")
        .string_that(&rules::TAINT_KEY);
    let value = object
        .string_that("value", &rules::LABEL_VALUE)
        .default_to(defaults::TAINT_VALUE);
    let effect = object
        .need("effect", "use NoSchedule, PreferNoSchedule or NoExecute")
        .choice();
    object.finish();
    Ok(Taint {
        key: key?,
        value: value?,
        effect: effect?,
    })
}
