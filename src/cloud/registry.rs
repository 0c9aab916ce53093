//! The clouds that there are: the one place that names them all.

use super::{aws::Aws, gcp::Gcp, interface::Cloud};
use crate::{
    api::provider::{Known, Provider},
    cost::Billing,
};

/// Clouds that a function knows.
#[derive(Clone, Copy)]
pub struct Clouds(&'static [&'static dyn Cloud]);

impl Clouds {
    /// All clouds.
    pub const ALL: Self = Self(&[&Aws, &Gcp]);

    /// Some clouds.
    pub const fn new(clouds: &'static [&'static dyn Cloud]) -> Self {
        Self(clouds)
    }

    /// The cloud of a name.
    pub fn of(self, provider: Provider) -> Option<&'static dyn Cloud> {
        self.iter().find(|cloud| cloud.provider() == provider)
    }

    /// Each cloud.
    pub fn iter(self) -> impl Iterator<Item = &'static dyn Cloud> {
        self.0.iter().copied()
    }

    /// What the API has to know of them.
    pub fn known(self) -> Vec<Known> {
        self.iter().map(|cloud| cloud.known()).collect()
    }

    /// The same clouds as those who bill.
    pub fn billing(self) -> Vec<&'static dyn Billing> {
        self.iter().map(|cloud| cloud as &dyn Billing).collect()
    }
}
