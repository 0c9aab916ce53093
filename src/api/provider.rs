//! Clouds by name, and what the API has to know of each in order to read what is written for it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    choice::{AuthMode, Choice as _},
    draft::Field,
    reader::Needed,
};

/// A cloud, by its name in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Provider(&'static str);

impl Provider {
    /// Amazon Web Services: EKS.
    pub const AWS: Self = Self("aws");
    /// Google Cloud: GKE.
    pub const GCP: Self = Self("gcp");

    /// A cloud of another name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0
    }
}

/// What the API has to know of a cloud.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name.
    pub provider: Provider,
    /// How pools name its machines.
    pub machine_types: MachineNames,
    /// The types of its nodes' disks, the usual one first.
    pub disk_types: &'static [&'static str],
    /// How Argo CD can log in to its clusters, the default first.
    pub auth_modes: &'static [AuthMode],
}

/// How pools name the machines of a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineNames {
    /// One name.
    One,
    /// A list of at most so many, best first.
    Several(usize),
}

/// The clouds that the API knows.
pub type Clouds<'k> = &'k [Known];

/// What is written for each cloud.
pub type PerCloud<T> = BTreeMap<Provider, T>;

/// The names of clouds, as messages list them.
pub fn names(clouds: Clouds<'_>) -> String {
    let names: Vec<_> = clouds.iter().map(|cloud| cloud.provider.name()).collect();
    names.join(" or ")
}

impl Needed<'_, '_, '_> {
    /// The name of a cloud.
    pub fn provider(self, clouds: Clouds<'_>) -> Field<Provider> {
        let names = clouds
            .iter()
            .map(|cloud| (cloud.provider.name(), cloud.provider));
        self.one_of(names)
    }
}

/// What is wrong with a way to log in that does not reach clusters on a cloud, and the fix.
pub(super) fn wrong_cloud(
    mode: AuthMode,
    provider: Provider,
    clouds: Clouds<'_>,
) -> Option<(String, String)> {
    let cloud = clouds.iter().find(|cloud| cloud.provider == provider);
    let modes = cloud.map_or(&[][..], |cloud| cloud.auth_modes);
    if modes.contains(&mode) {
        return None;
    }
    let names: Vec<_> = modes.iter().map(|mode| mode.name()).collect();
    let problem = format!("does not reach clusters on {}", provider.name());
    Some((problem, format!("use {}", names.join(" or "))))
}
